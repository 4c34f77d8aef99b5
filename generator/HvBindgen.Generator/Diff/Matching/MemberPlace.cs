namespace HvBindgen.Generator.Diff.Matching;

/// <summary>What the other side has where a member without a partner stands.</summary>
internal enum MemberPlace
{
    /// <summary>The member has no size, so nothing stands there.</summary>
    Nowhere,

    /// <summary>Named reserved members cover it whole.</summary>
    Reserved,

    /// <summary>It reaches beyond the other record's end and touches no member of it.</summary>
    Outside,

    /// <summary>Bits between members that no member claims.</summary>
    Hole,

    /// <summary>Bits after the last member.</summary>
    Tail,

    /// <summary>Other alternatives of the same union.</summary>
    Alternative,

    /// <summary>Members that it displaces.</summary>
    Occupied,
}

/// <summary>What a place says of a member.</summary>
internal static class MemberPlaces
{
    /// <summary>What became of a member that only the new record has.</summary>
    internal static FieldFate FateOfNew(this MemberPlace place) => place switch
    {
        MemberPlace.Nowhere => FieldFate.FlexibleAdded,
        MemberPlace.Reserved => FieldFate.ReservedConsumed,
        MemberPlace.Outside => FieldFate.Appended,
        MemberPlace.Hole => FieldFate.HoleFilled,
        MemberPlace.Tail => FieldFate.TailFilled,
        MemberPlace.Alternative => FieldFate.AlternativeAdded,
        _ => FieldFate.Inserted,
    };

    /// <summary>What became of a member that only the old record has.</summary>
    internal static FieldFate FateOfGone(this MemberPlace place) => place switch
    {
        MemberPlace.Nowhere => FieldFate.FlexibleRemoved,
        MemberPlace.Reserved => FieldFate.Retired,
        MemberPlace.Outside => FieldFate.Truncated,
        MemberPlace.Alternative => FieldFate.AlternativeRemoved,
        _ => FieldFate.Removed,
    };
}

/// <summary>
/// Finds the place of members without a partner. Works for both directions: new members in the old record, gone ones in the new.
/// </summary>
/// <param name="own">Side of the member.</param>
/// <param name="other">Side where its range is looked at.</param>
internal sealed class PlaceFinder(MatchSide own, MatchSide other)
{
    internal MemberPlace Find(Member member)
    {
        if (member.WidthBits == 0)
        {
            return MemberPlace.Nowhere;
        }

        (List<Member> neighbours, bool isKnownBranch) = Neighbours(member);
        bool isAlternative = RecordShape.IsAlternative(member) && !isKnownBranch;
        List<Member> overlapped = MatchSide.Overlapping(neighbours, member);
        bool displacesNothing = !overlapped.Exists(met => !met.IsReserved);
        if (member.EndBits > other.Shape.SizeBits && (overlapped.Count == 0 || isAlternative))
        {
            return MemberPlace.Outside;
        }

        List<Member> freed = overlapped.FindAll(met => met.IsReserved && other.PartnerOf(met) is null);
        if ((!isAlternative || displacesNothing) && BitRanges.Cover(freed, member.StartBits, member.EndBits))
        {
            return MemberPlace.Reserved;
        }

        if (overlapped.Count == freed.Count)
        {
            return member.StartBits >= DataEndBits() ? MemberPlace.Tail : MemberPlace.Hole;
        }

        return isAlternative && overlapped.TrueForAll(met => StandsWhereItStood(met) || freed.Contains(met))
            ? MemberPlace.Alternative
            : MemberPlace.Occupied;
    }

    private bool StandsWhereItStood(Member met) => other.PartnerOf(met) is { } partner && partner.StartBits == met.StartBits;

    private long DataEndBits()
    {
        long end = 0;
        foreach (Member member in other.Shape.Members)
        {
            end = Math.Max(end, member.EndBits);
        }

        return end;
    }

    // Members of the other side that lie beside the range and not in another alternative. A branch of a union is known on the
    // other side by the members that both have in it.
    private (List<Member> Members, bool IsKnownBranch) Neighbours(Member member)
    {
        string branch = member.Branch;
        string counterpart = "";
        while (branch.Length > 0 && !TryMap(branch, out counterpart))
        {
            branch = RecordShape.Outside(branch);
        }

        List<Member> neighbours = [];
        foreach (Member candidate in other.Shape.Members)
        {
            if (RecordShape.AreTogether(candidate.Branch, branch.Length == 0 ? "" : counterpart))
            {
                neighbours.Add(candidate);
            }
        }

        return (neighbours, branch == member.Branch);
    }

    private bool TryMap(string branch, out string counterpart)
    {
        foreach (Member member in own.Shape.Members)
        {
            if (member.Branch == branch && own.PartnerOf(member) is { } partner)
            {
                counterpart = partner.Branch;
                return true;
            }
        }

        counterpart = "";
        return false;
    }
}
