namespace HvBindgen.Generator.Model;

/// <summary>Where a declaration stands in the headers.</summary>
/// <param name="Header">Header as an <c>#include</c> names it, for example <c>linux/mshv.h</c>; never a machine path.</param>
/// <param name="Line">Line from 1; 0 where only the header is known, as in a model read back from a snapshot.</param>
/// <param name="Column">Column from 1; 0 where it is not known.</param>
/// <remarks>
/// A place is where a fact was read, not part of the fact: two locations of the same header are equal whatever their lines,
/// so that a model equals the one read back from its snapshot and a moved declaration is no change.
/// </remarks>
public sealed record SourceLocation(string Header, int Line = 0, int Column = 0)
{
    /// <summary>Location of every record that has no name: a part of its declaration, not a declaration.</summary>
    public static SourceLocation InPlace { get; } = new("");

    /// <inheritdoc/>
    public bool Equals(SourceLocation? other) => other is not null && Header == other.Header;

    /// <inheritdoc/>
    public override int GetHashCode() => Header.GetHashCode(StringComparison.Ordinal);

    /// <summary>The location as compilers print it.</summary>
    /// <returns><c>header:line:column</c>, shortened by what is not known.</returns>
    public override string ToString() =>
        Line == 0 ? Header : Column == 0 ? $"{Header}:{Line}" : $"{Header}:{Line}:{Column}";
}
