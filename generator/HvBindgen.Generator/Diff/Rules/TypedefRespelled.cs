using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV5004: typedef spelled otherwise.</summary>
internal sealed class TypedefRespelled : IRule<DeclarationPair<AbiTypedef>>
{
    public RuleInfo Info { get; } = new(
        "HV5004",
        "typedef spelled otherwise",
        Verdict.None,
        "Another name for the same representation on this target.",
        "Nothing to do.");

    public void Compare(DeclarationPair<AbiTypedef> pair, Findings findings)
    {
        if (pair.HasBoth(out AbiTypedef old, out AbiTypedef now) && pair.Context.Types.Compare(old.Type, now.Type) == TypeRelation.Alias)
        {
            findings.Add(
                Info, pair, pair.Name, $"{old.Type}", $"{now.Type}",
                Judgement.Harmless(
                    pair.Context.Types.DifferInCSharp(old.Type, now.Type) ? CSharpEffects.Both : CSharpEffects.None));
        }
    }
}
