using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3008: a constant that counts versions has a later one.</summary>
internal sealed class VersionRaised : ValueRule
{
    public override RuleInfo Info { get; } = new(
        "HV3008",
        "version raised",
        Verdict.Additive,
        "The headers describe a later version of the interface. Programs that compare it with what the kernel reports must accept "
        + "other versions than their own; those that do not were wrong before.",
        "Nothing to do, if the kernel goes on serving programs of the old version.")
    {
        Mirrors = ["HV3003", "HV3008"],
    };

    protected override Judgement? Judge(ValueChange change, string name, bool isHigher) => change == ValueChange.Version
        ? Judgement.Addition("the kernel serves programs of the old version") with { CSharp = CSharpEffects.Binary }
        : null;
}
