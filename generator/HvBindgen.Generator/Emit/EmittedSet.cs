namespace HvBindgen.Generator.Emit;

/// <summary>The declarations of one set as C#, and what they need besides.</summary>
/// <param name="Files">The files, sorted by path.</param>
public sealed record EmittedSet(IReadOnlyList<EmittedFile> Files)
{
    /// <summary>What could not keep its name, by place.</summary>
    public IReadOnlyList<NameChange> Renamed { get; init; } = [];

    /// <summary>Whether the configuration gives attributes to it.</summary>
    internal bool HasAttributes { get; init; }

    /// <summary>The arrays that lie in records, by length.</summary>
    internal IReadOnlyCollection<SizedType> Arrays { get; init; } = [];

    /// <summary>What lies in records and is too large for an array, by size in bytes.</summary>
    internal IReadOnlyCollection<SizedType> Blocks { get; init; } = [];

    /// <summary>Namespaces that have a layout table.</summary>
    internal IReadOnlyList<string> TableNamespaces { get; init; } = [];
}
