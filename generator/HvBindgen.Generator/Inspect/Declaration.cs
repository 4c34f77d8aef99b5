using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>Something that headers declare, on the targets that have it.</summary>
/// <param name="Set">Set it belongs to.</param>
/// <param name="Kind">What it is: record, enum, enumerator, constant, ioctl, typedef or macro.</param>
/// <param name="Name">Its name; for an enumerator without a named enum, the enumerator's.</param>
/// <param name="Sides">The declaration in each model of the set; null where a target has none.</param>
public sealed record Declaration(InspectedSet Set, DeclarationKind Kind, string Name, EquatableArray<IAbiDeclaration?> Sides)
{
    /// <summary>Member that was asked for, with dots; empty for the whole declaration.</summary>
    public string Member { get; init; } = "";

    /// <summary>The declaration on the first target that has it.</summary>
    public IAbiDeclaration Any => ((IEnumerable<IAbiDeclaration?>)Sides).First(side => side is not null)!;

    /// <summary>Models that have it, each with its declaration.</summary>
    internal IEnumerable<(AbiModel Model, T Declared)> Present<T>()
        where T : IAbiDeclaration
    {
        for (int index = 0; index < Sides.Count; index++)
        {
            if (Sides[index] is T declared)
            {
                yield return (Set.Models[index], declared);
            }
        }
    }
}

/// <summary>Kinds of declarations that have a name.</summary>
public enum DeclarationKind
{
    /// <summary>A struct or a union.</summary>
    Record,

    /// <summary>An enum.</summary>
    Enum,

    /// <summary>A name in an enum.</summary>
    Enumerator,

    /// <summary>A macro with a value.</summary>
    Constant,

    /// <summary>An ioctl request.</summary>
    Ioctl,

    /// <summary>A typedef.</summary>
    Typedef,

    /// <summary>A macro without a value.</summary>
    Macro,
}
