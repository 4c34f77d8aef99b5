using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Pairs the members of two generations of a record and states the fate of each that differs. Judges nothing.</summary>
internal sealed class FieldMatcher
{
    private readonly MatchSide before;
    private readonly MatchSide after;
    private readonly TypeComparer types;
    private readonly bool isLittleEndian;
    private readonly List<FieldChange> changes = [];
    private readonly List<Member> consumers = [];
    private readonly List<Member> retired = [];

    private FieldMatcher(RecordShape before, RecordShape after, TypeComparer types, bool isLittleEndian)
    {
        this.before = new MatchSide(before);
        this.after = new MatchSide(after);
        this.types = types;
        this.isLittleEndian = isLittleEndian;
    }

    internal static List<FieldChange> Match(RecordShape before, RecordShape after, TypeComparer types, bool isLittleEndian)
    {
        FieldMatcher matcher = new(before, after, types, isLittleEndian);
        matcher.PairReserved();
        matcher.PairByName();
        matcher.FindEnclosed();
        matcher.PairRenamed();
        matcher.ExamineKept();
        matcher.FindSplits();
        matcher.PlaceNew();
        matcher.PlaceGone();
        new ReservedMatcher(matcher.before, matcher.after, matcher.consumers, matcher.retired, matcher.changes).Match();
        OrderMatcher.Match(matcher.before, matcher.changes);
        new AlternativeMatcher(matcher.after).Join(FieldFate.AlternativeAdded, matcher.changes);
        new AlternativeMatcher(matcher.before).Join(FieldFate.AlternativeRemoved, matcher.changes);
        return matcher.changes;
    }

    // Reserved members are what they cover: their names are numbered anew whenever one of them is used up.
    private void PairReserved()
    {
        foreach (Member member in before.Shape.Members)
        {
            if (member.IsReserved && after.Shape.Find(member.Name) is { IsReserved: true } same && same.SameRange(member))
            {
                Pair(member, same);
            }
        }

        foreach (Member member in before.Open(reserved: true))
        {
            foreach (Member candidate in after.Open(reserved: true))
            {
                if (candidate.SameRange(member))
                {
                    Pair(member, candidate);
                    Add(FieldFate.Relabelled, member, candidate, [], types.Compare(member.Type, candidate.Type));
                    break;
                }
            }
        }

        foreach (Member member in before.Open(reserved: true))
        {
            if (after.Shape.Find(member.Name) is { IsReserved: true } moved && after.IsOpen(moved) && moved.WidthBits == member.WidthBits)
            {
                Pair(member, moved);
            }
        }
    }

    private void PairByName()
    {
        foreach (Member member in before.Shape.Members)
        {
            if (!member.IsReserved && after.Shape.Find(member.Name) is { } same)
            {
                Pair(member, same);
            }
        }
    }

    private void PairRenamed()
    {
        foreach (Member member in before.Open(reserved: false))
        {
            foreach (Member candidate in after.Open(reserved: false))
            {
                if (candidate.SameRange(member) && IsAlternative(before, member) == IsAlternative(after, candidate)
                    && types.Compare(member.Type, candidate.Type) <= TypeRelation.Alias && HaveSameInside(member, candidate))
                {
                    Pair(member, candidate);
                    Add(FieldFate.Renamed, member, candidate, []);
                    break;
                }
            }
        }
    }

    // Records that are defined in place are compared by the names of the members that hold them; under another name they must be equal.
    private static bool HaveSameInside(Member member, Member candidate) =>
        member.Type.InlineRecord(behindPointers: true) is not { } old || candidate.Type.InlineRecord(behindPointers: true) is not { } now
        || RecordMatcher.IsSameLayout(old, now);

    // The only one at its place that takes space is no alternative, union or not.
    private static bool IsAlternative(MatchSide side, Member member) =>
        RecordShape.IsAlternative(member)
        && side.Shape.Members.Any(other => other != member && other.WidthBits > 0 && other.Overlaps(member));

    // struct { x; y; } became struct { x; y; } pos, or the other way round: the same members, one name more or less before them.
    private void FindEnclosed()
    {
        FindEnclosed(before, after, (member, parts) => Add(FieldFate.Enclosed, member, null, parts));
        FindEnclosed(after, before, (member, parts) => Add(FieldFate.Enclosed, null, member, parts));
    }

