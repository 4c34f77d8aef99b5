using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1017: a new field stands in the padding after the last member.</summary>
internal sealed class TailPaddingFilled : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1017",
        "field in tail padding",
        Verdict.Conditional,
        "Nobody ever promised that padding after the last member is zero, and an assignment of the whole record need not copy "
        + "it.",
        "Use named reserved members that the kernel checks. Where padding must be used, accept the new member only together "
        + "with a new flag.")
    {
        Mirrors = ["HV1006"],
    };

    protected override FieldFate Fate => FieldFate.TailFilled;

    protected override string DescribeBefore(FieldChange change) => "unnamed padding after the last member";

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.If("risky: every caller has zeroed the whole record, its tail padding included, though nothing asked for it");
}
