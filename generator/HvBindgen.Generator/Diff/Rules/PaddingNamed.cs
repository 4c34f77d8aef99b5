using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1034: padding got a name.</summary>
internal sealed class PaddingNamed : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1034",
        "padding got a name",
        Verdict.Additive,
        "Padding that nobody promised to clear is a reserved member now: new programs clear it, and the kernel can start to "
        + "check it once old ones are gone.",
        "Nothing to do. Do not check the bits for zero while old programs run.")
    {
        Mirrors = ["HV1035"],
    };

    protected override FieldFate Fate => FieldFate.PaddingNamed;

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        Judgement.Addition("the kernel does not refuse nonzero values there");
}
