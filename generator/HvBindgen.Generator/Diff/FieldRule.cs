using HvBindgen.Generator.Diff.Linking;
using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff;

/// <summary>A rule about the members of a record that met one fate.</summary>
internal abstract class FieldRule : IRule<RecordPair>
{
    public abstract RuleInfo Info { get; }

    protected abstract FieldFate Fate { get; }

    protected virtual ChangeRole Role => ChangeRole.Cause;

    public void Compare(RecordPair pair, Findings findings)
    {
        foreach (FieldChange change in pair.Fields)
        {
            if (change.Fate == Fate && Applies(change))
            {
                findings.AddMember(
                    Info,
                    pair,
                    MemberOf(change),
                    DescribeBefore(change),
                    DescribeAfter(change),
                    Judge(pair, change),
                    RoleOf(pair, change),
                    new DraftPlace((change.After ?? change.Before)!.Source, IsGone: change.After is null, change.Before?.Source));
            }
        }
    }

    protected abstract Judgement Judge(RecordPair pair, FieldChange change);

    /// <summary>The member that reports name; empty for the record as a whole.</summary>
    protected virtual string MemberOf(FieldChange change) => change.Name;

    protected virtual bool Applies(FieldChange change) => true;

    protected virtual ChangeRole RoleOf(RecordPair pair, FieldChange change) => Role;

    protected virtual string DescribeBefore(FieldChange change) => change.Before is { } member ? DescribeAll(member, change) : "";

    protected virtual string DescribeAfter(FieldChange change) => change.After is { } member ? DescribeAll(member, change) : "";

    private static string DescribeAll(Member member, FieldChange change) =>
        change.Companions.Count == 0 ? Describe(member, change) : $"{Describe(member, change)}, with it {Names(change.Companions)}";

    /// <summary>The name goes in front where the two sides have different ones.</summary>
    protected static string Describe(Member member, FieldChange change) =>
        member.Name == change.Name ? member.Describe() : $"{member.Name}: {member.Describe()}";

    protected static string Names(IReadOnlyList<Member> members)
    {
        List<string> names = [];
        foreach (Member member in members)
        {
            names.Add($"{member.Name} ({member.Describe()})");
        }

        return string.Join(", ", names);
    }
}
