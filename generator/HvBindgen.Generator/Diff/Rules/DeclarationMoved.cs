using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV6001: declared in another header.</summary>
internal sealed class DeclarationMoved : IRule<DeclarationPair>
{
    public RuleInfo Info { get; } = new(
        "HV6001",
        "declared in another header",
        Verdict.Conditional,
        "Programs include the header that declared it. Unless that one includes the new one, they no longer compile.",
        "Let the old header include the new one.");

    public void Compare(DeclarationPair pair, Findings findings)
    {
        if (pair.Locations is { } places && !places.Before.Equals(places.After) && pair is not RecordPair { IsNested: true })
        {
            bool isReached = pair.Context.Inclusions.Reaches(places.Before.Header, places.After.Header);
            findings.Add(
                Info, pair, pair.Name, places.Before.Header, places.After.Header,
                isReached
                    ? Judgement.Harmless()
                    : new Judgement(
                        Verdict.Conditional, Verdict.None, Verdict.None, CSharpEffects.None,
                        pair.Context.OwnAfter.Contains(places.Before)
                            ? "the old header includes the new one"
                            : "the old header is still there and includes the new one, or no program includes it by itself"),
                edit: isReached ? "" : $"{places.Before.Header} -> {places.After.Header}");
        }
    }
}
