using System.CommandLine;
using HvBindgen.Cli.Printing;
using HvBindgen.Generator;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Files;

namespace HvBindgen.Cli.Running;

/// <summary>What a running command works with: the command line, the terminal, the configuration.</summary>
internal sealed class CommandContext(ParseResult parsed, GlobalOptions globals)
{
    private static Task<LoadedLibClang>? Early;

    private Task<LoadedLibClang>? library;

    /// <summary>The command line.</summary>
    internal ParseResult Parsed { get; } = parsed;

    /// <summary>Where the command prints.</summary>
    internal Terminal Terminal { get; } = new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

    /// <summary>What <c>--libclang</c> names.</summary>
    internal string? LibClang => Parsed.GetValue(globals.LibClang);

    /// <summary>
    /// Begins to load libclang, at the first call, while something else is done: to bind all of it takes the loader as long as clang takes
    /// to parse.
    /// </summary>
    /// <returns>Comes to its end with the library, or with the reason why there is none.</returns>
    internal Task<LoadedLibClang> LoadLibClang() => library ??= LoadAsync();

    /// <summary>Begins it before the command line is read, which names no libclang.</summary>
    internal static void LoadLibClangEarly() => Early = Task.Run(() => LibClangLocator.Load());

    /// <summary>Waits for what was begun early: a process must not end while its loader is at work.</summary>
    internal static void AwaitEarlyLoad()
    {
        if (Early is not null)
        {
            Task.WaitAny(Early);
        }
    }

    private async Task<LoadedLibClang> LoadAsync()
    {
        StageLaps? laps = Times?.Begin();
        LoadedLibClang loaded = await (Early ?? Task.Run(() => LibClangLocator.Load(LibClang))).ConfigureAwait(false);
        laps?.End("loading libclang", loaded.VersionText);
        return loaded;
    }

    /// <summary>Where it is written what the time is spent on; null where nobody asks.</summary>
    internal StageTimes? Times { get; init; }

    /// <summary>Whether <c>--untrusted</c> says that what is read may be anybody's.</summary>
    internal bool IsUntrusted => Parsed.GetValue(globals.Untrusted);

    /// <summary>Time that each parse may take; in a guarded child it is the parent that watches.</summary>
    internal TimeSpan ParseDeadline =>
        RunProgress.IsChild ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(Parsed.GetValue(globals.Deadline));

    /// <summary>The file that <c>--config</c> or the search names; null when there is none.</summary>
    internal string? ConfigurationPath =>
        Parsed.GetValue(globals.Configuration) ?? BindingConfiguration.Find(Directory.GetCurrentDirectory());

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="ConfigurationException">There is none, or it is wrong.</exception>
    internal BindingConfiguration ReadConfiguration()
    {
        string path = ConfigurationPath ?? throw new ConfigurationException(
            $"no {BindingConfiguration.FileName} in headers/, here or in a folder above, up to the top of the repository",
            "Name one with --config, or start one with: hvbindgen init");
        return BindingConfiguration.Read(Shorten(path), BoundsOf(path));
    }

    /// <summary>What a configuration may name: its repository, and what the user allows.</summary>
    /// <param name="path">The configuration.</param>
    internal PathBounds BoundsOf(string path) => PathBounds.Around(path, Parsed.GetValue(globals.AllowPath) ?? []);

    /// <summary>A path as the user would write it: relative to the current folder where that is shorter.</summary>
    internal static string Shorten(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("../..", StringComparison.Ordinal) || relative.Length >= path.Length ? path : relative;
    }
}
