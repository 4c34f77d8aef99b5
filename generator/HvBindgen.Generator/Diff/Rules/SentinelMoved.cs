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
        "Names such as _MAX and _COUNT say where the list ends and move with every addition; by convention no program stores "
        + "them.",
        "Nothing to do. Never pass an end marker to the kernel.");

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (enumerator is { Before: { } old, After: { } now } && old.Value != now.Value && Sentinels.Contains(now.Name))
            {
                findings.Add(Info, pair, pair.SymbolOf(now.Name), $"{old.Value}", $"{now.Value}", Judge(old.Value, now.Value), ChangeRole.Consequence);
            }
        }
    }

    private static Judgement Judge(Int128 old, Int128 now) => now > old
        ? Judgement.Addition() with { CSharp = CSharpEffects.Binary }
        : Judgement.If("no program counts on the values that went", CSharpEffects.Binary);
}
