using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2007: an enumerator has another name and the same value.</summary>
internal sealed class EnumeratorRenamed : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2007",
        "value of an enumerator has another name",
        Verdict.Conditional,
        "Where only the name changed, compiled programs go on and sources that use the old name no longer compile. Where the value "
        + "was given to something else, old programs ask for one thing and get another; headers cannot show which.",
        "Keep the old name beside the new one; never give a value away.");

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (enumerator.IsRenamed && pair.Context.Derivations.ValueAfter(enumerator.Before!.Name) is null)
            {
                findings.Add(
                    Info, pair, enumerator, enumerator.Before!.Name, enumerator.After!.Name,
                    Judgement.If("only the name changed: the value means what it meant", CSharpEffects.Both));
            }
        }
    }
}
