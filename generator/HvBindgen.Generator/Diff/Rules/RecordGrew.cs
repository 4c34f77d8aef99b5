using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1010: record grew.</summary>
internal sealed class RecordGrew : IRule<RecordPair>
{
    public RuleInfo Info { get; } = new(
        "HV1010",
        "record grew",
        Verdict.Conditional,
        "The size is part of the numbers of ioctl requests that take the record: growing it makes new numbers. Old programs "
        + "send the old one.",
        "Let the driver dispatch on type and number alone, take the size the caller encoded, and treat what is missing as zero; "
        + "or add a new request.")
    {
        Mirrors = ["HV1011"],
    };

    private const string Condition =
        "the kernel takes the old size too, treats missing bytes as zero, and zero keeps the old behaviour; no program embeds the record "
            + "in one of its own";

    public void Compare(RecordPair pair, Findings findings)
    {
        if (pair.HasBoth(out AbiRecord old, out AbiRecord now) && now.SizeBytes > old.SizeBytes)
        {
            // With members at the end it is the decision itself; otherwise it follows from what happened inside.
            ChangeRole role = pair.Has(FieldFate.Appended) ? ChangeRole.Cause : ChangeRole.Consequence;
            findings.Add(Info, pair, pair.Name, $"{old.SizeBytes} bytes", $"{now.SizeBytes} bytes", Judgement.If(Condition), role);
        }
    }
}
