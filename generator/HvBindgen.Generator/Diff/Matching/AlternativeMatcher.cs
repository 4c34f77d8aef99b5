namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Finds alternatives of unions that came or went as a whole: what stands in one of them is one edit.</summary>
/// <param name="side">Side of the members.</param>
internal sealed class AlternativeMatcher(MatchSide side)
{
    /// <summary>Makes one change of those of all members of an alternative that the other side lacks.</summary>
    /// <param name="fate">What became of the members.</param>
    /// <param name="changes">All changes of the record; those of one alternative stand at the place of its first.</param>
    internal void Join(FieldFate fate, List<FieldChange> changes)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        List<FieldChange> joined = [];
        foreach (FieldChange change in changes)
        {
            string alternative = change.Fate == fate ? AlternativeOf((change.After ?? change.Before)!) : "";
            if (alternative.Length == 0 || places.TryAdd(alternative, joined.Count))
            {
                joined.Add(change);
                continue;
            }

            FieldChange first = joined[places[alternative]];
            joined[places[alternative]] = first with
            {
                Others = [.. first.Others.Union(change.Others)],
                Companions = [.. first.Companions, (change.After ?? change.Before)!],
            };
        }

        changes.Clear();
        changes.AddRange(joined);
    }

    // The outermost alternative around a member in which no member has a partner; empty where there is none.
    private string AlternativeOf(Member member)
    {
        string alternative = "";
        for (string branch = member.Branch; branch.Length > 0 && !IsKnown(branch); branch = RecordShape.Outside(branch))
        {
            alternative = branch;
        }

        return alternative;
    }

    private bool IsKnown(string branch)
    {
        foreach (Member member in side.Shape.Members)
        {
            if (side.PartnerOf(member) is not null && RecordShape.IsWithin(member.Branch, branch))
            {
                return true;
            }
        }

        return false;
    }
}
