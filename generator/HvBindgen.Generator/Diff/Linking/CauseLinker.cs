using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Linking;

/// <summary>Hangs consequences below their causes, so that one decision in a header is one finding however far it reaches.</summary>
internal sealed class CauseLinker
{
    private readonly Dictionary<CauseKey, List<Draft>> byOwner = [];
    private readonly Dictionary<CauseKey, Draft> byEnumerator = [];
    private readonly Dictionary<CauseKey, Draft?> roots = [];

    private CauseLinker(IReadOnlyList<Draft> drafts)
    {
        foreach (Draft draft in drafts)
        {
            CauseKey key = CauseKey.OfDeclaration(draft.Owner.Key);
            (byOwner.TryGetValue(key, out List<Draft>? list) ? list : byOwner[key] = []).Add(draft);
            if (draft.Enumerator.Length > 0)
            {
                byEnumerator.TryAdd(CauseKey.OfEnumerator(draft.Enumerator), draft);
            }
        }
    }

    /// <summary>Links the drafts of one target.</summary>
    /// <returns>Those that follow from nothing, in the order they were found.</returns>
    internal static List<Draft> Link(IReadOnlyList<Draft> drafts)
    {
        CauseLinker linker = new(drafts);
        List<Draft> independent = [];
        Dictionary<string, Draft> edits = new(StringComparer.Ordinal);
        foreach (Draft draft in drafts)
        {
            if (draft.Edit.Length > 0 && !edits.TryAdd(draft.Edit, draft))
            {
                edits[draft.Edit].Consequences.Add(draft);
                continue;
            }

            bool isFollowing = draft.Role is ChangeRole.Consequence or ChangeRole.WeakCause;
            if ((linker.MakerOf(draft) ?? linker.MakerOfMembers(draft) ?? (isFollowing ? linker.CauseOf(draft) : null)) is { } cause
                && !ReferenceEquals(cause, draft))
            {
                cause.Consequences.Add(draft);
            }
            else
            {
                independent.Add(draft);
            }
        }

        return independent;
    }

    // One edit of a macro that makes members, enumerators or whole records, in all of them.
    private Draft? MakerOf(Draft draft)
    {
        string part = draft.Member.Length > 0 ? draft.Member : draft.Enumerator;
        if (!(draft.Owner is RecordPair || (draft.Owner is EnumPair && part.Length > 0)))
        {
            return null;
        }

        return draft.Owner.Context.Derivations.ChangedMakersOf(draft.Owner.Key, part)
            .Select(maker => byOwner.TryGetValue(CauseKey.OfDeclaration(maker), out List<Draft>? drafts) ? drafts[0] : null)
            .FirstOrDefault(static maker => maker is { Owner: MacroPair });
    }

    // Where nothing else in a record moves members and a macro made one of those that changed, it is the macro that does.
    private Draft? MakerOfMembers(Draft draft)
    {
        if (draft.Owner is not RecordPair || (draft.Role == ChangeRole.Cause && draft.Place is not null))
        {
            return null;
        }

        List<Draft> own = byOwner[CauseKey.OfDeclaration(draft.Owner.Key)];
        return own.Exists(other => other.Role == ChangeRole.Cause && other.Place is not null && MakerOf(other) is null)
            ? null
            : own.Select(MakerOf).FirstOrDefault(static maker => maker is not null);
    }

    // Members move together; values of constants and enumerators change one by one.
    private static IReadOnlyList<CauseKey> CausesOf(Draft draft) =>
        draft.Causes ?? (draft.Owner is RecordPair ? [CauseKey.OfDeclaration(draft.Owner.Key)] : draft.Owner.Dependencies);

    private Draft? CauseOf(Draft draft)
    {
        foreach (CauseKey key in CausesOf(draft))
        {
            if (RootOf(key) is { } root)
            {
                return root;
            }
        }

        return null;
    }

    /// <summary>The change that everything derived in one declaration follows from; null when nothing in it moves others.</summary>
    private Draft? RootOf(CauseKey key)
    {
        // What it follows from first, with a stack of its own: records embed each other, and values follow from each other, as deep as
        // the header's author likes. A circle ends where it began, without a root.
        Stack<(CauseKey Key, bool IsReady)> waiting = new([(key, false)]);
        while (waiting.TryPop(out (CauseKey Key, bool IsReady) next))
        {
            if (next.IsReady)
            {
                roots[next.Key] = NeededBy(next.Key).Select(needed => roots[needed]).FirstOrDefault(static root => root is not null)
                    ?? OwnRoot(next.Key);
            }
            else if (roots.TryAdd(next.Key, null))
            {
                waiting.Push((next.Key, true));
                foreach (CauseKey needed in NeededBy(next.Key).Reverse().Where(needed => !roots.ContainsKey(needed)))
                {
                    waiting.Push((needed, false));
                }
            }
        }

        return roots[key];
    }

    private IReadOnlyList<CauseKey> NeededBy(CauseKey key) =>
        byEnumerator.TryGetValue(key, out Draft? value) ? (value.Role == ChangeRole.Consequence ? CausesOf(value) : [])
        : byOwner.TryGetValue(key, out List<Draft>? drafts) && StrongCauseOf(key) is null ? drafts[0].Owner.Dependencies
        : [];

    private Draft? OwnRoot(CauseKey key) =>
        byEnumerator.TryGetValue(key, out Draft? value) ? value
        : byOwner.TryGetValue(key, out List<Draft>? drafts)
            ? StrongCauseOf(key)
                ?? drafts.Find(static draft => draft.Role == ChangeRole.WeakCause)
                ?? drafts.Find(static draft => draft.Role == ChangeRole.Consequence)
        : null;

    private Draft? StrongCauseOf(CauseKey key) =>
        byOwner.TryGetValue(key, out List<Draft>? drafts) ? drafts.Find(static draft => draft.Role == ChangeRole.Cause) : null;
}
