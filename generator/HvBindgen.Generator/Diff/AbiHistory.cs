using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>One generation in a history.</summary>
/// <param name="Label">How people call it: a revision, a kernel version, a file.</param>
/// <param name="Models">One model for each target.</param>
public sealed record Generation(string Label, IReadOnlyList<AbiModel> Models);

/// <summary>What a step of a history did to a declaration.</summary>
/// <param name="From">Label of the older generation.</param>
/// <param name="To">Label of the newer generation.</param>
/// <param name="Changes">Changes of the declaration in that step, consequences of other changes included.</param>
public sealed record HistoryStep(string From, string To, EquatableArray<AbiChange> Changes);

/// <summary>The evolution of one declaration over several generations: when it appeared, grew, moved, went.</summary>
public static class AbiHistory
{
    /// <summary>Follows a declaration.</summary>
    /// <param name="symbol">Name of a record, enum, ioctl or constant, or <c>record.field</c>.</param>
    /// <param name="generations">At least two, oldest first.</param>
    /// <param name="options">How to compare; the defaults where null.</param>
    /// <returns>The steps that touched it, oldest first.</returns>
    /// <exception cref="DiffException">Two neighbouring generations cannot be compared.</exception>
    public static IReadOnlyList<HistoryStep> Of(string symbol, IReadOnlyList<Generation> generations, DiffOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generations.Count, 2);
        List<HistoryStep> steps = [];
        for (int index = 1; index < generations.Count; index++)
        {
            (Generation from, Generation to) = (generations[index - 1], generations[index]);
            List<AbiChange> found = [];
            foreach (AbiChange change in AbiDiffer.Compare(from.Models, to.Models, options).Changes)
            {
                Collect(change, symbol, found);
            }

            if (found.Count > 0)
            {
                steps.Add(new HistoryStep(from.Label, to.Label, EquatableArray.From(found)));
            }
        }

        return steps;
    }

    private static void Collect(AbiChange change, string symbol, List<AbiChange> found)
    {
        bool isPart = change.Symbol == symbol
            || (change.Symbol.StartsWith(symbol, StringComparison.Ordinal) && change.Symbol[symbol.Length] == '.');
        if (isPart)
        {
            found.Add(change);
            return;
        }

        foreach (AbiChange consequence in change.Consequences)
        {
            Collect(consequence, symbol, found);
        }
    }
}
