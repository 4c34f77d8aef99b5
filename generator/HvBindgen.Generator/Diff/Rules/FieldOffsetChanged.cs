using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Rules;

/// <summary>HV1004: a field that both sides have starts at another offset.</summary>
internal sealed class FieldOffsetChanged : FieldRule
{
    public override RuleInfo Info { get; } = new(
        "HV1004",
        "field moved",
        Verdict.Break,
        "Both sides go by distances from the start of the record: after a move each reads what the other wrote elsewhere.",
        "Put new members at the end or into reserved space, so that no member moves.");

    protected override FieldFate Fate => FieldFate.Moved;

    protected override ChangeRole Role => ChangeRole.Consequence;

    protected override string DescribeBefore(FieldChange change) => change.Before!.Place();

    protected override string DescribeAfter(FieldChange change) => change.After!.Place();

    protected override Judgement Judge(RecordPair pair, FieldChange change) =>
        IsEndMarker(change)
            ? Judgement.If("nobody reads or writes through the member: it only marks where the record ends")
            : Judgement.Broken(CSharpEffects.None);

    // char end[]: bytes without a size, called the end.
    private static bool IsEndMarker(FieldChange change) =>
        change.After is { WidthBits: 0 } member && member.Name.Trim('_') is "end" or "end_marker";
}
