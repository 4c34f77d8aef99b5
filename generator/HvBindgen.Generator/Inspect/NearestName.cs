namespace HvBindgen.Generator.Inspect;

/// <summary>Finds the known name that a mistyped one most likely stands for.</summary>
public static class NearestName
{
    /// <summary>Finds the nearest known name.</summary>
    /// <param name="name">The mistyped name.</param>
    /// <param name="known">Names it may stand for.</param>
    /// <returns>The nearest one; null when none is near.</returns>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? best = null;
        int least = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in known)
        {
            int distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>
    /// Finds several names: those that differ in a few letters, then those that have the name, or all its words, as parts.
    /// </summary>
    /// <param name="name">The mistyped or incomplete name.</param>
    /// <param name="known">Names it may stand for.</param>
    /// <param name="count">How many to give at most.</param>
    /// <returns>The nearest first.</returns>
    public static IReadOnlyList<string> Several(string name, IEnumerable<string> known, int count)
    {
        string lower = name.ToLowerInvariant();
        string[] words = lower.Split(['_'], StringSplitOptions.RemoveEmptyEntries);
        int limit = Math.Max(2, name.Length / 4);
        List<(int Rank, string Name)> near = [];
        foreach (string candidate in known)
        {
            string other = candidate.ToLowerInvariant();
            int distance = Math.Abs(other.Length - lower.Length) > limit ? limit + 1 : Distance(lower, other);
            if (distance <= limit)
            {
                near.Add((distance, candidate));
            }
            else if (words.Length > 0
                && (other.Contains(lower, StringComparison.Ordinal)
                    || Array.TrueForAll(words, word => other.Contains(word, StringComparison.Ordinal))))
            {
                near.Add((limit + 1 + Math.Abs(other.Length - lower.Length), candidate));
            }
        }

        return [.. near.OrderBy(one => one.Rank).ThenBy(one => one.Name, StringComparer.Ordinal).Take(count).Select(one => one.Name)];
    }

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
