using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV5003: typedef stands for another type.</summary>
internal sealed class TypedefChanged : IRule<DeclarationPair<AbiTypedef>>
{
    public RuleInfo Info { get; } = new(
        "HV5003",
        "typedef stands for another type",
        Verdict.Break,
        "Every member, argument and constant of that type changes with it.",
        "Add a new name for the new type.");

    public void Compare(DeclarationPair<AbiTypedef> pair, Findings findings)
    {
        if (!pair.HasBoth(out AbiTypedef old, out AbiTypedef now))
        {
            return;
        }

        TypeRelation relation = pair.Context.Types.Compare(old.Type, now.Type);
        if (relation > TypeRelation.Alias)
        {
            Judgement judgement = relation == TypeRelation.SameBytes ? Judgement.Source()
                : relation == TypeRelation.Different
                ? Judgement.Broken()
                : Judgement.If("every value has the meaning it had, read as the other type", CSharpEffects.Source | CSharpEffects.Binary);
            findings.Add(Info, pair, pair.Name, $"{old.Type}", $"{now.Type}", judgement, ChangeRole.Cause);
        }
    }
}
