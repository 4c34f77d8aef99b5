using HvBindgen.Cli.Running;
using HvBindgen.Cli.Sets;
using HvBindgen.Generator;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;

namespace HvBindgen.Cli.Sides;

/// <summary>Finds the models that one side of a comparison names: snapshots, a configuration, a folder of headers, a revision.</summary>
/// <param name="context">The running command.</param>
/// <param name="selection">Sets and targets that the command line selects.</param>
/// <param name="rules">Configuration by which every side is read, whatever its own says; null where each has its own.</param>
/// <param name="folders">Folders that are searched by headers without a configuration.</param>
/// <param name="defines">Macros defined for them.</param>
internal sealed class DiffSides(
    CommandContext context, SelectionOptions selection, BindingConfiguration? rules = null, IReadOnlyList<string>? folders = null,
    IReadOnlyList<string>? defines = null) : IDisposable
{
    private const string Revision = "git:";
    private const string DefaultSnapshots = "headers/abi";

    private readonly List<GitTree> revisions = [];
    private readonly Dictionary<string, BindingSet> named = new(StringComparer.Ordinal);
    private readonly Lazy<BindingConfiguration?> current =
        new(() => rules ?? (context.ConfigurationPath is null ? null : context.ReadConfiguration()));

    /// <summary>Whether a side is a snapshot or a folder of snapshots, so that neither git nor a header is needed to read it.</summary>
    internal static bool IsOfSnapshots(string side)
    {
        try
        {
            return !side.StartsWith(Revision, StringComparison.Ordinal)
                && (Directory.Exists(side) ? Snapshots(side).Length > 0
                    : File.Exists(side) && SideFiles.KindOf(side) == SideFileKind.Snapshot);
        }
        catch (Exception fault) when (fault is DiffException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>What a side is.</summary>
    /// <param name="side">
    /// A snapshot, a folder of snapshots, a configuration, a header, a folder of headers; <c>git:REVISION:PATH</c> for one of these at a
    /// revision; <c>git:REVISION</c> for the snapshots of the configuration at that revision or, if it has none, its headers.
    /// </param>
    /// <exception cref="DiffException">The side names nothing that can be compared.</exception>
    internal DiffSide Open(string side) => Selected(Find(side), side);

    /// <summary>What both sides of a comparison are. Snapshots are read at once, and the configuration beside them.</summary>
    /// <param name="before">As for <see cref="Open(string)"/>.</param>
    /// <param name="after">Likewise.</param>
    /// <exception cref="DiffException">A side names nothing that can be compared; if neither does, the first.</exception>
    internal (DiffSide Before, DiffSide After) Open(string before, string after)
    {
        if (!IsOfSnapshots(before) || !IsOfSnapshots(after))
        {
            return (Open(before), Open(after));
        }

        _ = Beside(() => current.Value);
        Task<DiffSide> other = Beside(() => Find(after));
        DiffSide first = Selected(Find(before), before);
        return (first, Selected(other.GetAwaiter().GetResult(), after));
    }

    /// <summary>The models of a side, all of which must be readable; headers without a configuration are one set.</summary>
    /// <param name="side">As for <see cref="Open(string)"/>.</param>
    /// <exception cref="DiffException">The side names nothing that can be compared, or a set of it cannot be read.</exception>
    internal IReadOnlyList<AbiModel> Read(string side)
    {
        DiffSide opened = Open(side);
        RequireUse(opened);
        return opened switch
        {
            ModelSide { Unjudged: [var first, ..] } => throw new DiffException($"{side}: {first.Set}: {first.Reason}"),
            ModelSide models => models.Models,
            TreeSide { Tree: var tree } => ParseAsOne(tree, side),
            _ => throw new DiffException($"{side}: nothing that can be compared"),
        };
    }

    /// <summary>Refuses options that are for another kind of side than those that there are: they would do nothing.</summary>
    /// <param name="opened">All sides.</param>
    /// <exception cref="DiffException">An option is for headers without a configuration, or for sets of one.</exception>
    internal void RequireUse(params IReadOnlyList<DiffSide> opened)
    {
        if ((folders is { Count: > 0 } || defines is { Count: > 0 }) && !opened.Any(side => side is TreeSide))
        {
            throw new DiffException(
                $"{string.Join(" and ", opened.Select(side => $"{side.Label} is {side.Kind}"))}: --include and --define do nothing here, "
                    + "they are for headers without a configuration");
        }

        if (selection.SetNamesOf(context.Parsed).Count > 0 && opened.FirstOrDefault(side => side is TreeSide) is { } tree)
        {
            throw new DiffException($"{tree.Label} is {tree.Kind}: --set does nothing here, it selects sets of a configuration");
        }
    }

    /// <summary>Removes the files of revisions.</summary>
    public void Dispose() => revisions.ForEach(tree => tree.Dispose());

    /// <summary>
    /// The configured set of that name: of a configuration that is a side, else of the one in use; null when neither knows it.
    /// </summary>
    internal BindingSet? FindSet(string name) =>
        named.GetValueOrDefault(name) ?? current.Value?.Sets.FirstOrDefault(set => set.Name == name);

    // On a thread of its own: the pool would have to be started for two pieces of work. What goes wrong is told to who asks for the result.
    private static Task<T> Beside<T>(Func<T> read) =>
        Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private DiffSide Find(string side) => side.StartsWith(Revision, StringComparison.Ordinal) ? ReadRevision(side[Revision.Length..], side)
        : ReadPath(side, side) ?? throw new DiffException($"{side}: no such file or folder; a revision is written git:{side}");

    private DiffSide Selected(DiffSide found, string side) =>
        found is ModelSide models ? models with { Models = Select(models, side) } : found;

    private DiffSide? ReadPath(string path, string label, GitTree? tree = null)
    {
        if (Directory.Exists(path))
        {
            return ReadFolder(path, label, tree);
        }

        if (!File.Exists(path))
        {
            return null;
        }

        return SideFiles.KindOf(path) switch
        {
            SideFileKind.Configuration => ParseNamed(
                label, IsRules(path) ? rules! : BindingConfiguration.Read(CommandContext.Shorten(path), context.BoundsOf(path))),
            SideFileKind.Header => new TreeSide(label, Completed(IncludeTree.OfHeader(path, context.BoundsOf(path)), tree)),
            _ => new ModelSide(label, [ReadSnapshot(path, label)], []) { IsOfSnapshots = true },
        };
    }

    private IncludeTree Completed(IncludeTree bare, GitTree? tree) => bare with
    {
        More = [.. (folders ?? []).Select(folder => Path.GetFullPath(tree?.FindOrKeep(folder) ?? folder))],
        Defines = defines ?? [],
        Bounds = tree is null ? bare.Bounds : bare.Bounds with { Allowed = [.. bare.Bounds.Allowed, tree.Root] },
        Readable = tree is null ? CommandContext.Shorten : tree.Readable,
    };

    private bool IsRules(string path) => rules is not null && Path.GetFullPath(path) == Path.GetFullPath(rules.Path);

    private DiffSide ReadRevision(string text, string side)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string revision = colon < 0 ? text : text[..colon];
        string? path = colon < 0 ? null : text[(colon + 1)..];
        GitTree tree = new(revision, path ?? context.ConfigurationPath ?? DefaultSnapshots);
        revisions.Add(tree);
        try
        {
            DiffSide? found =
                path is null ? ReadSnapshotsAt(tree, side) ?? ReadConfigurationAt(tree, side, context.ConfigurationPath)
                    ?? ReadWithCurrent(tree, side)
                : tree.Find(path) is not { } file ? null
                : File.Exists(file) && SideFiles.KindOf(file) == SideFileKind.Configuration ? ReadConfigurationAt(tree, side, path)
                : ReadPath(file, side, tree);
            string[] commit = revision.StartsWith(tree.Commit, StringComparison.Ordinal) ? [] : [tree.Commit];
            return found is not null ? found with { Origin = [.. found.Origin, .. commit] } : throw new DiffException(
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
    private ModelSide? ReadSnapshotsAt(GitTree tree, string side)
    {
        IEnumerable<string> folders = ConfigurationAt(tree, context.ConfigurationPath)?.Sets.Select(set => set.SnapshotPath)
            ?? current.Value?.Sets.Select(set => set.SnapshotPath) ?? [DefaultSnapshots];
        List<AbiModel> models = [];
        foreach (string folder in folders.Distinct())
        {
            models.AddRange(tree.Find(folder) is { } found ? Snapshots(found).Select(file => ReadSnapshot(file, tree.Readable(file))) : []);
        }

        return models.Count > 0 ? new ModelSide(side, models, []) { IsOfSnapshots = true } : null;
    }

    private ModelSide? ReadConfigurationAt(GitTree tree, string side, string? path) =>
        ConfigurationAt(tree, path) is { } configuration ? ParseSets(side, configuration, tree.Readable) : null;

    // A revision from before there was a configuration is read by today's, where it has the headers.
    private ModelSide? ReadWithCurrent(GitTree tree, string side) =>
        current.Value is { } configuration
            && configuration.Sets.Any(set => set.IncludePaths.Any(folder => tree.Find(Outside(folder)) is not null))
            ? ParseSets(side, At(tree, configuration), tree.Readable)
            : null;

    // Paths of the configuration are those of the working tree first, and led to the revision's files then.
    private BindingConfiguration? ConfigurationAt(GitTree tree, string? path)
    {
        if (path is null || tree.Find(path) is not { } file)
        {
            return null;
        }

        BindingConfiguration configuration = IsRules(path)
            ? rules!
            : BindingConfiguration.Read(
                CommandContext.Shorten(path), tree.Read(file, BindingConfiguration.MostBytes), context.BoundsOf(path));
        return At(tree, configuration);
    }

    private static BindingConfiguration At(GitTree tree, BindingConfiguration configuration) => configuration with
    {
        LockPath = tree.FindOrKeep(configuration.LockPath),
        Sets =
        [
            .. configuration.Sets.Select(set => set with
            {
                IncludePaths = [.. set.IncludePaths.Select(folder => FolderAt(tree, folder))],
                Bounds = set.Bounds! with { Allowed = [.. set.Bounds.Allowed, tree.Root] },
            }),
        ],
    };

    // The target's own folder is only known when a target is parsed; the revision is asked for the folder around it.
    private static string FolderAt(GitTree tree, string folder) => tree.FindOrKeep(Outside(folder)) + folder[Outside(folder).Length..];

    private static string Outside(string folder)
    {
        int placeholder = folder.IndexOf("/{", StringComparison.Ordinal);
        return placeholder < 0 ? folder : folder[..placeholder];
    }

    private DiffSide ReadFolder(string folder, string label, GitTree? tree)
    {
        string[] snapshots = Snapshots(folder);
        if (snapshots.Length > 0)
        {
            return new ModelSide(label, [.. snapshots.Select(file => ReadSnapshot(file, $"{label}/{Path.GetFileName(file)}"))], [])
            {
                IsOfSnapshots = true,
            };
        }

        return Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories).Any()
            ? new TreeSide(
                label,
                Completed(
                    new IncludeTree(Path.GetFullPath(folder), context.BoundsOf(Path.Combine(folder, BindingConfiguration.FileName))),
                    tree))
            {
                Origin = KernelVersion.Of(folder),
            }
            : throw new DiffException($"{label}: the folder has neither snapshots nor headers");
    }

    private static string[] Snapshots(string folder) => [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)];

    private static AbiModel ReadSnapshot(string file, string label)
    {
        string shown = label == file ? CommandContext.Shorten(file) : label;
        return RunProgress.During($"reading {shown}", () => SnapshotReader.Read(SnapshotFiles.Read(file, shown), shown));
    }

    private ModelSide ParseNamed(string label, BindingConfiguration configuration)
    {
        foreach (BindingSet set in configuration.Sets)
        {
            named[set.Name] = set;
        }

        return ParseSets(label, configuration, static text => text);
    }

    // A set that cannot be read is no reason to be silent about the others, unless there are none.
    private ModelSide ParseSets(string label, BindingConfiguration configuration, Func<string, string> readable)
    {
        (IReadOnlyList<ParsedSet> parsed, IReadOnlyList<SetFault> faults) = SetParsing.ParseEach(
            context, configuration, selection.SetsOf(context.Parsed, configuration), selection.TargetsOf(context.Parsed));
        if (parsed.Count == 0 && faults.Count > 0)
        {
            throw new AggregateException(faults.Select(fault => fault.Fault));
        }

        return new ModelSide(
            label,
            [.. parsed.SelectMany(set => set.Parsed).Select(one => one.Model)],
            [
                .. faults.GroupBy(fault => fault.Set.Name).Select(of => new Unjudged(
                    of.Key, VisibleText.Of(OneLine(readable(of.First().Fault.Message))))
                {
                    Cause = CauseOf(of.First().Fault),
                    Targets = parsed.Any(set => set.Set.Name == of.Key)
                        ? EquatableArray.From([.. of.Select(fault => fault.Target!.Name)])
                        : [],
                }),
            ])
        {
            Defines = parsed.SelectMany(set => set.Targets.Select(target => (set.Set, Target: target))).ToDictionary(
                one => (one.Set.Name, one.Target.Name), one => string.Join(' ', one.Set.DefinesFor(one.Target))),
            Origin =
            [
                .. configuration.Sets.Select(set => HeaderInputs.OriginOf(configuration, set))
                    .Where(origin => origin.Length > 0).Distinct(),
            ],
        };
    }

    private static string CauseOf(Exception fault) =>
        fault is HeaderParseException parse ? parse.Cause : VisibleText.Of(OneLine(fault.Message));

    // The first fault; the rest says the same again, or is told by generate.
    private static string OneLine(string message) => string.Join(
        ' ', message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(2));

    private IReadOnlyList<AbiModel> ParseAsOne(IncludeTree tree, string label)
    {
        Generator.Clang.LibClangLocator.Load(context.LibClang);
        IReadOnlyList<TargetInfo> targets = Targets;
        return
        [
            .. targets.Select(target =>
            {
                IReadOnlyList<string> headers = tree.HeadersFor(target);
                ParseRequest request = new("headers", target, headers, tree.FoldersFor(target))
                {
                    Bounds = tree.Bounds,
                    Defines = tree.Defines,
                };
                return GuardedParse.Parse(context, label, request).Model;
            }),
        ];
    }

    /// <summary>The machines that headers without a configuration are read for.</summary>
    internal IReadOnlyList<TargetInfo> Targets =>
        selection.TargetsOf(context.Parsed) is { Count: > 0 } targets ? targets : [TargetInfo.Find("x86_64")!];

    private AbiModel[] Select(ModelSide side, string label)
    {
        HashSet<string> targets = [.. selection.TargetsOf(context.Parsed).Select(target => target.Name)];
        IReadOnlyList<string> sets = selection.SetNamesOf(context.Parsed);
        AbiModel[] wanted =
        [
            .. side.Models.Where(
                model => (targets.Count == 0 || targets.Contains(model.Target.Name)) && (sets.Count == 0 || sets.Contains(model.Set))),
        ];
        return wanted.Length > 0 ? wanted : throw new DiffException($"{label}: nothing of the named sets and targets is there");
    }
}
