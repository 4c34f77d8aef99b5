namespace HvBindgen.Generator.Model;

/// <summary>Where a member or an enumerator stands, beside the facts of it.</summary>
/// <param name="location">File, line and column; null where only the place of its record or enum is known.</param>
/// <remarks>
/// All places are equal: a snapshot holds none, and a member that moves to another line is the same member.
/// </remarks>
public readonly struct SourcePlace(SourceLocation? location) : IEquatable<SourcePlace>
{
    /// <summary>File, line and column; null where they are not known, as in a model read from a snapshot.</summary>
    public SourceLocation? Location { get; } = location;

    /// <summary>Always true.</summary>
    public static bool operator ==(SourcePlace left, SourcePlace right) => left.Equals(right);

    /// <summary>Always false.</summary>
    public static bool operator !=(SourcePlace left, SourcePlace right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SourcePlace other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SourcePlace;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
