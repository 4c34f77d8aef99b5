using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV5005: a typedef asks for another alignment of the same type.</summary>
internal sealed class TypedefAlignmentChanged : IRule<DeclarationPair<AbiTypedef>>
{
    public RuleInfo Info { get; } = new(
        "HV5005",
        "typedef aligned otherwise",
        Verdict.Conditional,
        "The type is the same, but what is declared with this name starts at other addresses: members move, records grow.",
        "Add a new name with the new alignment, as __aligned_u64 stands beside __u64.");

    public void Compare(DeclarationPair<AbiTypedef> pair, Findings findings)
    {
        if (pair.HasBoth(out AbiTypedef old, out AbiTypedef now) && old.AlignBytes != now.AlignBytes
            && pair.Context.Types.Compare(old.Type, now.Type) <= TypeRelation.Alias)
        {
            findings.Add(
                Info, pair, pair.Name, $"aligned to {old.AlignBytes}", $"aligned to {now.AlignBytes}",
                Judgement.If("no member of a record has this type"), ChangeRole.Cause);
        }
    }
}
