using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2004: enumerator added.</summary>
internal sealed class EnumeratorAdded : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2004",
        "enumerator added",
        Verdict.Additive,
        "A new value disturbs nobody as long as the others keep theirs. Inserted before others it may shift them: those are "
        + "listed below it, and each is a break. A new bit position widens the mask of its flags; programs must be able to ask "
        + "whether the kernel knows it.",
        "Append, or give every enumerator an explicit value.")
    {
        Mirrors = ["HV2005"],
    };

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (enumerator.After is { } now && pair.Context.Derivations.ValueBefore(now.Name) is null
                && (enumerator.Before is null || pair.Context.Derivations.ValueAfter(enumerator.Before.Name) is not null))
            {
                findings.Add(Info, pair, enumerator, "", $"{now.Value}", Judgement.Addition());
            }
        }
    }
}
