using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Pairs a constant that is gone with a new one that took its value: renamed, or the value given to something else.</summary>
internal static class ConstantMatcher
{
    /// <summary>Joins such pairs where header, value and first word of the name agree and nothing else comes into question.</summary>
    internal static List<ConstantPair> PairRenamed(List<ConstantPair> pairs, MatchContext context)
    {
        Dictionary<(string Header, string Word, Int128 Value), List<ConstantPair>> groups = [];
        foreach (ConstantPair pair in pairs)
        {
            if ((pair.IsAdded || pair.IsRemoved) && (pair.After ?? pair.Before)!.Value is IntegerValue integer
                && !IsOtherwiseDeclared(pair, context))
            {
                (string, string, Int128) key = (pair.Location.Header, FirstWord(pair.Name), integer.Value);
                (groups.TryGetValue(key, out List<ConstantPair>? group) ? group : groups[key] = []).Add(pair);
            }
        }

        foreach (List<ConstantPair> group in groups.Values)
        {
            if (group is [var one, var other] && one.IsAdded != other.IsAdded)
            {
                (ConstantPair gone, ConstantPair added) = one.IsRemoved ? (one, other) : (other, one);
                pairs.Remove(gone);
                pairs[pairs.IndexOf(added)] = new ConstantPair(gone.Before, added.After, context);
            }
        }

        return pairs;
    }

    // The name goes on as an enumerator or a request, or was one.
    private static bool IsOtherwiseDeclared(ConstantPair pair, MatchContext context) =>
        pair.IsRemoved ? context.Derivations.ValueAfter(pair.Name) is not null : context.Derivations.ValueBefore(pair.Name) is not null;

    private static string FirstWord(string name)
    {
        string trimmed = name.TrimStart('_');
        int end = trimmed.IndexOf('_', StringComparison.Ordinal);
        return end < 0 ? trimmed : trimmed[..end];
    }
}
