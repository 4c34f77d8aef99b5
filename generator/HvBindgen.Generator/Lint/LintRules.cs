using HvBindgen.Generator.Lint.Rules;

namespace HvBindgen.Generator.Lint;

/// <summary>All rules. A rule that is not listed here does not run; a test compares the list with the folder.</summary>
public static class LintRules
{
    private static readonly ILintRule[] Rules =
    [
        new WordSizedArgument(), new LayoutDiffers(), new RequestNumberDiffers(), new HoleInArgument(), new TailPadding(),
        new NoRoomToGrow(), new SizeFieldBesideRequest(), new FlagsWithoutMask(), new NumberShared(), new EnumMember(),
        new FlexibleArrayInside(), new BitFieldsInArgument(), new DirectionAgainstSize(), new DescriptorUnknown(),
        new DirectionAgainstConst(),
    ];

    /// <summary>What every rule says of itself, in the order of ids.</summary>
    public static IReadOnlyList<LintRuleInfo> All { get; } = Array.ConvertAll(Rules, static rule => rule.Info);

    internal static IReadOnlyList<ILintRule> Registered => Rules;

    /// <summary>Finds a rule.</summary>
    /// <param name="id">Its id, in any case.</param>
    /// <returns>What it says of itself; null when there is no such rule.</returns>
    public static LintRuleInfo? Find(string id)
    {
        foreach (LintRuleInfo info in All)
        {
            if (string.Equals(info.Id, id, StringComparison.OrdinalIgnoreCase))
            {
                return info;
            }
        }

        return null;
    }

    /// <summary>The text of <c>hvbindgen explain</c>.</summary>
    /// <param name="id">Id of a rule, in any case.</param>
    /// <returns>Title, severity, explanation and remedy; null when there is no such rule.</returns>
    public static string? Explain(string id) => Find(id) is { } info
        ? $"""
           {info.Id}: {info.Title}

           Severity   {info.Severity.ToText()}
           Why        {info.Explanation}
           What to do {info.Remedy}

           """
        : null;
}
