using HvBindgen.Cli.Running;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Inspect;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;

namespace HvBindgen.Cli.Sets;

/// <summary>
/// Reads the committed snapshots of the selected sets, or those that the tool carries where there is no configuration: what is asked of
/// them needs neither headers nor libclang.
/// </summary>
internal static class InspectedSets
{
    /// <summary>The sets and targets that the command line selects.</summary>
    /// <param name="context">The command.</param>
    /// <param name="selection">Its options.</param>
    /// <param name="isSilent">Whether nothing is said about where the sets come from.</param>
    /// <exception cref="SnapshotException">A snapshot is missing or unreadable.</exception>
    internal static IReadOnlyList<InspectedSet> Read(CommandContext context, SelectionOptions selection, bool isSilent = false)
    {
        bool isBuiltIn = context.ConfigurationPath is null;
        BindingConfiguration configuration = isBuiltIn ? BuiltInSets.ReadConfiguration() : context.ReadConfiguration();
        IReadOnlyList<TargetInfo> targets = selection.TargetsOf(context.Parsed);
        IReadOnlyList<BindingSet> sets = selection.SetsOf(context.Parsed, configuration);
        if (isBuiltIn && !isSilent)
        {
            string names = string.Join(" and ", sets.Select(set => set.Name));
            context.Terminal.Tell(
                $"note: no {BindingConfiguration.FileName} here; asking what is built in: {names} of Linux {BuiltInSets.KernelVersion}");
        }

        return [.. sets.Select(set => Read(set, targets, isBuiltIn ? BuiltInSets.Read : Read))];
    }

    private static InspectedSet Read(BindingSet set, IReadOnlyList<TargetInfo> targets, Func<BindingSet, TargetInfo, AbiModel> snapshot)
    {
        // The C# of a set is decided by all its targets together, whichever are shown.
        IReadOnlyList<AbiModel> own = [.. set.Targets.Select(target => snapshot(set, target))];
        IReadOnlyList<AbiModel> shown = targets.Count == 0
            ? own
            : [.. targets.Select(target => own.FirstOrDefault(model => model.Target == target) ?? snapshot(set, target))];
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
