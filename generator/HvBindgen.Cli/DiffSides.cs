using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Files;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;

namespace HvBindgen.Cli;

/// <summary>Finds the models that one side of a comparison names: snapshots, a configuration, a folder of headers, a revision.</summary>
/// <param name="context">The running command.</param>
/// <param name="selection">Sets and targets that the command line selects.</param>
/// <param name="rules">Configuration by which every side is read, whatever its own says; null where each has its own.</param>
internal sealed class DiffSides(CommandContext context, SelectionOptions selection, BindingConfiguration? rules = null)
{
    private const string Revision = "git:";
    private const string DefaultSnapshots = "headers/abi";

    private readonly Dictionary<string, BindingSet> named = new(StringComparer.Ordinal);
    private readonly Lazy<BindingConfiguration?> current =
        new(() => rules ?? (context.ConfigurationPath is null ? null : context.ReadConfiguration()));

    /// <summary>The models of a side.</summary>
    /// <param name="side">
    /// A snapshot, a folder of snapshots, a configuration, a folder of headers; <c>git:REVISION:PATH</c> for one of these at a revision;
    /// <c>git:REVISION</c> for the snapshots of the configuration at that revision or, if it has none, its headers.
    /// </param>
    /// <exception cref="DiffException">The side names nothing that can be compared.</exception>
    internal IReadOnlyList<AbiModel> Read(string side)
    {
        IReadOnlyList<AbiModel> models = side.StartsWith(Revision, StringComparison.Ordinal) ? ReadRevision(side[Revision.Length..], side)
            : ReadPath(side, side) ?? throw new DiffException($"{side}: no such file or folder; a revision is written git:{side}");
        return Select(models, side);
    }

    /// <summary>
    /// The configured set of that name: of a configuration that is a side, else of the one in use; null when neither knows it.
    /// </summary>
    internal BindingSet? FindSet(string name) =>
        named.GetValueOrDefault(name) ?? current.Value?.Sets.FirstOrDefault(set => set.Name == name);

    private IReadOnlyList<AbiModel>? ReadPath(string path, string label) =>
        Directory.Exists(path) ? ReadFolder(path, label)
        : !File.Exists(path) ? null
        : Path.GetFileName(path) == BindingConfiguration.FileName ? ParseNamed(
            IsRules(path) ? rules! : BindingConfiguration.Read(CommandContext.Shorten(path), context.BoundsOf(path)))
        : [ReadSnapshot(path, label)];

    private bool IsRules(string path) => rules is not null && Path.GetFullPath(path) == Path.GetFullPath(rules.Path);

