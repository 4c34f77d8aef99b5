using HvBindgen.Generator.Diff.Matching;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Linking;

/// <summary>What a change is to other changes.</summary>
internal enum ChangeRole
{
    /// <summary>Stands for itself: it neither moves anything nor follows from anything.</summary>
    Fact,

    /// <summary>Can move members, change sizes and thereby numbers, here and wherever the declaration is used.</summary>
    Cause,

    /// <summary>A cause only where neither the declaration nor what it is made of has another: a raised alignment.</summary>
    WeakCause,

    /// <summary>Follows from a cause if there is one; otherwise it stands for itself.</summary>
    Consequence,
}

/// <summary>A change on one target, before it is known what caused it.</summary>
internal sealed class Draft(
    RuleInfo rule, DeclarationPair owner, string symbol, string before, string after, Judgement judgement, ChangeRole role)
{
    /// <summary>The member it is about; empty where the change is one of the declaration as a whole.</summary>
    internal string Member { get; init; } = "";

    /// <summary>The enumerator it is about; empty where the change is one of the declaration as a whole.</summary>
    internal string Enumerator { get; init; } = "";

    /// <summary>What it follows from; null where the declaration's dependencies tell.</summary>
    internal IReadOnlyList<CauseKey>? Causes { get; init; }

    /// <summary>Names an edit that no declaration stands for and that shows in several; empty for any other.</summary>
    internal string Edit { get; init; } = "";

    /// <summary>Where the member or enumerator stands; null for a change of the declaration as a whole.</summary>
    internal DraftPlace? Place { get; init; }

    internal SourceLocation Location => Place?.Place.Location ?? Owner.Location;

    /// <summary>Where the declaration, member or enumerator stood before; null for what is new, and where nobody knows.</summary>
    internal SourceLocation? OldLocation => IsGone ? Location : Place is { } part ? part.Old?.Location : Owner.Locations?.Before;

    /// <summary>Whether <see cref="Location"/> is one of the old headers.</summary>
    internal bool IsGone => Place?.IsGone ?? Owner.IsRemoved;

    internal RuleInfo Rule { get; } = rule;

    internal DeclarationPair Owner { get; } = owner;

    internal string Symbol { get; } = symbol;

    internal string Before { get; } = before;

    internal string After { get; } = after;

    internal Judgement Judgement { get; } = judgement;

    internal ChangeRole Role { get; } = role;

    internal List<Draft> Consequences { get; } = [];
}

/// <summary>Where a part of a declaration stands.</summary>
/// <param name="Place">Its own place.</param>
/// <param name="IsGone">Whether that is its place in the old headers.</param>
/// <param name="Old">Its place in the old headers, where it has one in the new as well.</param>
internal readonly record struct DraftPlace(SourcePlace Place, bool IsGone, SourcePlace? Old = null);

/// <summary>Takes in what the rules find on one target.</summary>
internal sealed class Findings
{
    internal List<Draft> Drafts { get; } = [];

    internal void Add(
        RuleInfo rule, DeclarationPair owner, string symbol, string before, string after, Judgement judgement,
        ChangeRole role = ChangeRole.Fact, DraftPlace? place = null, IReadOnlyList<CauseKey>? causes = null, string edit = "") =>
        Drafts.Add(new Draft(rule, owner, symbol, before, after, judgement, role) { Place = place, Causes = causes, Edit = edit });

    /// <summary>A change of one member of a record, or of how its members stand where none is named.</summary>
    internal void AddMember(
        RuleInfo rule, RecordPair owner, string member, string before, string after, Judgement judgement, ChangeRole role, DraftPlace place)
    {
        string symbol = member.Length > 0 ? $"{owner.Name}.{member}" : owner.Name;
        Drafts.Add(new Draft(rule, owner, symbol, before, after, judgement, role) { Member = member, Place = place });
    }

    /// <summary>A change of one enumerator, whose causes are its own: values of one enum change one by one.</summary>
    internal void Add(RuleInfo rule, EnumPair owner, EnumeratorPair enumerator, string before, string after, Judgement judgement) =>
        Drafts.Add(new Draft(rule, owner, owner.SymbolOf(enumerator.Name), before, after, judgement, ChangeRole.Consequence)
        {
            Enumerator = enumerator.Name,
            Causes = owner.CausesOf(enumerator),
            Place = new DraftPlace(
                (enumerator.After ?? enumerator.Before)!.Place, IsGone: enumerator.After is null, enumerator.Before?.Place),
        });
}
