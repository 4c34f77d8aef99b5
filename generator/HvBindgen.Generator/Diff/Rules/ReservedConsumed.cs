using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1014: a field stands in bits that were reserved by name.</summary>
internal sealed class ReservedConsumed : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1014",
        "reserved bits got a meaning",
        Verdict.SourceBreak,
        "Reserved bits exist to be used up. It is safe if the kernel has refused anything but zero there all along, so that no "
        + "old program has garbage in them, and if zero asks for the old behaviour. Where nothing of the reserved member is left, "
        + "sources that clear it by name no longer compile.",
        "Point to the check that returned EINVAL for nonzero values, and keep the reserved member's name for what is left. For bits of "
            + "hypervisor feature banks nothing is needed: "
        + "callers were told to write zero.")
    {
        Mirrors = ["HV1015"],
    };

    protected override FieldFate Fate => FieldFate.ReservedConsumed;

    protected override string DescribeBefore(FieldChange change) =>
        change.Before is null ? Names(change.Others) : change.Before!.DescribeWidth();

    protected override string DescribeAfter(FieldChange change) => change.After!.DescribeWidth();

    protected override Judgement Judge(RecordPair pair, FieldChange change)
    {
        Judgement judgement = pair.Policy == DiffPolicy.Hypervisor || pair.Context.Radius.IsOutputOnly(pair.Key)
            ? Judgement.Addition()
            : Judgement.If("the kernel has always refused nonzero values there, and zero keeps the old behaviour");
        return !LosesName(pair, change.After!) ? judgement : judgement with
        {
            // The hypervisor names its reserved bits anew in every release; nobody is to rely on such a name.
            Level = pair.Policy == DiffPolicy.Hypervisor ? judgement.Level : Verdict.SourceBreak,
            CSharp = CSharpEffects.Both,
        };
    }

    private static bool LosesName(RecordPair pair, Member consumer)
    {
        foreach (Member member in pair.BeforeShape!.Members)
        {
            if (member.IsReserved && member.Overlaps(consumer) && pair.AfterShape!.Find(member.Name) is null)
            {
                return true;
            }
        }

        return false;
    }
}
