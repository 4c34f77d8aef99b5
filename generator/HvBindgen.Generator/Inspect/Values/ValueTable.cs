using HvBindgen.Generator.Inspect.Text;

namespace HvBindgen.Generator.Inspect.Values;

/// <summary>Members with their values, as a tree for people and as objects for programs.</summary>
internal static class ValueTable
{
    internal static void DrawOn(Page page, IReadOnlyList<ValueNode> nodes, int width)
    {
        Table table = new(new Column("bytes"), new Column("member"), new Column("value", Folds: true), new Column("meaning", Folds: true));
        AddRows(table, nodes, null, []);
        table.DrawOn(page, width, "  ");
    }

    /// <summary>The same for programs; gaps only where something is in them.</summary>
    internal static IReadOnlyList<ValueDocument> DocumentsOf(IReadOnlyList<ValueNode> nodes) =>
    [
        .. nodes.Where(node => !node.Member.IsHole || !node.IsZero).Select(node => new ValueDocument(
            node.Member.Path,
            node.Member.OffsetBits,
            node.Member.WidthBits,
            node.Text.Length > 0 ? node.Text : null,
            node.Meaning.Count > 0 ? node.Meaning : null,
            node.IsMissing ? true : null,
            node.Children.Count > 0 ? DocumentsOf(node.Children) : null)),
    ];

    // Without an indent at the top; what a record's bits say is not said again of the anonymous record inside that holds them.
    private static void AddRows(Table table, IReadOnlyList<ValueNode> nodes, string? indent, IReadOnlyList<string> said)
    {
        // Gaps matter only where something is in them; of many elements, those up to the last that is not zero.
        List<ValueNode> shown = [.. nodes.Where(node => !node.Member.IsHole || !(node.IsZero || node.IsMissing))];
        int last = shown.FindLastIndex(node => !(node.IsZero && node.Member.Name.StartsWith('[')));
        bool isArray = shown.Count > 2 && shown[0].Member.Name == "[0]" && last < shown.Count - 1;
        int count = isArray ? last + 1 : shown.Count;
        for (int index = 0; index < count; index++)
        {
            ValueNode node = shown[index];
            bool isLast = index == shown.Count - 1;
            string branch = indent is null ? "" : indent + (isLast ? "└ " : "├ ");
            Cell name = new(new Piece(branch, Tone.Faint), node.Member.IsHole ? new Piece($"({node.Member.Gap})", Tone.Faint)
                : node.Member.Name.Length == 0 ? new Piece("(anonymous)", Tone.Faint)
                : new Piece(node.Member.Name, Tone.Name));
            table.Add(
                new Piece(node.Member.Place, Tone.Faint), name,
                node.IsMissing && node.Children.Count == 0
                    ? new Piece("missing", Tone.Warning)
                    : new Piece(node.Text, node.IsZero ? Tone.Faint : Tone.Value),
                node.Meaning.SequenceEqual(said) ? "" : string.Join(" | ", node.Meaning));
            AddRows(table, node.Children, indent is null ? "" : indent + (isLast ? "  " : "│ "), node.Meaning);
        }

        if (isArray)
        {
            string range = last + 1 == shown.Count - 1
                ? shown[^1].Member.Name
                : $"{shown[last + 1].Member.Name} to {(shown[^1].Member.IsHole ? "end" : shown[^1].Member.Name)}";
            table.Add(
                "", new Cell(new Piece(indent + "└ ", Tone.Faint), new Piece(range, Tone.Faint)), new Piece("all zero", Tone.Faint), "");
        }
    }
}
