using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect.Layout;

/// <summary>Unfolds a record into its members, the members of those, and the holes between them.</summary>
/// <param name="types">Type mapping of the model that the record is of.</param>
/// <param name="maxElements">How many elements of an array of records, or of any array where <paramref name="unfoldsAll"/>, are
/// listed.</param>
/// <param name="unfoldsAll">Whether elements of arrays of integers are listed too, save those of bytes.</param>
internal sealed class MemberTree(TypeMapper types, int maxElements = 1, bool unfoldsAll = false)
{
    // C allows no record inside itself; a damaged snapshot might.
    private const int MaxDepth = 24;

    private AbiModel Model => types.Model;

    /// <summary>The members of a record.</summary>
    /// <param name="record">A record of the model.</param>
    /// <param name="baseBits">Where it starts.</param>
    internal IReadOnlyList<MemberNode> Of(AbiRecord record, long baseBits = 0) =>
        Of(record, new Place("", "", record.CName, NamesOf(record), baseBits, 0));

    private List<MemberNode> Of(AbiRecord record, Place at)
    {
        List<MemberNode> nodes = [];
        if (at.Depth > MaxDepth)
        {
            return nodes;
        }

        long reached = at.BaseBits;
        int index = 0;
        foreach (AbiField field in record.Fields)
        {
            long start = at.BaseBits + field.OffsetBits;
            if (record.Kind == RecordKind.Struct && start > reached)
            {
                nodes.Add(Hole(at, nodes, reached, start, "hole"));
            }

            nodes.Add(Of(field, start, at, index++));
            reached = Math.Max(reached, start + field.WidthBits);
        }

        long end = at.BaseBits + (record.SizeBytes * 8);
        if (record.Kind == RecordKind.Struct && reached < end && record.Fields.Count > 0)
        {
            nodes.Add(Hole(at, nodes, reached, end, "padding"));
        }

        return nodes;
    }

    private MemberNode Of(AbiField field, long start, Place at, int index)
    {
        if (field.AnonymousRecord is { } anonymous)
        {
            string path = $"{at.Path}<{index}>";
            return new MemberNode(path, "", field.Type, start, field.WidthBits, false)
            {
                Children = Of(anonymous, at with { Path = path, BaseBits = start, Depth = at.Depth + 1 }),
            };
        }

        string inline = at.Names.InlineTypeOf(field);
        Place inside = at.Into(field.Name, $".{at.Names.Of(field)}", inline, start);
        MemberNode node = new(inside.Path, field.Name, field.Type, start, field.WidthBits, field.IsBitField)
        {
            ValueKey = inside.ValueKey,
            Access = field.IsFlexibleArray ? $"{inside.Access}(…)" : inside.Access,
            CSharpType = CSharpTypeOf(field, inline),
            UnitBits = field.IsBitField ? BitsOf(field.Type) : 0,
        };
        return field.IsBitField ? node : node with { Children = Inside(field.Type, inside) };
    }

    private List<MemberNode> Inside(AbiType type, Place at)
    {
        AbiType resolved = Model.Index.Resolve(type);
        if (resolved is AbiArray array)
        {
            return Elements(array, at);
        }

        return Model.Index.RecordOf(resolved) is { } record
            ? Of(record, record.Name.Length == 0
                ? at with { Names = NamesOf(record, at.Inline, at.ValueKey) }
                : at with { ValueKey = record.CName, Names = NamesOf(record) })
            : [];
    }

    private RecordNames NamesOf(AbiRecord record) => NamesOf(record, types.Names.Of(record), record.CName);

    private RecordNames NamesOf(AbiRecord record, string owner, string cName) =>
        types.Names.MembersOf(record, owner, cName, Model.Index);

    private List<MemberNode> Elements(AbiArray array, Place at)
    {
        long size = BitsOf(array.Element);
        AbiType element = Model.Index.Resolve(array.Element);
        bool isListed = Model.Index.RecordOf(element) is not null || (unfoldsAll && size > 8 && array.Count > 1);
        List<MemberNode> nodes = [];
        long count = array.Count ?? 0;
        for (long index = 0; isListed && index < Math.Min(count, maxElements) && size > 0 && at.Depth <= MaxDepth; index++)
        {
            long start = at.BaseBits + (index * size);
            Place inside = at with
            {
                Path = $"{at.Path}[{index}]",
                Access = $"{at.Access}[{index}]",
                BaseBits = start,
                Depth = at.Depth + 1,
            };
            nodes.Add(new MemberNode(inside.Path, $"[{index}]", array.Element, start, size, false)
            {
                ValueKey = at.ValueKey,
                Access = inside.Access,
                CSharpType = types.Map(array.Element, at.Inline).Type.ToString(),
                Children = Inside(array.Element, inside),
            });
        }

        if (nodes.Count > 0 && count > nodes.Count)
        {
            long start = at.BaseBits + (nodes.Count * size);
            string which = count - nodes.Count == 1 ? $"[{nodes.Count}]" : $"[{nodes.Count}] to [{count - 1}]";
            nodes.Add(new MemberNode($"{at.Path}[…]", "", null, start, (count - nodes.Count) * size, false) { Gap = $"{which} alike" });
        }

        return nodes;
    }

    private long BitsOf(AbiType type) => (Model.Index.SizeBytesOf(type) ?? 0) * 8;

    private string CSharpTypeOf(AbiField field, string inline)
    {
        if (field.IsFlexibleArray)
        {
            AbiType element = ((AbiArray)field.Type).Element;
            return BitsOf(element) == 0 ? "" : $"Span<{types.Map(element, inline).Type}>";
        }

        if (field.WidthBits == 0)
        {
            return "";
        }

        bool isBoolean = field.IsBitField && Model.Index.Resolve(field.Type) is AbiPrimitive { Kind: PrimitiveKind.Bool };
        return isBoolean ? "bool" : types.Map(field.Type, inline).Type.ToString();
    }

    // A hole goes by the member before it, so that targets that lay the same members out differently have the same holes.
    private static MemberNode Hole(Place at, List<MemberNode> before, long start, long end, string word) =>
        new($"{at.Path}<{word} after {(before.Count > 0 ? before[^1].Path : "")}>", "", null, start, end - start, false) { Gap = word };

    /// <summary>Where in the outermost record the unfolding is.</summary>
    /// <param name="Path">Names from the outermost record down.</param>
    /// <param name="Access">The same for C#.</param>
    /// <param name="ValueKey">Nearest named record, and the way from it.</param>
    /// <param name="Names">C# names of the members of the type that holds them.</param>
    /// <param name="BaseBits">Where that type starts.</param>
    /// <param name="Depth">How far down it is.</param>
    private sealed record Place(string Path, string Access, string ValueKey, RecordNames Names, long BaseBits, int Depth)
    {
        /// <summary>C# name for a record that the member itself defines.</summary>
        internal string Inline { get; private init; } = "";

        internal Place Into(string name, string access, string inline, long start) => new(
            Path.Length == 0 || Path[^1] == '>' ? Path + name : $"{Path}.{name}",
            Access + access,
            $"{ValueKey}.{name}",
            Names,
            start,
            Depth + 1)
        {
            Inline = inline,
        };
    }
}
