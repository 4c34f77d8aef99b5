namespace HvBindgen.Generator.Diff.Matching;

/// <summary>What became of a member, as the ranges of both sides prove it. What that means is for the rules to say.</summary>
internal enum FieldFate
{
    /// <summary>Same place and type, another name.</summary>
    Renamed,

    /// <summary>Same name, another place.</summary>
    Moved,

    /// <summary>Same name, another width.</summary>
    Resized,

    /// <summary>Same name and width, another type.</summary>
    Retyped,

    /// <summary>Same place, other anonymous records around it.</summary>
    Regrouped,

    /// <summary>Members that both sides have stand in another order.</summary>
    Reordered,

    /// <summary>New, where something else was that now has to give way.</summary>
    Inserted,

    /// <summary>Gone.</summary>
    Removed,

    /// <summary>Another member took its place.</summary>
    Replaced,

    /// <summary>New, in bytes that the record did not have.</summary>
    Appended,

    /// <summary>Gone with the bytes it stood in.</summary>
    Truncated,

    /// <summary>New or wider, within bits that named members kept reserved.</summary>
    ReservedConsumed,

    /// <summary>Gone or narrower; named members keep its bits reserved now.</summary>
    Retired,

    /// <summary>A reserved member has another name, another type or is divided otherwise; its bits stay reserved.</summary>
    Relabelled,

    /// <summary>New, in bits between members that nothing claimed.</summary>
    HoleFilled,

    /// <summary>New, in the padding after the last member.</summary>
    TailFilled,

    /// <summary>Unnamed padding got a reserved member.</summary>
    PaddingNamed,

    /// <summary>Reserved bits have no member any more.</summary>
    PaddingUnnamed,

    /// <summary>A union got another alternative.</summary>
    AlternativeAdded,

    /// <summary>A union lost an alternative.</summary>
    AlternativeRemoved,

    /// <summary>A member without a size was added: a flexible array.</summary>
    FlexibleAdded,

    /// <summary>A member without a size is gone.</summary>
    FlexibleRemoved,

    /// <summary>A trailing array is spelled otherwise: [1], [0] or [].</summary>
    FlexibleRespelled,

    /// <summary>Members of an anonymous record have its name before them now, or no longer have it.</summary>
    Enclosed,

    /// <summary>Several members share what was one.</summary>
    Split,

    /// <summary>One member spans what were several.</summary>
    Joined,
}

/// <summary>One member's fate.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Before">The member before; null when there was none.</param>
/// <param name="After">The member after; null when there is none.</param>
/// <param name="Others">Further members that have a part in it: consumed ones, halves, companions.</param>
/// <param name="Relation">How the two types relate.</param>
internal sealed record FieldChange(
    FieldFate Fate,
    Member? Before,
    Member? After,
    IReadOnlyList<Member> Others,
    TypeRelation Relation = TypeRelation.Same)
{
    internal string Name => (After ?? Before)!.Name;

    /// <summary>Members that came or went together with it, as one alternative of a union.</summary>
    internal IReadOnlyList<Member> Companions { get; init; } = [];

    /// <summary>Whether the type it names changed, not the member's own declaration.</summary>
    internal bool IsDerived => Relation == TypeRelation.Same && Before is { IsBitField: false } && After is not null;
}
