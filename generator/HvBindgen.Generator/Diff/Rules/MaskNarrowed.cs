using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3005: mask lost bits.</summary>
internal sealed class MaskNarrowed : ValueRule
{
    public override RuleInfo Info { get; } = new(
        "HV3005",
        "mask lost bits",
        Verdict.Break,
        "Flags that programs set today are refused tomorrow.",
        "Keep the bits; the kernel may ignore them.")
    {
        Mirrors = ["HV3004", "HV3005"],
    };

    protected override Judgement? Judge(ValueChange change, string name, bool isHigher) =>
        change == ValueChange.Narrowed ? Judgement.Broken(CSharpEffects.Binary) : null;
}
