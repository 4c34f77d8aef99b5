using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2009: the enumerator that marks the end of the list has another value.</summary>
internal sealed class SentinelMoved : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2009",
        "end marker moved",
        Verdict.Additive,
        "The enumerator stands behind the last value of its list, as _MAX, NUM_ and _COUNT do, and moves with every addition; by "
        + "convention no program stores it.",
        "Nothing to do. Never pass an end marker to the kernel.");

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (pair.Context.Values.Of(enumerator) is var change and (ValueChange.EndMarker or ValueChange.StartMarker))
            {
                (Int128 old, Int128 now) = (enumerator.Before!.Value, enumerator.After!.Value);
                findings.Add(Info, pair, enumerator, $"{old}", $"{now}", Judge(change, old, now));
            }
        }
    }

    /// <summary>A list that got longer at its end or at its start has all it had.</summary>
    internal static Judgement Judge(ValueChange change, Int128 old, Int128 now) => now > old || change == ValueChange.StartMarker
        ? Judgement.Addition() with { CSharp = CSharpEffects.Binary }
        : Judgement.If("no program counts on the values that went", CSharpEffects.Binary);
}
