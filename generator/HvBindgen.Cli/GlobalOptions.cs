using System.CommandLine;

namespace HvBindgen.Cli;

/// <summary>Options that every command understands.</summary>
internal sealed class GlobalOptions
{
    /// <summary><c>--config</c></summary>
    public Option<string?> Configuration { get; } = new("--config", "-c")
    {
        Description = "Configuration file; by default headers/hvbindgen.json or hvbindgen.json, here or in a folder above.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary><c>--libclang</c></summary>
    public Option<string?> LibClang { get; } = new("--libclang")
    {
        Description = "libclang to use: a file, a folder or a name. Before HVBINDGEN_LIBCLANG.",
        HelpName = "PATH",
        Recursive = true,
    };

    /// <summary><c>--allow-path</c></summary>
    public Option<string[]> AllowPath { get; } = new("--allow-path")
    {
        Description = "Folder outside the repository that its configuration may name. HVBINDGEN_ALLOW_PATH lists more, with colons between them.",
        HelpName = "DIR",
        Recursive = true,
    };
}
