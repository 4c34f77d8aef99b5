using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1016: a new field stands in a hole between members.</summary>
internal sealed class HoleFilled : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1016",
        "field in unnamed padding",
        Verdict.Conditional,
        "Nobody ever promised that padding between members is zero: compilers leave there what was on the stack, and old "
        + "programs hand it to the kernel.",
        "Use named reserved members that the kernel checks. Where padding must be used, accept the new member only together "
        + "with a new flag.")
    {
        Mirrors = ["HV1006"],
    };

    protected override FieldFate Fate => FieldFate.HoleFilled;

    protected override string DescribeBefore(FieldChange change) => "unnamed hole between members";

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.If("risky: every caller has zeroed the padding between members, though nothing asked for it");
}
