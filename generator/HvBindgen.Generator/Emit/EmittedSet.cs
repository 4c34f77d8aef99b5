namespace HvBindgen.Generator.Emit;

/// <summary>The declarations of one set as C#, and what they need besides.</summary>
/// <param name="Files">The files, sorted by path.</param>
public sealed record EmittedSet(IReadOnlyList<EmittedFile> Files)
{
    /// <summary>What could not keep its name, by place.</summary>
    public IReadOnlyList<NameChange> Renamed { get; init; } = [];

    /// <summary>Whether the configuration gives attributes to it.</summary>
    internal bool HasAttributes { get; init; }

    /// <summary>Lengths of the arrays that lie in records.</summary>
    internal IReadOnlyCollection<long> ArrayLengths { get; init; } = [];

    /// <summary>Sizes in bytes of what lies in records and is too large for an array.</summary>
    internal IReadOnlyCollection<long> BlockSizes { get; init; } = [];

    /// <summary>Namespaces that have a layout table.</summary>
    internal IReadOnlyList<string> TableNamespaces { get; init; } = [];
}
