using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1011: record shrank.</summary>
internal sealed class RecordShrank : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1011",
        "record shrank",
        Verdict.Conditional,
        "The size is part of the numbers of ioctl requests that take the record: shrinking it makes new numbers. Old programs "
        + "send the longer record.",
        "Keep the size; leave reserved bytes in place of what went.")
    {
        Mirrors = ["HV1010"],
    };

    private const string Condition =
        "the kernel takes the old, longer size too and ignores the rest; no program embeds the record in one of its own";

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiRecord old, out AbiRecord now) && now.SizeBytes < old.SizeBytes)
        {
            // With members cut off it is the decision itself; otherwise it follows from what happened inside.
            ChangeRole role = pair.Has(FieldFate.Truncated) ? ChangeRole.Cause : ChangeRole.Consequence;
            findings.Add(Info, pair, pair.Name, $"{old.SizeBytes} bytes", $"{now.SizeBytes} bytes", Judgement.If(Condition), role);
        }
    }
}