    private static void FindEnclosed(MatchSide enclosing, MatchSide free, Action<Member, List<Member>> add)
    {
        foreach (Member member in enclosing.Open(reserved: false))
        {
            List<Member> parts = [];
            foreach (AbiField field in member.Type is AbiInlineRecord inline ? inline.Definition.HoistedFields() : [])
            {
                if (free.Shape.Find(field.Name) is { } part && free.IsOpen(part) && part.StartBits == member.StartBits + field.OffsetBits
                    && part.WidthBits == field.WidthBits)
                {
                    parts.Add(part);
                }
            }

            if (parts.Count > 0 && parts.Count == ((AbiInlineRecord)member.Type).Definition.HoistedFields().Count())
            {
                enclosing.Explain(member);
                parts.ForEach(free.Explain);
                add(member, parts);
            }
        }
    }

    private void ExamineKept()
    {
        List<Member> regrouped = [];
        foreach (Member member in before.Shape.Members)
        {
            if (before.PartnerOf(member) is not { } now)
            {
                continue;
            }

            TypeRelation relation = types.Compare(member.Type, now.Type);
            if (IsRespelled(member, now))
            {
                Add(FieldFate.FlexibleRespelled, member, now, [], relation);
            }
            else if (member.WidthBits != now.WidthBits || member.IsBitField != now.IsBitField)
            {
                ExamineResized(member, now, relation);
            }
            else
            {
                if (relation != TypeRelation.Same && !(member.IsReserved && member.Name != now.Name))
                {
                    bool isRelabelled = member.IsReserved && relation > TypeRelation.Alias;
                    Add(isRelabelled ? FieldFate.Relabelled : FieldFate.Retyped, member, now, [], relation);
                }

                if (member.StartBits != now.StartBits)
                {
                    Add(FieldFate.Moved, member, now, [], TypeRelation.Same);
                }
            }

            if (member.StartBits == now.StartBits && member.Grouping != now.Grouping)
            {
                regrouped.Add(now);
            }
        }

        if (regrouped.Count > 0)
        {
            Member first = regrouped[0];
            Add(FieldFate.Regrouped, after.PartnerOf(first), first, regrouped);
        }
    }

    // [1] -> [] and [0] -> []: the array starts where it did and holds the same elements.
    private bool IsRespelled(Member member, Member now) =>
        member.Type is AbiArray one && now.Type is AbiArray other && one.Count != other.Count
        && (one.Count ?? 0) <= 1 && (other.Count ?? 0) <= 1 && member.StartBits == now.StartBits
        && types.Compare(one.Element, other.Element) <= TypeRelation.Alias;

    private void ExamineResized(Member member, Member now, TypeRelation relation)
    {
        FieldFate fate = FieldFate.Resized;
        List<Member> others = [];
        bool keepsMeaning = member.StartBits == now.StartBits && member.IsBitField == now.IsBitField
            && (isLittleEndian || member.Type is AbiArray);
        if (Rest(now, member) is { } gained)
        {
            others = MatchSide.Overlapping(before.FreedReserved(), gained);
            if (keepsMeaning && BitRanges.Cover(others, gained.StartBits, gained.EndBits))
            {
                fate = FieldFate.ReservedConsumed;
                consumers.Add(gained);
            }
            else if (!types.NameRecords(member.Type, now.Type) && Absorb(before, gained) is { } joined)
            {
                (fate, others) = (FieldFate.Joined, joined);
            }
        }
        else if (Rest(member, now) is { } lost)
        {
            others = MatchSide.Overlapping(after.FreedReserved(), lost);
            if (keepsMeaning && BitRanges.Cover(others, lost.StartBits, lost.EndBits))
            {
                fate = FieldFate.Retired;
                retired.Add(lost);
            }
            else if (!types.NameRecords(member.Type, now.Type) && Absorb(after, lost) is { } split)
            {
                (fate, others) = (FieldFate.Split, split);
            }
        }

        Add(fate, member, now, others, relation);
    }

    // What the wide one has beyond the narrow one, where they share one end.
    private static Member? Rest(Member wide, Member narrow)
    {
        if (wide.WidthBits <= narrow.WidthBits)
        {
            return null;
        }

        long width = wide.WidthBits - narrow.WidthBits;
        return wide.StartBits == narrow.StartBits ? wide with { StartBits = narrow.EndBits, WidthBits = width }
            : wide.EndBits == narrow.EndBits ? wide with { WidthBits = width }
            : null;
    }

