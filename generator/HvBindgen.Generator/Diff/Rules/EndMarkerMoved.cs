using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV3007: the macro that marks the end of a list has a higher value.</summary>
internal sealed class EndMarkerMoved : IRule<ConstantPair>
{
    public RuleInfo Info { get; } = new(
        "HV3007",
        "end marker moved",
        Verdict.Additive,
        "The macro is made of the value that ends a list, as _MAX is of __MAX, and moves with every addition; by convention no "
        + "program stores it. A number of its own is no end marker, whatever the macro is called.",
        "Nothing to do. Never pass an end marker to the kernel.")
    {
        Mirrors = ["HV3003", "HV3007"],
    };

    public void Compare(ConstantPair pair, Findings findings)
    {
        if (pair.Change is var change and (ValueChange.EndMarker or ValueChange.StartMarker))
        {
            findings.Add(
                Info, pair, pair.Name, ValueChanges.Describe(pair.Before!), ValueChanges.Describe(pair.After!),
                SentinelMoved.Judge(change, ((IntegerValue)pair.Before!.Value).Value, ((IntegerValue)pair.After!.Value).Value),
                ChangeRole.Consequence);
        }
    }
}
