namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Proofs about ranges of bits: whether members cover a range without a gap.</summary>
internal static class BitRanges
{
    /// <summary>Whether every bit of the range belongs to at least one of the members.</summary>
    internal static bool Cover(IEnumerable<Member> members, long startBits, long endBits)
    {
        List<Member> inside = [];
        foreach (Member member in members)
        {
            if (member.StartBits < endBits && member.EndBits > startBits)
            {
                inside.Add(member);
            }
        }

        inside.Sort(static (left, right) => left.StartBits.CompareTo(right.StartBits));
        long reached = startBits;
        foreach (Member member in inside)
        {
            if (member.StartBits > reached)
            {
                return false;
            }

            reached = Math.Max(reached, member.EndBits);
        }

        return reached >= endBits && inside.Count > 0;
    }
}
