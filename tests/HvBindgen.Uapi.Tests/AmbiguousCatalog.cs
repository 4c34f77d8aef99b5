extern alias uapi;

using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;
using Xunit;
using Abilities = uapi::HvBindgen.Uapi.Project.ProjectAbilities;
using Line = uapi::HvBindgen.Uapi.Names.NameLine;
using Output = uapi::HvBindgen.Uapi.Output.UapiOutput;
using Read = uapi::HvBindgen.Generator.Packing.Catalog;
using Selection = uapi::HvBindgen.Uapi.Selection.NameSelection;
using UapiSettings = uapi::HvBindgen.Uapi.Project.UapiSettings;

namespace HvBindgen.Uapi.Tests;

/// <summary>A catalog with a name that no header of the kernel has: a struct and a macro at once. The tool writes it, the generator
/// reads it.</summary>
internal sealed class AmbiguousCatalog
{
    private static readonly UapiSettings Settings = new("Uapi", false, "Constants", ["x86_64", "arm64"], false, 100, []);

    private readonly Read catalog;

    internal AmbiguousCatalog()
    {
        AbiType number = new AbiPrimitive(PrimitiveKind.Int);
        SourceLocation header = new("demo.h");
        IAbiDeclaration[] declarations =
        [
            new AbiRecord("demo", RecordKind.Struct, true, 4, 4, [new AbiField("value", number, 0, 32)], header),
            new AbiConstant("demo", number, new IntegerValue(1), header),
            new AbiRecord(
                "endless", RecordKind.Struct, true, 1 << 28, 4,
                [new AbiField("all", new AbiArray(new AbiArray(number, 1 << 13), 1 << 13), 0, 1L << 31)], header),
            new AbiConstant("alone", number, new IntegerValue(2), header),
        ];
        byte[] content = CatalogWriter.Content(
            "Linux 1.0", ["x86_64", "arm64"],
            [.. declarations.Select(declaration => new CatalogItem(declaration, 3, ["demo.h"], null))]);
        using MemoryStream file = new(CatalogWriter.Compress(content));
        catalog = Read.Read(file);
    }

    /// <summary>The files and diagnostics of a line.</summary>
    internal Output Make(string text) => Output.Of(
        catalog, [new Line(text, false, false, default)], Settings, new Abilities(true, true, true), TestContext.Current.CancellationToken);

    /// <summary>The diagnostic of a line with its arguments; the names that it selects where there is none.</summary>
    internal (string Id, string Text) Ask(string text)
    {
        Selection selection = Selection.Of(
            catalog, Settings, [new Line(text, false, false, default)], TestContext.Current.CancellationToken);
        return selection.Problems.Count > 0
            ? (selection.Problems[0].Id, string.Join(", ", selection.Problems[0].Arguments))
            : ("", string.Join(", ", selection.Names.Select(name => name.Entry.Name)));
    }
}
