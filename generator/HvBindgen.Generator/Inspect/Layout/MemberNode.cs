using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect.Layout;

/// <summary>One member of a record with all that is inside it, at its distance from the start of the outermost record.</summary>
/// <param name="Path">Names from the outermost record down, with dots; equal on all targets that have the member.</param>
/// <param name="Name">Name, or <c>[0]</c> for an element; empty for an anonymous record and for a hole.</param>
/// <param name="Type">Declared type; null for a hole and for elements that are not listed.</param>
/// <param name="OffsetBits">Distance from the start of the outermost record.</param>
/// <param name="WidthBits">Bits it occupies.</param>
/// <param name="IsBitField">Whether it is declared as a bit-field.</param>
internal sealed record MemberNode(string Path, string Name, AbiType? Type, long OffsetBits, long WidthBits, bool IsBitField)
{
    /// <summary>Members, elements and holes inside it.</summary>
    internal IReadOnlyList<MemberNode> Children { get; init; } = [];

    /// <summary>Record and member as the configuration names them: the nearest record with a name, and the way from it.</summary>
    internal string ValueKey { get; init; } = "";

    /// <summary>How C# reaches it from the outermost record; empty for a hole.</summary>
    internal string Access { get; init; } = "";

    /// <summary>C# type; empty where C# has none.</summary>
    internal string CSharpType { get; init; } = "";

    /// <summary>What stands in place of a name where nothing is declared; empty otherwise.</summary>
    internal string Gap { get; init; } = "";

    /// <summary>Bits of the integer that a bit-field is declared with.</summary>
    internal long UnitBits { get; init; }

    /// <summary>First bit behind it.</summary>
    internal long EndBits => OffsetBits + WidthBits;

    /// <summary>Whether its members are named as if they were the outer record's.</summary>
    internal bool IsAnonymous => Name.Length == 0 && !IsHole;

    /// <summary>Whether nothing is declared there.</summary>
    internal bool IsHole => Type is null;

    /// <summary>Bytes as 40-43, bits as 4:0-3: counted from the start of their integer where they lie in one.</summary>
    internal string Place
    {
        get
        {
            if (!IsBitField && OffsetBits % 8 == 0 && WidthBits % 8 == 0)
            {
                long first = OffsetBits / 8;
                return WidthBits <= 8 ? $"{first}" : $"{first}-{(EndBits / 8) - 1}";
            }

            long unit = UnitBits > 0 && (OffsetBits / UnitBits) == ((EndBits - 1) / UnitBits) ? UnitBits : 8;
            long start = OffsetBits / unit * unit;
            string last = WidthBits > 1 ? $"-{EndBits - 1 - start}" : "";
            return $"{start / 8}:{OffsetBits - start}{last}";
        }
    }

    /// <summary>Size as people say it.</summary>
    internal string Size => IsBitField || WidthBits % 8 != 0 ? $"{WidthBits} bit" : $"{WidthBits / 8}";

    /// <summary>The nodes with those inside anonymous records in their place.</summary>
    internal static IEnumerable<MemberNode> Hoisted(IEnumerable<MemberNode> nodes) =>
        nodes.SelectMany(node => node.IsAnonymous ? Hoisted(node.Children) : [node]);
}
