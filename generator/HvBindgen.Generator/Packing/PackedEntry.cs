namespace HvBindgen.Generator.Packing;

/// <summary>A name of a catalog, of which nothing is decoded yet.</summary>
/// <param name="Ordinal">Its place in the catalog.</param>
/// <param name="Name">The name; empty for an enum without one.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Targets">The targets that have it like this: bit n for the catalog's target n.</param>
public sealed record PackedEntry(int Ordinal, string Name, PackedKind Kind, int Targets)
{
    /// <summary>
    /// The first of the catalog's releases that has the name, counted from 1; 0 where that is not known. A release before the first of
    /// them may have it already.
    /// </summary>
    public int FirstRelease { get; init; }

    /// <summary>The header that was asked, where it declares the same in another header's words; null else.</summary>
    internal string? Twin { get; init; }

    /// <summary>Where its content begins.</summary>
    internal int Position { get; init; }
}
