namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Finds members that both sides have in another order: in memory, or only in the text of the header.</summary>
internal static class OrderMatcher
{
    internal static void Match(MatchSide before, List<FieldChange> changes)
    {
        List<(Member Old, Member Now)> kept = [];
        foreach (Member member in before.Shape.Members)
        {
            if (before.PartnerOf(member) is { } partner)
            {
                kept.Add((member, partner));
            }
        }

        List<Member> displaced = [];
        long order = -1;
        foreach ((_, Member now) in kept)
        {
            if (now.Order < order)
            {
                displaced.Add(now);
            }

            order = Math.Max(order, now.Order);
        }

        if (displaced.Count > 0)
        {
            Member first = displaced[0];
            changes.Add(new FieldChange(FieldFate.Reordered, kept.Find(pair => pair.Now == first).Old, first, displaced));
        }
    }
}
