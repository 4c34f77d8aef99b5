using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Linking;

/// <summary>Hangs consequences below their causes, so that one decision in a header is one finding however far it reaches.</summary>
internal sealed class CauseLinker
{
    private readonly Dictionary<string, List<Draft>> byOwner = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Draft> byEnumerator = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Draft?> roots = new(StringComparer.Ordinal);

    private CauseLinker(IReadOnlyList<Draft> drafts)
    {
        foreach (Draft draft in drafts)
        {
            (byOwner.TryGetValue(draft.Owner.Key, out List<Draft>? list) ? list : byOwner[draft.Owner.Key] = []).Add(draft);
            if (draft.Enumerator.Length > 0)
            {
                byEnumerator.TryAdd(Derivations.EnumeratorKey(draft.Enumerator), draft);
            }
        }
    }

    /// <summary>Links the drafts of one target.</summary>
    /// <returns>Those that follow from nothing, in the order they were found.</returns>
    internal static List<Draft> Link(IReadOnlyList<Draft> drafts)
    {
        CauseLinker linker = new(drafts);
        List<Draft> independent = [];
        foreach (Draft draft in drafts)
        {
            if (draft.Role is ChangeRole.Consequence or ChangeRole.WeakCause
                && linker.CauseOf(draft) is { } cause && !ReferenceEquals(cause, draft))
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

    // Members move together; values of constants and enumerators change one by one.
    private Draft? CauseOf(Draft draft) =>
        draft.Causes is { } causes ? RootOfAny(causes)
        : draft.Owner is RecordPair ? RootOf(draft.Owner.Key)
        : RootOfAny(draft.Owner.Dependencies);

    /// <summary>The change that everything derived in one declaration follows from; null when nothing in it moves others.</summary>
    private Draft? RootOf(string key)
    {
        if (roots.TryGetValue(key, out Draft? root))
        {
            return root;
        }

        roots.Add(key, null);
        if (byEnumerator.TryGetValue(key, out Draft? value))
        {
            roots[key] = root = (value.Role == ChangeRole.Consequence ? CauseOf(value) : null) ?? value;
        }
        else if (byOwner.TryGetValue(key, out List<Draft>? drafts))
        {
            root = StrongCauseOf(key)
                ?? RootOfAny(drafts[0].Owner.Dependencies)
                ?? drafts.Find(static draft => draft.Role == ChangeRole.WeakCause)
                ?? drafts.Find(static draft => draft.Role == ChangeRole.Consequence);
            roots[key] = root;
        }

        return root;
    }

    private Draft? StrongCauseOf(string key) =>
        byOwner.TryGetValue(key, out List<Draft>? drafts) ? drafts.Find(static draft => draft.Role == ChangeRole.Cause) : null;

    private Draft? RootOfAny(IReadOnlyList<string> keys)
    {
        foreach (string key in keys)
        {
            if (RootOf(key) is { } root)
            {
                return root;
            }
        }

        return null;
    }
}
