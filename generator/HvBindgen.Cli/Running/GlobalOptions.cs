using System.CommandLine;
using System.CommandLine.Parsing;

namespace HvBindgen.Cli.Running;

/// <summary>Options that every command understands.</summary>
internal sealed class GlobalOptions
{
    /// <summary><c>--config</c></summary>
    internal Option<string?> Configuration { get; } = new("--config", "-c")
    {
        Description = "Configuration file; by default headers/hvbindgen.json or hvbindgen.json, here or in a folder above.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary><c>--libclang</c></summary>
    internal Option<string?> LibClang { get; } = new("--libclang")
    {
        Description = "libclang to use: a file, a folder or a name. Before HVBINDGEN_LIBCLANG.",
        HelpName = "PATH",
        Recursive = true,
    };

    /// <summary><c>--untrusted</c></summary>
    internal Option<bool> Untrusted { get; } = new("--untrusted")
    {
        Description =
            "What is read may be anybody's: work in a child process, with a deadline and a memory limit. history always does, and diff "
                + "but where snapshots alone are compared.",
        Recursive = true,
    };

    /// <summary><c>--deadline</c></summary>
    internal Option<int> Deadline { get; } = new("--deadline")
    {
        Description = "Seconds after which that process is stopped, and elsewhere a parse is given up.",
        HelpName = "SECONDS",
        Recursive = true,
        DefaultValueFactory = _ => 120,
        Validators = { RequireNoNegative },
    };

    /// <summary><c>--memory-limit</c></summary>
    internal Option<int> MemoryLimit { get; } = new("--memory-limit")
    {
        Description = "Megabytes of memory at which it is stopped.",
        HelpName = "MB",
        Recursive = true,
        DefaultValueFactory = _ => 4096,
        Validators = { RequireNoNegative },
    };

    /// <summary><c>--allow-path</c></summary>
    internal Option<string[]> AllowPath { get; } = new("--allow-path")
    {
        Description =
            "Folder outside the repository that its configuration may name. HVBINDGEN_ALLOW_PATH lists more, with colons between them.",
        HelpName = "DIR",
        Recursive = true,
    };

    private static void RequireNoNegative(OptionResult result)
    {
        if (result.GetValueOrDefault<int>() < 0)
        {
            result.AddError($"{result.Option.Name} is a number from 0 on");
        }
    }
}
