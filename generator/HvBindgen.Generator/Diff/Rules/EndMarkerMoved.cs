using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3007: the macro that marks the end of a list has a higher value.</summary>
internal sealed class EndMarkerMoved : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3007",
        "end marker moved",
        Verdict.Additive,
        "Macros such as _MAX say where a list ends and move with every addition; by convention no program stores them.",
        "Nothing to do. Never pass an end marker to the kernel.")
    {
        Mirrors = ["HV3003"],
    };

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (ValueChanges.Of(pair) == ValueChange.EndMarker)
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!),
                Judgement.Addition() with { CSharp = CSharpEffects.Binary }, ChangeRole.Consequence);
        }
    }
}