    private IReadOnlyList<AbiModel> ReadRevision(string text, string side)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string revision = colon < 0 ? text : text[..colon];
        string? path = colon < 0 ? null : text[(colon + 1)..];
        using GitTree tree = new(revision, path ?? context.ConfigurationPath ?? DefaultSnapshots);
        try
        {
            IReadOnlyList<AbiModel>? models =
                path is null ? ReadSnapshotsAt(tree) ?? ReadConfigurationAt(tree, context.ConfigurationPath)
                : Path.GetFileName(path) == BindingConfiguration.FileName ? ReadConfigurationAt(tree, path)
                : tree.Find(path) is { } found ? ReadPath(found, side)
                : null;
            return models ?? throw new DiffException(
                path is null ? $"{side}: neither snapshots nor headers are there at that revision; name a file or folder with "
                    + $"git:{text}:PATH"
                    : $"{side}: there is no {path} at that revision");
        }
        catch (Exception fault)
            when (fault is HeaderParseException or HeadersMissingException or ConfigurationException or SnapshotException)
        {
            throw new DiffException(tree.Readable(fault.Message), fault);
        }
        catch (AggregateException fault)
        {
            throw new DiffException(string.Join('\n', fault.InnerExceptions.Select(inner => tree.Readable(inner.Message))), fault);
        }
    }

    // The folders are those of the revision's own configuration: they may have moved since.
    private List<AbiModel>? ReadSnapshotsAt(GitTree tree)
    {
        IEnumerable<string> folders = ConfigurationAt(tree, context.ConfigurationPath)?.Sets.Select(set => set.SnapshotPath)
            ?? current.Value?.Sets.Select(set => set.SnapshotPath) ?? [DefaultSnapshots];
        List<AbiModel> models = [];
        foreach (string folder in folders.Distinct())
        {
            models.AddRange(tree.Find(folder) is { } found ? Snapshots(found).Select(file => ReadSnapshot(file, tree.Readable(file))) : []);
        }

        return models.Count > 0 ? models : null;
    }

    private IReadOnlyList<AbiModel>? ReadConfigurationAt(GitTree tree, string? path) =>
        ConfigurationAt(tree, path) is { } configuration ? ParseSets(configuration) : null;

    // Paths of the configuration are those of the working tree first, and led to the revision's files then.
    private BindingConfiguration? ConfigurationAt(GitTree tree, string? path)
    {
        if (path is null || tree.Find(path) is not { } file)
        {
            return null;
        }

        BindingConfiguration configuration = IsRules(path)
            ? rules!
            : BindingConfiguration.Read(CommandContext.Shorten(path), File.ReadAllBytes(file), context.BoundsOf(path));
        return configuration with
        {
            LockPath = tree.FindOrKeep(configuration.LockPath),
            Sets = [.. configuration.Sets.Select(set => set with
            {
                IncludePaths = [.. set.IncludePaths.Select(folder => FolderAt(tree, folder))],
                Bounds = set.Bounds! with { Allowed = [.. set.Bounds.Allowed, tree.Root] },
            })],
        };
    }

    // The target's own folder is only known when a target is parsed; the revision is asked for the folder around it.
    private static string FolderAt(GitTree tree, string folder)
    {
        int placeholder = folder.IndexOf("/{", StringComparison.Ordinal);
        return placeholder < 0 ? tree.FindOrKeep(folder) : tree.FindOrKeep(folder[..placeholder]) + folder[placeholder..];
    }

    private IReadOnlyList<AbiModel> ReadFolder(string folder, string label)
    {
        string[] snapshots = Snapshots(folder);
        return snapshots.Length > 0
            ? [.. snapshots.Select(file => ReadSnapshot(file, $"{label}/{Path.GetFileName(file)}"))]
            : ParseFolder(folder, label);
    }

    private static string[] Snapshots(string folder) => [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)];

    private static AbiModel ReadSnapshot(string file, string label)
    {
        string shown = label == file ? CommandContext.Shorten(file) : label;
        return RunProgress.During($"reading {shown}", () => SnapshotReader.Read(SnapshotFiles.Read(file, shown), shown));
    }

    private IReadOnlyList<AbiModel> ParseNamed(BindingConfiguration configuration)
    {
        foreach (BindingSet set in configuration.Sets)
        {
            named[set.Name] = set;
        }

        return ParseSets(configuration);
    }

    private IReadOnlyList<AbiModel> ParseSets(BindingConfiguration configuration) =>
    [
        .. SetParsing.Parse(context, configuration, selection.SetsOf(context.Parsed, configuration), selection.TargetsOf(context.Parsed))
            .SelectMany(set => set.Parsed).Select(parsed => parsed.Model),
    ];

    private IReadOnlyList<AbiModel> ParseFolder(string folder, string label)
    {
        string[] headers =
        [
            .. Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal),
        ];
        if (headers.Length == 0)
        {
            throw new DiffException($"{label}: the folder has neither snapshots nor headers");
        }

        Generator.Clang.LibClangLocator.Load(context.LibClang);
        IReadOnlyList<TargetInfo> targets = selection.TargetsOf(context.Parsed);
        PathBounds bounds = context.BoundsOf(Path.Combine(folder, BindingConfiguration.FileName));
        return
        [
            .. (targets.Count > 0 ? targets : [TargetInfo.Find("x86_64")!])
                .Select(target => RunProgress.During(
                    RunProgress.Parsing(label, target.Name, headers), () =>
                        HeaderParser.Parse(new ParseRequest("headers", target, headers, [folder]) { Bounds = bounds }).Model)),
        ];
    }

    private AbiModel[] Select(IReadOnlyList<AbiModel> models, string side)
    {
        HashSet<string> targets = [.. selection.TargetsOf(context.Parsed).Select(target => target.Name)];
        IReadOnlyList<string> sets = selection.SetNamesOf(context.Parsed);
        AbiModel[] wanted =
        [
            .. models.Where(
                model => (targets.Count == 0 || targets.Contains(model.Target.Name)) && (sets.Count == 0 || sets.Contains(model.Set))),
        ];
        return wanted.Length > 0 ? wanted : throw new DiffException($"{side}: nothing of the named sets and targets is there");
    }
}
