using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Packing;

/// <summary>A declaration to be packed.</summary>
/// <param name="Declaration">The declaration.</param>
/// <param name="Targets">The targets that have it like this: bit n for the catalog's target n.</param>
/// <param name="Headers">The headers that declare it.</param>
/// <param name="Use">What the kernel does with the argument of a request; null where its macro is believed.</param>
public sealed record CatalogItem(IAbiDeclaration Declaration, int Targets, IReadOnlyCollection<string> Headers, IoctlUse? Use)
{
    /// <summary>Those of the headers that declare it too, in the same words, beside the one where it stands.</summary>
    public IReadOnlyCollection<string> Twins { get; init; } = [];

    /// <summary>What the declaration is.</summary>
    internal PackedKind Kind => PackedDeclarations.KindOf(Declaration);
}
