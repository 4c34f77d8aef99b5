extern alias uapi;

using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;
using Xunit;
using Line = uapi::HvBindgen.Uapi.Names.NameLine;
using Read = uapi::HvBindgen.Generator.Packing.Catalog;
using Selection = uapi::HvBindgen.Uapi.Selection.NameSelection;
using Settings = uapi::HvBindgen.Uapi.Project.UapiSettings;

namespace HvBindgen.Uapi.Tests;

/// <summary>A catalog with a name that no header of the kernel has: a struct and a macro at once. The tool writes it, the generator
/// reads it.</summary>
internal sealed class AmbiguousCatalog
{
    private readonly Read catalog;

    internal AmbiguousCatalog()
    {
        AbiType number = new AbiPrimitive(PrimitiveKind.Int);
        SourceLocation header = new("demo.h");
        IAbiDeclaration[] declarations =
        [
            new AbiRecord("demo", RecordKind.Struct, true, 4, 4, [new AbiField("value", number, 0, 32)], header),
            new AbiConstant("demo", number, new IntegerValue(1), header),
            new AbiConstant("alone", number, new IntegerValue(2), header),
        ];
        byte[] content = CatalogWriter.Content(
            "Linux 1.0", ["x86_64", "arm64"],
            [.. declarations.Select(declaration => new CatalogItem(declaration, 3, ["demo.h"], null))]);
        using MemoryStream file = new(CatalogWriter.Compress(content));
        catalog = Read.Read(file);
    }

    /// <summary>The diagnostic of a line with its arguments; the names that it selects where there is none.</summary>
    internal (string Id, string Text) Ask(string text)
    {
        Settings settings = new("Uapi", false, "Constants", ["x86_64", "arm64"], false, 100, []);
        Selection selection = Selection.Of(
            catalog, settings, [new Line(text, false, false, default)], TestContext.Current.CancellationToken);
        return selection.Problems.Count > 0
            ? (selection.Problems[0].Id, string.Join(", ", selection.Problems[0].Arguments))
            : ("", string.Join(", ", selection.Names.Select(name => name.Entry.Name)));
    }
}
