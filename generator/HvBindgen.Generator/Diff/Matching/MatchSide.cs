namespace HvBindgen.Generator.Diff.Matching;

/// <summary>One side of a pair of records while its members are matched: which have a partner and which are accounted for.</summary>
internal sealed class MatchSide(RecordShape shape)
{
    private readonly Member?[] partners = new Member?[shape.Members.Count];
    private readonly bool[] explained = new bool[shape.Members.Count];

    internal RecordShape Shape { get; } = shape;

    internal Member? PartnerOf(Member member) => partners[member.Order];

    internal void SetPartner(Member member, Member partner) => partners[member.Order] = partner;

    internal void Explain(Member member) => explained[member.Order] = true;

    internal bool IsExplained(Member member) => explained[member.Order];

    /// <summary>Whether nothing is known yet of what became of the member.</summary>
    internal bool IsOpen(Member member) => partners[member.Order] is null && !explained[member.Order];

    internal IEnumerable<Member> Open(bool reserved)
    {
        foreach (Member member in Shape.Members)
        {
            if (member.IsReserved == reserved && IsOpen(member))
            {
                yield return member;
            }
        }
    }

    /// <summary>Reserved members whose bits may have changed hands: those that the other side does not have as they were.</summary>
    internal IEnumerable<Member> FreedReserved()
    {
        foreach (Member member in Shape.Members)
        {
            if (member.IsReserved && partners[member.Order] is null)
            {
                yield return member;
            }
        }
    }

    internal static List<Member> Overlapping(IEnumerable<Member> candidates, Member range)
    {
        List<Member> found = [];
        foreach (Member member in candidates)
        {
            if (member.Overlaps(range))
            {
                found.Add(member);
            }
        }

        return found;
    }
}
