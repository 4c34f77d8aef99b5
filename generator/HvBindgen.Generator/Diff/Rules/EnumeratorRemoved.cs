using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV2005: enumerator removed.</summary>
internal sealed class EnumeratorRemoved : IRule<EnumPair>
{
    public RuleInfo Info { get; } = new(
        "HV2005",
        "enumerator removed",
        Verdict.SourceBreak,
        "Sources that use the name no longer compile; compiled programs go on sending its value, which the kernel may give to "
        + "something else.",
        "Keep the enumerator, and never give its value away.")
    {
        Mirrors = ["HV2004"],
    };

    public void Compare(EnumPair pair, Findings findings)
    {
        foreach (EnumeratorPair enumerator in pair.Enumerators)
        {
            if (enumerator is { Before: { } old, After: null } && pair.Context.Derivations.ValueAfter(old.Name) is null)
            {
                findings.Add(Info, pair, enumerator, $"{old.Value}", "", Judge(pair));
            }
        }
    }

    private static Judgement Judge(EnumPair pair) => pair.Policy == DiffPolicy.Hypervisor
        ? Judgement.If("no program uses the value any more", CSharpEffects.Source)
        : Judgement.Source("the kernel still understands the value");
}
