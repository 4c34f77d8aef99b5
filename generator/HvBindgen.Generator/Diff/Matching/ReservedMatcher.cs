namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Accounts for reserved members that did not stay as they were: used up, handed back, divided or left without a name.</summary>
internal sealed class ReservedMatcher(
    MatchSide before, MatchSide after, List<Member> consumers, List<Member> retired, List<FieldChange> changes)
{
    internal void Match()
    {
        ExplainRemnants(before, consumers, after);
        ExplainRemnants(after, retired, before);
        foreach (Member member in before.Open(reserved: true))
        {
            if (after.Shape.Find(member.Name) is { IsReserved: true } now && after.IsOpen(now) && !IsDivided(member))
            {
                before.Explain(member);
                after.Explain(now);
                Add(FateOfResized(member, now), member, now);
            }
            else
            {
                PlaceGone(member);
            }
        }

        PlaceFinder places = new(after, before);
        foreach (Member member in after.Open(reserved: true))
        {
            after.Explain(member);
            if (MatchSide.Overlapping(before.FreedReserved(), member).Count == 0)
            {
                Add(FateOfNew(places.Find(member)), null, member);
            }
        }
    }

    // reserved[6] became reserved0 and reserved[5]: its name goes on in one of the parts.
    private bool IsDivided(Member member)
    {
        List<Member> parts = MatchSide.Overlapping(after.FreedReserved(), member);
        return parts.Count > 1 && parts.TrueForAll(after.IsOpen) && BitRanges.Cover(parts, member.StartBits, member.EndBits);
    }

    // What a consumed member leaves over is part of the consumption, whatever it is called now; likewise the other way round.
    private static void ExplainRemnants(MatchSide side, List<Member> users, MatchSide opposite)
    {
        foreach (Member member in side.Open(reserved: true))
        {
            if (users.Exists(user => user.Overlaps(member)))
            {
                side.Explain(member);
                foreach (Member remnant in opposite.Open(reserved: true))
                {
                    if (remnant.Overlaps(member))
                    {
                        opposite.Explain(remnant);
                    }
                }
            }
        }
    }

    private FieldFate FateOfResized(Member member, Member now)
    {
        if (now.EndBits > before.Shape.SizeBits)
        {
            return FieldFate.Appended;
        }

        if (member.EndBits > after.Shape.SizeBits)
        {
            return FieldFate.Truncated;
        }

        if (!BitRanges.Cover(after.Shape.Members, member.StartBits, member.EndBits))
        {
            return FieldFate.PaddingUnnamed;
        }

        return BitRanges.Cover(before.Shape.Members, now.StartBits, now.EndBits) ? FieldFate.Resized : FieldFate.PaddingNamed;
    }

    private void PlaceGone(Member member)
    {
        before.Explain(member);
        List<Member> parts = MatchSide.Overlapping(after.FreedReserved(), member);
        if (BitRanges.Cover(parts, member.StartBits, member.EndBits))
        {
            // Several that became one are one change.
            if (!parts.TrueForAll(after.IsExplained))
            {
                parts.ForEach(after.Explain);
                Add(FieldFate.Relabelled, member, parts[0], parts);
            }

            return;
        }

        FieldFate fate = new PlaceFinder(before, after).Find(member) switch
        {
            MemberPlace.Nowhere => FieldFate.FlexibleRemoved,
            MemberPlace.Outside => FieldFate.Truncated,
            MemberPlace.Hole or MemberPlace.Tail => FieldFate.PaddingUnnamed,
            MemberPlace.Alternative => FieldFate.AlternativeRemoved,
            _ => FieldFate.Removed,
        };
        Add(fate, member, null);
    }

    private static FieldFate FateOfNew(MemberPlace place) => place switch
    {
        MemberPlace.Nowhere => FieldFate.FlexibleAdded,
        MemberPlace.Outside => FieldFate.Appended,
        MemberPlace.Hole or MemberPlace.Tail => FieldFate.PaddingNamed,
        MemberPlace.Alternative => FieldFate.AlternativeAdded,
        _ => FieldFate.Inserted,
    };

    private void Add(FieldFate fate, Member? old, Member? now, IReadOnlyList<Member>? others = null) =>
        changes.Add(new FieldChange(fate, old, now, others ?? [], TypeRelation.Different));
}
