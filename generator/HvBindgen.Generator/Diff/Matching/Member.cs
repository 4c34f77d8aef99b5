using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>A member that C lets one name directly in a record, with anonymous records dissolved.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Declared type.</param>
/// <param name="StartBits">Distance from the start of the record that is compared.</param>
/// <param name="WidthBits">Bits it occupies; 0 for a flexible array.</param>
/// <param name="IsBitField">Whether it is a bit-field.</param>
/// <param name="IsReserved">Whether its name says that it only keeps space.</param>
/// <param name="Grouping">Kinds of the anonymous records around it, from the outside in.</param>
/// <param name="Branch">Which alternative of which union it belongs to; empty outside unions.</param>
/// <param name="Order">Place in the order of declaration.</param>
internal sealed record Member(
    string Name,
    AbiType Type,
    long StartBits,
    long WidthBits,
    bool IsBitField,
    bool IsReserved,
    string Grouping,
    string Branch,
    int Order)
{
    /// <summary>Where it stands in its header.</summary>
    internal SourcePlace Source { get; init; }

    internal long EndBits => StartBits + WidthBits;

    internal bool SameRange(Member other) =>
        StartBits == other.StartBits && WidthBits == other.WidthBits && IsBitField == other.IsBitField;

    internal bool Overlaps(Member other) => StartBits < other.EndBits && other.StartBits < EndBits;

    /// <summary>Type and place, as reports show them.</summary>
    internal string Describe() => IsBitField
        ? $"{Type}:{WidthBits} at bit {StartBits}"
        : StartBits % 8 == 0 ? $"{Type} at byte {StartBits / 8}" : $"{Type} at bit {StartBits}";

    /// <summary>The type, with the width of a bit-field.</summary>
    internal string DescribeType() => IsBitField ? $"{Type}:{WidthBits}" : $"{Type}";

    /// <summary>Like <see cref="Describe"/>, with the width where the type does not show it.</summary>
    internal string DescribeWidth() => IsBitField ? Describe() : $"{Describe()}, {WidthBits} bits";

    internal string Place() => IsBitField || StartBits % 8 != 0 ? $"bit {StartBits}" : $"byte {StartBits / 8}";
}
