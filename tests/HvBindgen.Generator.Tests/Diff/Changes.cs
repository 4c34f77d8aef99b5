using HvBindgen.Generator.Diff;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Walks changes with everything below them.</summary>
internal static class Changes
{
    internal static IEnumerable<AbiChange> All(AbiDiff diff) => diff.Changes.SelectMany(All);

    internal static IEnumerable<AbiChange> All(AbiChange change)
    {
        yield return change;
        foreach (AbiChange inner in change.Consequences.SelectMany(All))
        {
            yield return inner;
        }
    }
}
