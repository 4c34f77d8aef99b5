using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3004: mask widened.</summary>
internal sealed class MaskWidened : ValueRule
{
    public override RuleInfo Info { get; } = new(
        "HV3004",
        "mask widened",
        Verdict.Additive,
        "All old bits are still in the mask; new flags joined them. Programs must be able to ask which ones the kernel knows.",
        "Make sure that the kernel refuses bits it does not know, so that programs can probe.")
    {
        Mirrors = ["HV3003", "HV3005"],
    };

    protected override Judgement? Judge(ValueChange change, string name, bool isHigher) => change switch
    {
        ValueChange.Widened => Judgement.Addition("the kernel refuses bits it does not know") with { CSharp = CSharpEffects.Binary },
        ValueChange.PerhapsWidened =>
            Judgement.If("the bits that joined were always zero in what programs take apart with it", CSharpEffects.Binary),
        _ => null,
    };
}
