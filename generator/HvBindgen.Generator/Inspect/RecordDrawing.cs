using HvBindgen.Generator.Inspect.Layout;
using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>
/// Draws a record: a map of its bytes, and its members with places, types and their C#, targets side by side where they differ.
/// </summary>
internal sealed class RecordDrawing
{
    private readonly Declaration declaration;
    private readonly int width;
    private readonly List<(AbiModel Model, AbiRecord Record, IReadOnlyList<MemberNode> Members)> sides = [];
    private readonly IReadOnlyList<MemberRow> rows;

    internal RecordDrawing(Declaration declaration, int width)
    {
        (this.declaration, this.width) = (declaration, width);
        foreach ((AbiModel model, AbiRecord record) in declaration.Present<AbiRecord>())
        {
            sides.Add((model, record, new MemberTree(declaration.Set.TypesOf(model)).Of(record)));
        }

        rows = SideBySide.Merge([.. sides.Select(side => side.Members)]);
        if (declaration.Member.Length > 0)
        {
            string[] names = declaration.Member.Replace("[", ".[", StringComparison.Ordinal).Split(
                '.', StringSplitOptions.RemoveEmptyEntries);
            rows = names.Length > 0 ? SideBySide.Only(rows, names) : [];
            if (rows.Count == 0)
            {
                throw NoMember();
            }
        }
    }

    // Types may differ below a pointer and in names alone; what counts here is what one sees.
    private bool IsSame =>
        sides.TrueForAll(side => side.Record.SizeBytes == sides[0].Record.SizeBytes) && rows.All(row => row.IsSameInside);

    internal void DrawOn(Page page)
    {
        AbiRecord any = sides[0].Record;
        bool sizesDiffer = sides.Exists(side => side.Record.SizeBytes != any.SizeBytes || side.Record.AlignBytes != any.AlignBytes);
        string size = sizesDiffer
            ? string.Join("; ", sides.Select(side => $"{side.Model.Target.Name} {SizeOf(side.Record)}"))
            : SizeOf(any);
        DeclarationPage.Head(page, declaration, any.CName, size);
        DeclarationPage.CSharp(page, sides.Select(side => declaration.Set.NameOf(side.Model, side.Record)));
        if (declaration.Member.Length == 0)
        {
            DrawMaps(page);
        }

        page.Space();
        DrawTable(page);
    }

    private void DrawMaps(Page page)
    {
        if (IsSame)
        {
            page.Space();
            page.Add(MapOf(sides[0].Model, sides[0].Record, sides[0].Members, width));
            return;
        }

        int half = width == Page.Unlimited ? width : (width - Page.Gap) / 2;
        if (sides.Count == 2 && ByteMap.Fits(half))
        {
            Page[] halves = [.. sides.Select(side => MapOf(side.Model, side.Record, side.Members, half))];
            page.Space();
            if (page.TryAddBeside(halves[0], halves[1], width))
            {
                return;
            }
        }

        foreach ((AbiModel model, AbiRecord record, IReadOnlyList<MemberNode> members) in sides)
        {
            page.Space();
            page.Add(MapOf(model, record, members, width));
        }
    }

    private Page MapOf(AbiModel model, AbiRecord record, IReadOnlyList<MemberNode> members, int room)
    {
        Page page = new();
        if (!IsSame)
        {
            page.Add(new Piece($"      {model.Target.Name}", Tone.Warning));
        }

        new ByteMap(members, record.SizeBytes).DrawOn(page, room);
        return page;
    }

    private void DrawTable(Page page)
    {
        bool isSame = IsSame;
        Column[] places = isSame ? [new Column("bytes")] : [new Column(""), .. sides.Select(side => new Column(side.Model.Target.Name))];
        Table table = new(
            [
                .. places,
                new Column("size", IsRight: true),
                new Column("member"),
                new Column("type", Folds: true, Rank: 3),
                new Column("C# type", Folds: true, Rank: 1),
                new Column("C#", Folds: true, Rank: 2),
            ]);
        AddRows(table, rows, "", isSame);
        table.DrawOn(page, width, isSame ? "  " : "");
    }

    private void AddRows(Table table, IReadOnlyList<MemberRow> level, string indent, bool isSame)
    {
        for (int index = 0; index < level.Count; index++)
        {
            MemberRow row = level[index];
            bool isLast = index == level.Count - 1;
            bool isTop = ReferenceEquals(level, rows);
            string branch = isTop ? "" : indent + (isLast ? "└ " : "├ ");
            MemberNode node = row.Any;
            string types = string.Join(" / ", row.Sides.Where(side => side?.Type is not null).Select(side => TypeOf(side!)).Distinct());
            string csharp = string.Join(" / ", row.Sides.Where(side => side is not null).Select(side => side!.CSharpType).Distinct());
            Cell name = new(new Piece(branch, Tone.Faint), node.IsHole ? new Piece($"({node.Gap})", Tone.Faint)
                : node.Name.Length == 0 ? new Piece("(anonymous)", Tone.Faint)
                : new Piece(node.Name, Tone.Name));
            table.Add([
                .. PlacesOf(row, isSame),
                new Piece(
                    string.Join(" / ", row.Sides.Where(side => side is not null).Select(side => side!.Size).Distinct()),
                    node.IsHole ? Tone.Faint : Tone.Plain),
                name,
                new Piece(types, Tone.Type),
                new Piece(csharp, Tone.Type),
                new Piece(node.Access),
            ]);
            AddRows(table, row.Children, isTop ? "" : indent + (isLast ? "  " : "│ "), isSame);
        }
    }

    private static Cell[] PlacesOf(MemberRow row, bool isSame)
    {
        if (isSame)
        {
            return [new Piece(row.Any.Place, row.Any.IsHole ? Tone.Faint : Tone.Value)];
        }

        bool differs = !row.IsSame;
        return
        [
            differs ? new Piece("!", Tone.Warning) : "",
            .. row.Sides.Select(side => (Cell)new Piece(side?.Place ?? "-", differs ? Tone.Warning : Tone.Value)),
        ];
    }

    private static string TypeOf(MemberNode node) => node.IsBitField ? $"{node.Type} : {node.WidthBits}" : node.Type!.ToString();

    private static string SizeOf(AbiRecord record) =>
        $"{record.SizeBytes} {(record.SizeBytes == 1 ? "byte" : "bytes")}, aligned to {record.AlignBytes}";

    private InspectException NoMember()
    {
        List<string> known = [];
        foreach (AbiRecord record in sides.Select(side => side.Record))
        {
            known.AddRange(record.HoistedFields().Select(field => field.Name));
        }

        string? near = NearestName.Of(declaration.Member, known);
        return new InspectException(
            $"{sides[0].Record.CName} has no member {declaration.Member}" + (near is null ? "" : $"; did you mean {near}?"),
            $"Its members are: {string.Join(", ", known.Distinct())}.");
    }
}
