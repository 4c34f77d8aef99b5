using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff;

/// <summary>
/// What was lost on the way from header to model, apart from what was really removed: a header that declares nothing any more may be one
/// whose condition does not hold, and a constant without a value may be one that the compiler cannot compute.
/// </summary>
public static class Fidelity
{
    // Below this a set is too small for a share to say anything.
    private const int FewDeclarations = 10;

    /// <summary>Looks at two sides.</summary>
    /// <param name="before">Models of the old side.</param>
    /// <param name="after">Models of the new side.</param>
    /// <returns>Whole sentences, each once for all targets that see the same.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<AbiModel> before, IReadOnlyList<AbiModel> after)
    {
        Dictionary<string, List<string>> targets = new(StringComparer.Ordinal);
        foreach (AbiModel old in before)
        {
            if (after.FirstOrDefault(model => model.Set == old.Set && model.Target.Name == old.Target.Name) is { } now)
            {
                foreach (string lost in LostIn(old, now))
                {
                    (targets.TryGetValue(lost, out List<string>? seen) ? seen : targets[lost] = []).Add(old.Target.Name);
                }
            }
        }

        return [.. targets.Select(lost => VisibleText.Of($"{lost.Key} (on {string.Join(", ", lost.Value)})"))];
    }

    private static IEnumerable<string> LostIn(AbiModel old, AbiModel now)
    {
        Dictionary<string, int> had = CountByHeader(old);
        Dictionary<string, int> has = CountByHeader(now);
        OwnHeaders own = new(old);
        foreach ((string header, int count) in had.Where(pair => !has.ContainsKey(pair.Key) && own.Contains(pair.Key))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            yield return $"{header} of {old.Set} declares nothing any more, and had {count} declarations";
        }

        HashSet<string> unfolded = new(now.Macros.Select(macro => macro.Name), StringComparer.Ordinal);
        foreach (string name in old.Constants.Select(constant => constant.Name).Concat(old.Ioctls.Select(ioctl => ioctl.Name))
            .Where(unfolded.Contains))
        {
            yield return $"{name} of {old.Set} is still defined, and has no value that the compiler can compute";
        }

        foreach (AbiCondition condition in now.CompilerConditions.Union(old.CompilerConditions).DistinctBy(condition => condition.Header)
            .OrderBy(condition => condition.Header, StringComparer.Ordinal))
        {
            string macros = string.Join(" and ", condition.Macros);
            yield return $"{condition.Header} of {now.Set} declares by {macros}: judged is what clang sees, and another compiler may see "
                + "other declarations";
        }

        int all = had.Values.Sum();
        int left = has.Values.Sum();
        if (all >= FewDeclarations && left > 0 && left < all / 2)
        {
            yield return $"{old.Set} has {left} declarations left of {all}";
        }
    }

    private static Dictionary<string, int> CountByHeader(AbiModel model) => model.Declarations
        .GroupBy(declaration => declaration.Location.Header, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}
