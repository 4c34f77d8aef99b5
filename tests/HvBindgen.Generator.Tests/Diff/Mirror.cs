using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Checks that two results describe the same differences from opposite sides.</summary>
internal static class Mirror
{
    internal static void Check(AbiDiff forwards, AbiDiff backwards)
    {
        foreach (string target in forwards.Targets)
        {
            List<AbiChange> rest = [.. Changes.All(backwards).Where(change => change.Sees(target))];
            foreach (AbiChange change in Changes.All(forwards).Where(change => change.Sees(target)))
            {
                IReadOnlyList<string> mirrors = change.Rule.Mirrors.Count == 0 ? [change.Rule.Id] : change.Rule.Mirrors;
                int found = rest.FindIndex(other => mirrors.Contains(other.Rule.Id) && change.Symbol == other.Symbol);
                found = found >= 0 ? found : rest.FindIndex(other => mirrors.Contains(other.Rule.Id) && SameOwner(change, other));
                Assert.True(found >= 0, $"{target}: {change.Rule.Id} {change.Symbol} has no mirror image among {List(rest)}");
                rest.RemoveAt(found);
            }

            Assert.True(rest.Count == 0, $"{target}: only backwards: {List(rest)}");
        }
    }

    private static string List(List<AbiChange> changes) => string.Join(", ", changes.Select(other => $"{other.Rule.Id} {other.Symbol}"));

    // A renamed declaration is reported under its new name, which is the other one backwards.
    private static bool SameOwner(AbiChange change, AbiChange other) =>
        Last(change) == Last(other) || change.Before.Contains(Last(other), StringComparison.Ordinal)
        || change.After.Contains(Last(other), StringComparison.Ordinal);

    private static string Last(AbiChange change) => change.Symbol[(change.Symbol.LastIndexOf('.') + 1)..];
}
