using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Inspect.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Inspect;

/// <summary>Draws an enum: names and values, beside each other where targets differ.</summary>
internal static class EnumDrawing
{
    internal static void DrawOn(Page page, Declaration declaration, int width)
    {
        AbiEnum any = (AbiEnum)declaration.Any;
        string count = any.Enumerators.Count == 1 ? "1 name" : $"{any.Enumerators.Count} names";
        DeclarationPage.Head(page, declaration, $"{any.CName} : {any.Underlying.ToC()}", count);
        DeclarationPage.CSharp(page, declaration.Present<AbiEnum>().Select(side => CSharpName(declaration, side.Model, side.Declared)));
        if (BitPositions.Of(any) is { } flags)
        {
            page.Add(
                new Piece("C# ", Tone.Faint),
                new Piece($"{declaration.Set.Options.Namespace}.{flags.FlagsName}", Tone.Type),
                " has these bits as flags");
        }

        page.Space();
        AbiEnum?[] sides = [.. ((IEnumerable<IAbiDeclaration?>)declaration.Sides).Select(side => side as AbiEnum)];
        bool isSame = sides.All(side => side is null || side.Enumerators == any.Enumerators);
        if (isSame)
        {
            sides = [any];
        }

        Column[] values =
        [
            .. sides.Select((_, index) => new Column(isSame ? "value" : declaration.Set.Models[index].Target.Name, IsRight: true)),
        ];
        Table table = new([new Column(""), new Column("name"), .. values, new Column("decimal", Folds: true, IsRight: true, Rank: 1)]);
        foreach (string name in sides.Where(side => side is not null).SelectMany(side => NamesOf(side!)).Distinct())
        {
            Int128?[] found = [.. sides.Select(side => ValueOf(side, name))];
            Int128 value = found.First(one => one is not null)!.Value;
            bool isWanted = declaration.Kind == DeclarationKind.Enumerator && declaration.Name == name;
            bool differs = found.Any(one => one != value);
            table.Add([
                isWanted ? new Piece("▶", Tone.Warning) : "",
                new Piece(name, isWanted ? Tone.Title : Tone.Name),
                .. found.Select(
                    one => (Cell)new Piece(one is null ? "-" : Numbers.Hexadecimal(one.Value), differs ? Tone.Warning : Tone.Value)),
                string.Join(" / ", found.Where(one => one is not null).Select(one => one.ToString()).Distinct()),
            ]);
        }

        table.DrawOn(page, width, isSame ? "  " : "");
    }

    private static string CSharpName(Declaration declaration, AbiModel model, AbiEnum @enum)
    {
        AbiEnumerator? wanted = declaration.Kind == DeclarationKind.Enumerator
            ? ((IEnumerable<AbiEnumerator>)@enum.Enumerators).FirstOrDefault(one => one.Name == declaration.Name)
            : null;
        return wanted is null ? declaration.Set.NameOf(model, @enum) : declaration.Set.NameOf(model, @enum, wanted);
    }

    private static IEnumerable<string> NamesOf(AbiEnum @enum) => ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Select(one => one.Name);

    private static Int128? ValueOf(AbiEnum? @enum, string name) =>
        @enum is null ? null : ((IEnumerable<AbiEnumerator>)@enum.Enumerators).FirstOrDefault(one => one.Name == name)?.Value;
}
