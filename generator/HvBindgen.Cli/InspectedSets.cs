using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;

namespace HvBindgen.Cli;

/// <summary>Reads the committed snapshots of the selected sets: what is asked of them needs neither headers nor libclang.</summary>
internal static class InspectedSets
{
    /// <summary>The sets and targets that the command line selects.</summary>
    /// <exception cref="SnapshotException">A snapshot is missing or unreadable.</exception>
    internal static IReadOnlyList<InspectedSet> Read(CommandContext context, SelectionOptions selection)
    {
        BindingConfiguration configuration = context.ReadConfiguration();
        IReadOnlyList<TargetInfo> targets = selection.TargetsOf(context.Parsed);
        return [.. selection.SetsOf(context.Parsed, configuration).Select(set => Read(set, targets))];
    }

    private static InspectedSet Read(BindingSet set, IReadOnlyList<TargetInfo> targets)
    {
        // The C# of a set is decided by all its targets together, whichever are shown.
        IReadOnlyList<AbiModel> own = [.. set.Targets.Select(target => Read(set, target))];
        IReadOnlyList<AbiModel> shown = targets.Count == 0
            ? own
            : [.. targets.Select(target => own.FirstOrDefault(model => model.Target == target) ?? Read(set, target))];
        return new InspectedSet(set.ToInspectOptions(), own, shown);
    }

    private static AbiModel Read(BindingSet set, TargetInfo target)
    {
        string path = Path.Combine(set.SnapshotPath, SnapshotFormat.FileName(set.Name, target.Name));
        string shown = CommandContext.Shorten(path);
        try
        {
            return SnapshotReader.Read(SnapshotFiles.Read(path, shown), shown);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SnapshotException($"{shown}: there is no snapshot of set {set.Name} for {target.Name}", fault);
        }
    }
}
