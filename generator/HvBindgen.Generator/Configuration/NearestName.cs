namespace HvBindgen.Generator.Configuration;

/// <summary>Finds the known name that a mistyped one most likely stands for.</summary>
internal static class NearestName
{
    /// <summary>The nearest known name; null when none is near.</summary>
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