    // The range is covered by members that only this side has, each of them inside the range: they are parts of one on the other side.
    private static List<Member>? Absorb(MatchSide side, Member range)
    {
        List<Member> parts = MatchSide.Overlapping(side.Shape.Members, range);
        parts.RemoveAll(part => !side.IsOpen(part));
        bool areInside = parts.TrueForAll(part => part.StartBits >= range.StartBits && part.EndBits <= range.EndBits);
        if (!areInside || !BitRanges.Cover(parts, range.StartBits, range.EndBits))
        {
            return null;
        }

        parts.ForEach(side.Explain);
        return parts;
    }

    // A member without a partner whose range several members without a partner share on the other side.
    private void FindSplits()
    {
        foreach (Member member in before.Open(reserved: false))
        {
            if (CountInside(after, member) > 1 && Absorb(after, member) is { } parts)
            {
                before.Explain(member);
                Add(FieldFate.Split, member, null, parts);
            }
        }

        foreach (Member member in after.Open(reserved: false))
        {
            if (CountInside(before, member) > 1 && Absorb(before, member) is { } parts)
            {
                after.Explain(member);
                Add(FieldFate.Joined, null, member, parts);
            }
        }
    }

    private static int CountInside(MatchSide side, Member range)
    {
        int count = 0;
        foreach (Member member in side.Open(reserved: false))
        {
            count += member.Overlaps(range) ? 1 : 0;
        }

        return count;
    }

    private void PlaceNew()
    {
        PlaceFinder places = new(after, before);
        foreach (Member member in after.Open(reserved: false))
        {
            MemberPlace place = places.Find(member);
            Member? displaced = place is MemberPlace.Occupied or MemberPlace.Alternative ? FindDisplaced(member) : null;
            List<Member> others = [];
            if (place == MemberPlace.Reserved)
            {
                others = MatchSide.Overlapping(before.FreedReserved(), member);
                consumers.Add(member);
            }

            if (place == MemberPlace.Alternative)
            {
                // What it reaches of reserved bits beside the old alternatives is used up by it.
                others = MatchSide.Overlapping(before.FreedReserved(), member);
                if (others.Count > 0)
                {
                    consumers.Add(member);
                }
            }

            if (place is MemberPlace.Outside or MemberPlace.Occupied or MemberPlace.Hole && KeptAfter(member) is { } next
                && (place != MemberPlace.Hole || after.PartnerOf(next)!.StartBits != next.StartBits))
            {
                place = MemberPlace.Occupied;
                others = [next];
            }

            if (displaced is not null)
            {
                before.Explain(displaced);
                Add(FieldFate.Replaced, displaced, member, [], TypeRelation.Different);
            }
            else
            {
                Add(place.FateOfNew(), null, member, others);
            }

            after.Explain(member);
        }
    }

    // The next member in order of declaration that the record had before, in the same branch: the new one stands in front of it.
    private Member? KeptAfter(Member member)
    {
        foreach (Member candidate in after.Shape.Members)
        {
            if (candidate.Order > member.Order && candidate is { IsReserved: false, WidthBits: > 0 }
                && after.PartnerOf(candidate) is not null
                && RecordShape.AreTogether(candidate.Branch, member.Branch) && candidate.StartBits >= member.StartBits)
            {
                return candidate;
            }
        }

        return null;
    }

    private void PlaceGone()
    {
        PlaceFinder places = new(before, after);
        foreach (Member member in before.Open(reserved: false))
        {
            MemberPlace place = places.Find(member);
            List<Member> others = [];
            if (place == MemberPlace.Reserved)
            {
                others = MatchSide.Overlapping(after.FreedReserved(), member);
                retired.Add(member);
            }
            else if (place == MemberPlace.Alternative && MatchSide.Overlapping(after.FreedReserved(), member).Count > 0)
            {
                retired.Add(member);
            }

            Add(place.FateOfGone(), member, null, others);
            before.Explain(member);
        }
    }

    private Member? FindDisplaced(Member member)
    {
        foreach (Member gone in before.Open(reserved: false))
        {
            if (gone.StartBits == member.StartBits && RecordShape.IsAlternative(gone) == RecordShape.IsAlternative(member))
            {
                return gone;
            }
        }

        return null;
    }

    private void Pair(Member member, Member partner)
    {
        before.SetPartner(member, partner);
        after.SetPartner(partner, member);
    }

    private void Add(
        FieldFate fate, Member? old, Member? now, IReadOnlyList<Member> others, TypeRelation relation = TypeRelation.Different) =>
        changes.Add(new FieldChange(fate, old, now, others, relation));
}
