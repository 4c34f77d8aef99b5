using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;

namespace HvBindgen.Cli;

/// <summary>Finds the models that one side of a comparison names: snapshots, a configuration, a folder of headers, a revision.</summary>
internal sealed class DiffSides(CommandContext context, SelectionOptions selection)
{
    private const string Revision = "git:";
    private const string DefaultSnapshots = "headers/abi";

    /// <summary>The models of a side.</summary>
    /// <param name="side">A snapshot, a folder of snapshots, a configuration, a folder of headers, or <c>git:REVISION</c>.</param>
    /// <exception cref="DiffException">The side names nothing that can be compared.</exception>
    public IReadOnlyList<AbiModel> Read(string side)
    {
        IReadOnlyList<AbiModel> models = side.StartsWith(Revision, StringComparison.Ordinal) ? ReadRevision(side[Revision.Length..])
            : Directory.Exists(side) ? ReadFolder(side)
            : File.Exists(side) ? ReadFile(side)
            : throw new DiffException($"{side}: no such file or folder; a revision is written git:{side}");
        return Select(models, side);
    }

    private List<AbiModel> ReadRevision(string revision)
    {
        string folder = context.ConfigurationPath is null ? DefaultSnapshots : context.ReadConfiguration().Sets[0].SnapshotPath;
        List<AbiModel> models = [];
        GitFiles files = new(revision, folder);
        foreach (string file in files.List())
        {
            if (file.EndsWith(".json", StringComparison.Ordinal))
            {
                models.Add(SnapshotReader.Read(files.Read(file), $"{revision}:{file}"));
            }
        }

        return models.Count > 0 ? models : throw new DiffException($"{revision} has no snapshots in {CommandContext.Shorten(folder)}");
    }

    private IReadOnlyList<AbiModel> ReadFolder(string folder)
    {
        string[] snapshots = [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)];
        return snapshots.Length > 0 ? [.. snapshots.Select(ReadSnapshot)] : ParseFolder(folder);
    }

    // A configuration has sets, a snapshot has one name of a set; neither has the other's key.
    private IReadOnlyList<AbiModel> ReadFile(string file) =>
        Path.GetFileName(file) == BindingConfiguration.FileName ? ParseSets(BindingConfiguration.Read(file)) : [ReadSnapshot(file)];

    private static AbiModel ReadSnapshot(string file) => SnapshotReader.Read(File.ReadAllBytes(file), CommandContext.Shorten(file));

    private IReadOnlyList<AbiModel> ParseSets(BindingConfiguration configuration) =>
    [
        .. SetParsing.Parse(context, configuration, selection.SetsOf(context.Parsed, configuration), selection.TargetsOf(context.Parsed))
            .SelectMany(set => set.Parsed).Select(parsed => parsed.Model),
    ];

    private IReadOnlyList<AbiModel> ParseFolder(string folder)
    {
        string[] headers =
        [
            .. Directory.EnumerateFiles(folder, "*.h", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal),
        ];
        if (headers.Length == 0)
        {
            throw new DiffException($"{folder}: the folder has neither snapshots nor headers");
        }

        Generator.Clang.LibClangLocator.Load(context.LibClang);
        IReadOnlyList<TargetInfo> targets = selection.TargetsOf(context.Parsed);
        return
        [
            .. (targets.Count > 0 ? targets : [TargetInfo.Find("x86_64")!])
                .Select(target => HeaderParser.Parse(new ParseRequest("headers", target, headers, [folder])).Model),
        ];
    }

    private AbiModel[] Select(IReadOnlyList<AbiModel> models, string side)
    {
        HashSet<string> targets = [.. selection.TargetsOf(context.Parsed).Select(target => target.Name)];
        IReadOnlyList<string> sets = selection.SetNamesOf(context.Parsed);
        AbiModel[] wanted =
        [
            .. models.Where(model => (targets.Count == 0 || targets.Contains(model.Target.Name)) && (sets.Count == 0 || sets.Contains(model.Set))),
        ];
        return wanted.Length > 0 ? wanted : throw new DiffException($"{side}: nothing of the named sets and targets is there");
    }
}
