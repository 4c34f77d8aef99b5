using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Two generations of one declaration, or a declaration that one side lacks. Pairs exist only where the sides differ.</summary>
internal abstract class DeclarationPair(string key, string name, SourceLocation location, MatchContext context)
{
    /// <summary>Name by which other declarations depend on this one: the C spelling.</summary>
    internal string Key { get; } = key;

    /// <summary>Name in reports: without <c>struct</c> and the like.</summary>
    internal string Name { get; } = name;

    internal SourceLocation Location { get; } = location;

    internal MatchContext Context { get; } = context;

    internal DiffPolicy Policy { get; } = context.PolicyOf(location.Header);

    /// <summary>Whether only the old side has it.</summary>
    internal abstract bool IsRemoved { get; }

    /// <summary>Header before and after, where both sides have the declaration.</summary>
    internal abstract (SourceLocation Before, SourceLocation After)? Locations { get; }

    /// <summary>What this one's layout or value is made of.</summary>
    internal virtual IReadOnlyList<CauseKey> Dependencies => [];
}

/// <summary>A pair of one kind of declaration.</summary>
/// <typeparam name="T">Kind of declaration.</typeparam>
internal class DeclarationPair<T>(string key, string name, T? before, T? after, MatchContext context)
    : DeclarationPair(key, name, (after ?? before)!.Location, context)
    where T : class, IAbiDeclaration
{
    internal T? Before { get; } = before;

    internal T? After { get; } = after;

    internal bool IsAdded => Before is null;

    internal override bool IsRemoved => After is null;

    internal override (SourceLocation Before, SourceLocation After)? Locations =>
        Before is not null && After is not null ? (Before.Location, After.Location) : null;

    /// <summary>Both sides, where both have the declaration.</summary>
    internal bool HasBoth(out T old, out T now)
    {
        (old, now) = (Before!, After!);
        return Before is not null && After is not null;
    }
}
