using HvBindgen.Generator.Diff.Matching;

namespace HvBindgen.Generator.Diff.Linking;

/// <summary>Hangs consequences below their causes, so that one decision in a header is one finding however far it reaches.</summary>
internal sealed class CauseLinker
{
    private readonly Dictionary<string, List<Draft>> byOwner = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Draft?> roots = new(StringComparer.Ordinal);

    private CauseLinker(IReadOnlyList<Draft> drafts)
    {
        foreach (Draft draft in drafts)
        {
            (byOwner.TryGetValue(draft.Owner.Key, out List<Draft>? list) ? list : byOwner[draft.Owner.Key] = []).Add(draft);
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
        draft.Owner is RecordPair ? RootOf(draft.Owner.Key)
        : StrongCauseOf(draft.Owner.Key) ?? RootOfDependencies(draft.Owner);

    /// <summary>The change that everything derived in one declaration follows from; null when nothing in it moves others.</summary>
    private Draft? RootOf(string key)
    {
        // Dependencies first, with a stack of its own: records embed each other as deep as the header's author likes.
        Stack<(string Key, bool IsReady)> waiting = new([(key, false)]);
        while (waiting.TryPop(out (string Key, bool IsReady) next))
        {
            if (next.IsReady)
            {
                List<Draft> own = byOwner[next.Key];
                roots[next.Key] = RootOfDependencies(own[0].Owner)
                    ?? own.Find(static draft => draft.Role == ChangeRole.WeakCause)
                    ?? own.Find(static draft => draft.Role == ChangeRole.Consequence);
            }
            else if (roots.TryAdd(next.Key, StrongCauseOf(next.Key)) && roots[next.Key] is null && byOwner.TryGetValue(next.Key, out List<Draft>? drafts))
            {
                waiting.Push((next.Key, true));
                foreach (string dependency in drafts[0].Owner.Dependencies.Where(dependency => !roots.ContainsKey(dependency)))
                {
                    waiting.Push((dependency, false));
                }
            }
        }

        return roots[key];
    }

    private Draft? StrongCauseOf(string key) =>
        byOwner.TryGetValue(key, out List<Draft>? drafts) ? drafts.Find(static draft => draft.Role == ChangeRole.Cause) : null;

    private Draft? RootOfDependencies(DeclarationPair owner)
    {
        foreach (string dependency in owner.Dependencies)
        {
            if ((roots.TryGetValue(dependency, out Draft? known) ? known : RootOf(dependency)) is { } root)
            {
                return root;
            }
        }

        return null;
    }
}
