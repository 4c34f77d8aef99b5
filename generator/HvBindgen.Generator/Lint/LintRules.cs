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
}
