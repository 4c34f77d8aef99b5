using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>One generation in a history.</summary>
/// <param name="Label">How people call it: a revision, a kernel version, a file.</param>
/// <param name="Models">One model for each target.</param>
public sealed record Generation(string Label, IReadOnlyList<AbiModel> Models);

/// <summary>What a step of a history did to a declaration.</summary>
/// <param name="From">Label of the older generation.</param>
/// <param name="To">Label of the newer generation.</param>
/// <param name="Presence">Whether it came or went.</param>
/// <param name="Changes">Changes of the declaration in that step, consequences of other changes included.</param>
public sealed record HistoryStep(string From, string To, Presence Presence, EquatableArray<AbiChange> Changes);

/// <summary>Whether a step brought a declaration or took it away.</summary>
public enum Presence
{
    /// <summary>Both sides have it, or neither.</summary>
    Same,

    /// <summary>It is new.</summary>
    Appeared,

    /// <summary>It is gone.</summary>
    Went,
}

/// <summary>The evolution of one declaration over several generations: when it appeared, grew, moved, went.</summary>
public static class AbiHistory
{
    /// <summary>Follows a declaration.</summary>
    /// <param name="symbol">Name of a record, enum, ioctl or constant, or <c>record.field</c>.</param>
    /// <param name="generations">At least two, oldest first.</param>
    /// <param name="optionsOf">How to compare a set; the defaults where null.</param>
    /// <returns>The steps that touched it, oldest first.</returns>
    /// <exception cref="DiffException">Two neighbouring generations cannot be compared, or none of them declares the symbol.</exception>
    public static IReadOnlyList<HistoryStep> Of(
        string symbol, IReadOnlyList<Generation> generations, Func<string, DiffOptions>? optionsOf = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generations.Count, 2);
        bool[] isThere = [.. generations.Select(generation => generation.Models.Any(model => SymbolFinder.Declares(model, symbol)))];
        if (!isThere.Contains(true))
        {
            throw new DiffException(
                $"none of the generations declares {symbol}: write a record, enum, ioctl, constant or typedef as C spells its name, or "
                    + "record.field");
        }

        List<HistoryStep> steps = [];
        for (int index = 1; index < generations.Count; index++)
        {
            (Generation from, Generation to) = (generations[index - 1], generations[index]);
            List<AbiChange> found = [];
            AbiComparison step = AbiComparison.Of(from.Models, to.Models, optionsOf, skipsNew: true);
            foreach (AbiChange change in step.Sets.SelectMany(diff => (IEnumerable<AbiChange>)diff.Changes))
            {
                Collect(change, symbol, found);
            }

            Presence presence = isThere[index - 1] == isThere[index] ? Presence.Same : isThere[index] ? Presence.Appeared : Presence.Went;
            if (found.Count > 0 || presence != Presence.Same)
            {
                steps.Add(new HistoryStep(from.Label, to.Label, presence, EquatableArray.From(found)));
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
