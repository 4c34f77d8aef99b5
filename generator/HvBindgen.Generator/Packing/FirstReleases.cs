namespace HvBindgen.Generator.Packing;

/// <summary>Which of several releases of the kernel is the first that has a name.</summary>
/// <param name="releases">The releases that were compared, in order.</param>
/// <param name="later">
/// Names that the first of them lacks: for a target (counted from 0) and a name the number of its first release, counted from 1.
/// </param>
/// <param name="isKnown">Whether those releases were asked for what a header declares on some targets: bit n for target n.</param>
public sealed class FirstReleases(
    IReadOnlyList<string> releases, IReadOnlyDictionary<(int Target, string Name), int> later, Func<string, int, bool> isKnown)
{
    /// <summary>Nothing is known of any name.</summary>
    public static FirstReleases Unknown { get; } = new([], new Dictionary<(int Target, string Name), int>(), (_, _) => false);

    /// <summary>The releases that were compared, in order.</summary>
    public IReadOnlyList<string> Releases => releases;

    /// <summary>The first release that has a name on all of some targets, counted from 1; 0 where that is not known.</summary>
    /// <param name="header">The header that declares it.</param>
    /// <param name="name">The name in C.</param>
    /// <param name="targets">The targets: bit n for target n.</param>
    /// <returns>The number of the release.</returns>
    public int Of(string header, string name, int targets)
    {
        if (!isKnown(header, targets) || name.Length == 0)
        {
            return 0;
        }

        int first = 1;
        for (int target = 0; targets >> target != 0; target++)
        {
            if ((targets >> target & 1) != 0)
            {
                first = Math.Max(first, later.GetValueOrDefault((target, name), 1));
            }
        }

        return first;
    }
}
