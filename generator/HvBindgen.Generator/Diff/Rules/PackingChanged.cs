using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1013: a record became packed or is so no longer.</summary>
internal sealed class PackingChanged : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1013",
        "packing changed",
        Verdict.Conditional,
        "A record that is packed has alignment 1 and no padding; taking the attribute away, or adding it, moves what embeds the "
        + "record even if its own members stay.",
        "Leave the attribute as it is.");

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiRecord old, out AbiRecord now) && old.AlignBytes != now.AlignBytes
            && NaturalAlignment.ChangesPacking(pair))
        {
            findings.Add(
                Info, pair, pair.Name, $"{Word(old, pair.Context.Before)}, aligned to {old.AlignBytes}",
                $"{Word(now, pair.Context.After)}, aligned to {now.AlignBytes}",
                Judgement.If(AlignmentChanged.Condition),
                ChangeRole.Cause);
        }
    }

    private static string Word(AbiRecord record, AbiModel model) => NaturalAlignment.IsPacked(record, model) ? "packed" : "not packed";
}
