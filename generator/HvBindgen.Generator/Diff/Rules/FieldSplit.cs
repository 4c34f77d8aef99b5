using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1022: one field became several over the same bits.</summary>
internal sealed class FieldSplit : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1022",
        "field split",
        Verdict.SourceBreak,
        "Several members share the bits that were one. Old programs still write the whole; where none of the parts has its name, sources "
        + "that use it no longer compile.",
        "Show that old programs had zero in the parts that are new, or that the parts read together mean what the whole meant.")
    {
        Mirrors = ["HV1023"],
    };

    protected override FieldFate Fate => FieldFate.Split;

    protected override string DescribeAfter(FieldChange change) =>
        change.After is null ? Names(change.Others) : $"{change.After.Describe()}, {Names(change.Others)}";

    protected override Judgement Judge(RecordPair pair, FieldChange change)
    {
        Judgement judgement = Judgement.If("the parts together mean what the whole meant: the new ones were zero before");

        // Where no part has the old name, sources that use it no longer compile.
        return change.After is not null ? judgement : judgement with { Level = Verdict.SourceBreak, CSharp = CSharpEffects.Both };
    }
}
