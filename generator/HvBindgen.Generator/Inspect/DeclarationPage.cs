using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>Draws declarations for a person: one page for each, or a list of many.</summary>
public static class DeclarationPage
{
    /// <summary>Draws one declaration, with what it leads to.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="width">Columns of the terminal, or <see cref="Page.Unlimited"/>.</param>
    /// <returns>The page.</returns>
    /// <exception cref="InspectException">A member that was asked for is not there.</exception>
    public static Page Draw(Declaration declaration, int width)
    {
        Page page = new();
        switch (declaration.Kind)
        {
            case DeclarationKind.Record:
                new RecordDrawing(declaration, width).DrawOn(page);
                break;
            case DeclarationKind.Enum or DeclarationKind.Enumerator:
                EnumDrawing.DrawOn(page, declaration, width);
                break;
            case DeclarationKind.Constant:
                DrawConstant(page, declaration, width);
                break;
            case DeclarationKind.Ioctl:
                DrawIoctl(page, declaration, width);
                break;
            case DeclarationKind.Typedef:
                DrawTypedef(page, declaration, width);
                break;
            default:
                AbiMacro macro = (AbiMacro)declaration.Any;
                Head(
                    page,
                    declaration,
                    $"#define {macro.Name}{macro.Parameters}",
                    KindOf(macro, declaration));
                CSharp(page, declaration.Present<AbiMacro>().SelectMany(side => declaration.Set.NamesOf(side.Model, side.Declared)));
                break;
        }

        return page;
    }

    /// <summary>Lists declarations, one on each line.</summary>
    /// <param name="declarations">What was found.</param>
    /// <param name="width">Columns of the terminal, or <see cref="Page.Unlimited"/>.</param>
    /// <returns>The page.</returns>
    public static Page List(IReadOnlyList<Declaration> declarations, int width)
    {
        Page page = new();
        Table table = new(
            new Column("name"),
            new Column("kind", Rank: 1),
            new Column("", Folds: true),
            new Column("set", Rank: 2),
            new Column("targets", Folds: true));
        foreach (Declaration declaration in declarations)
        {
            table.Add(
                new Piece(declaration.Name, Tone.Name), WordOf(declaration.Kind), new Piece(Brief(declaration), Tone.Value),
                declaration.Set.Name, new Piece(OnlyOn(declaration), Tone.Warning));
        }

        table.DrawOn(page, width);
        return page;
    }

    /// <summary>Starts a page: what is shown, where it stands, which targets have it.</summary>
    internal static void Head(Page page, Declaration declaration, string title, string detail)
    {
        page.Add(new Piece(title, Tone.Title), "  ", detail);
        string only = OnlyOn(declaration);
        page.Add(
            new Piece($"{declaration.Any.Location.Header}, set {declaration.Set.Name}, ", Tone.Faint),
            only.Length > 0 ? new Piece(only, Tone.Warning) : new Piece(Targets(declaration), Tone.Faint));
    }

    /// <summary>The C# names of a declaration: one where all targets share it.</summary>
    internal static void CSharp(Page page, IEnumerable<string> names)
    {
        foreach (string name in names.Where(name => name.Length > 0).Distinct())
        {
            page.Add(new Piece("C# ", Tone.Faint), new Piece(name, Tone.Type));
        }
    }

    internal static string WordOf(DeclarationKind kind) => kind.ToString().ToLowerInvariant();

    internal static string OnlyOn(Declaration declaration)
    {
        string[] present = [.. declaration.Present<IAbiDeclaration>().Select(side => side.Model.Target.Name)];
        return present.Length < declaration.Sides.Count ? $"{string.Join(", ", present)} only" : "";
    }

    private static string Targets(Declaration declaration) =>
        string.Join(" and ", declaration.Set.Models.Select(model => model.Target.Name));

    private static string Brief(Declaration declaration) => declaration.Any switch
    {
        AbiRecord record => record.SizeBytes == 1 ? "1 byte" : $"{record.SizeBytes} bytes",
        AbiEnum @enum when declaration.Kind == DeclarationKind.Enumerator =>
            Numbers.Hexadecimal(((IEnumerable<AbiEnumerator>)@enum.Enumerators).First(one => one.Name == declaration.Name).Value),
        AbiEnum @enum => $"{@enum.Enumerators.Count} names",
        AbiConstant { Value: IntegerValue integer } => Numbers.Hexadecimal(integer.Value),
        AbiConstant constant => constant.Value.ToString(),
        AbiIoctl ioctl => $"0x{ioctl.Request:x8}",
        AbiTypedef typedef => typedef.Type.ToString(),
        _ => "",
    };

