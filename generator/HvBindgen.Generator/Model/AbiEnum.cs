namespace HvBindgen.Generator.Model;

/// <summary>A C enum.</summary>
/// <param name="Name">Tag or typedef name; empty for an anonymous enum.</param>
/// <param name="HasTag">Whether C spells it <c>enum name</c>; false when a typedef names it or nothing does.</param>
/// <param name="Underlying">Integer type that clang chose for it on this target.</param>
/// <param name="Enumerators">Names and values in the order of declaration.</param>
/// <param name="Location">Where it is defined.</param>
public sealed record AbiEnum(
    string Name,
    bool HasTag,
    PrimitiveKind Underlying,
    EquatableArray<AbiEnumerator> Enumerators,
    SourceLocation Location) : IAbiDeclaration
{
    /// <inheritdoc/>
    public IAbiDeclaration At(SourceLocation location) => this with { Location = location };

    /// <summary>The C spelling; for an anonymous enum its first enumerator tells it from others.</summary>
    public string CName => HasTag ? $"enum {Name}" : Name.Length > 0 ? Name : $"enum {{ {Enumerators[0].Name}, ... }}";
}

/// <summary>One enumerator.</summary>
/// <param name="Name">Name in the header.</param>
/// <param name="Value">Its value; wide enough for every 64-bit enum, signed or not.</param>
public sealed record AbiEnumerator(string Name, Int128 Value)
{
    /// <summary>Where it stands in its header.</summary>
    public SourcePlace Place { get; init; }
}
