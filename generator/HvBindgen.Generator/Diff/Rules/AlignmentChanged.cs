using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1012: a record must be aligned to other addresses.</summary>
internal sealed class AlignmentChanged : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1012",
        "alignment changed",
        Verdict.Conditional,
        "The record itself keeps its members, but what embeds it moves: other records, arrays, rings shared in memory. On "
        + "32-bit machines padding changes first.",
        "Leave alignment attributes as they are; align members explicitly with named padding instead.");

    /// <summary>What must hold wherever an alignment changes.</summary>
    internal const string Condition = "no other record, array or ring embeds it, and nobody passes an address that is less aligned";

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiRecord old, out AbiRecord now) && old.AlignBytes != now.AlignBytes
            && !NaturalAlignment.ChangesPacking(pair))
        {
            findings.Add(
                Info, pair, pair.Name, $"aligned to {old.AlignBytes}", $"aligned to {now.AlignBytes}",
                Judgement.If(Condition),
                ChangeRole.WeakCause);
        }
    }
}