    private static string KindOf(AbiMacro macro, Declaration declaration) =>
        macro.Parameters.Length == 0 ? "macro without a value, not in the C#"
        : declaration.Present<AbiMacro>().Any(side => declaration.Set.NamesOf(side.Model, side.Declared).Any())
            ? "request with arguments"
            : "function-like macro, not in the C#";

    private static void DrawConstant(Page page, Declaration declaration, int width)
    {
        Head(page, declaration, declaration.Name, "constant");
        CSharp(page, declaration.Present<AbiConstant>().Select(side => declaration.Set.NameOf(side.Model, side.Declared)));
        page.Space();
        List<(string Target, AbiConstant Constant)> sides =
        [
            .. declaration.Present<AbiConstant>().Select(side => (side.Model.Target.Name, side.Declared)),
        ];
        bool isSame = sides.TrueForAll(
            side => side.Constant.Value.Equals(sides[0].Constant.Value) && side.Constant.Type.Equals(sides[0].Constant.Type));
        Table table = new(
            new Column("target"),
            new Column("type"),
            new Column("value", Folds: true),
            new Column("decimal"),
            new Column("bits", Folds: true));
        foreach ((string target, AbiConstant constant) in isSame ? sides[..1] : sides)
        {
            Int128? number = (constant.Value as IntegerValue)?.Value;
            table.Add(
                isSame ? "" : new Piece(target, Tone.Warning),
                new Piece(constant.Type.ToString(), Tone.Type),
                new Piece(number is { } value ? Numbers.Hexadecimal(value) : constant.Value.ToString(), Tone.Value),
                number?.ToString() ?? "",
                number is { } bits ? Numbers.Bits(bits) : "");
        }

        table.DrawOn(page, width, "  ");
    }

    private static void DrawTypedef(Page page, Declaration declaration, int width)
    {
        Head(page, declaration, $"typedef {((AbiTypedef)declaration.Any).Type} {declaration.Name}", "");
        foreach (IGrouping<(AbiType Type, long AlignBytes), (AbiModel Model, AbiTypedef Declared)> same in declaration.Present<AbiTypedef>()
            .GroupBy(side => (Type: side.Model.Index.Resolve(side.Declared.Type), side.Declared.AlignBytes)))
        {
            page.Add(
                new Piece("is ", Tone.Faint), new Piece(same.Key.Type.ToString(), Tone.Type),
                new Piece($", aligned to {same.Key.AlignBytes}, on ", Tone.Faint),
                string.Join(", ", same.Select(side => side.Model.Target.Name)));
        }

        AbiModel first = declaration.Present<AbiTypedef>().First().Model;
        AbiType target = first.Index.Resolve(((AbiTypedef)declaration.Any).Type);
        IAbiDeclaration? behind = (IAbiDeclaration?)first.Index.RecordOf(target) ?? first.Index.EnumOf(target);
        if (behind is { Name.Length: > 0 })
        {
            page.Space();
            page.Add(Draw(new Catalogue([declaration.Set]).Find(behind.Name)[0], width));
        }
    }

    private static void DrawIoctl(Page page, Declaration declaration, int width)
    {
        foreach (AbiIoctl ioctl in declaration.Present<AbiIoctl>().Select(side => side.Declared).Distinct())
        {
            page.Space();
            string targets = string.Join(
                ", ", declaration.Present<AbiIoctl>().Where(side => side.Declared.Equals(ioctl)).Select(side => side.Model.Target.Name));
            page.Add(new Piece(ioctl.Name, Tone.Title), "  ", new Piece($"0x{ioctl.Request:x8}", Tone.Value), "  ", IoctlText.Macro(ioctl));
            page.Add(new Piece($"{ioctl.Location.Header}, set {declaration.Set.Name}, {targets}", Tone.Faint));
            AbiModel model = declaration.Present<AbiIoctl>().First(side => side.Declared.Equals(ioctl)).Model;
            CSharp(page, declaration.Set.NamesOf(model, ioctl));
            page.Space();
            IoctlText.DrawOn(page, ioctl, width);
            if (declaration.Set.Options.IoctlUses.Of(ioctl) is { } use)
            {
                page.Space();
                Table sentence = new(new Column("", Folds: true));
                sentence.Add(use.Describe(word => word));
                sentence.DrawOn(page, width, "  ");
            }

            foreach (AbiType argument in IoctlText.ArgumentsOf(declaration.Set, ioctl))
            {
                if (model.Index.RecordOf(model.Index.Resolve(argument)) is { Name.Length: > 0 } record)
                {
                    page.Space();
                    page.Add(
                        Draw(
                            new Catalogue([declaration.Set]).Find(record.Name).First(found => found.Kind == DeclarationKind.Record),
                            width));
                }
            }
        }
    }
}
