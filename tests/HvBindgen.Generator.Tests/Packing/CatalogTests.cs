using HvBindgen.Generator.Model;
using HvBindgen.Generator.Packing;
using HvBindgen.Generator.Tests.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Packing;

public sealed class CatalogTests
{
    private static readonly string[] Targets = ["x86_64", "arm64"];

    [Theory]
    [InlineData("array-kinds.h")]
    [InlineData("bitfield-union.h")]
    [InlineData("constant-integers.h")]
    [InlineData("constant-texts-and-floats.h")]
    [InlineData("enum-kinds.h")]
    [InlineData("function-pointers.h")]
    [InlineData("ioctl-functions.h")]
    [InlineData("ioctl-kinds.h")]
    [InlineData("record-anonymous-members.h")]
    [InlineData("record-tagged-inside.h")]
    [InlineData("typedef-chains.h")]
    public void Every_declaration_reads_back_as_it_was(string header)
    {
        List<CatalogItem> items = ItemsOf(header);

        Catalog catalog = Packed(items);

        foreach (CatalogItem item in items.Where(item => item.Declaration.Name.Length > 0))
        {
            Assert.Contains(
                catalog.Find(item.Declaration.Name),
                entry => entry.Kind == item.Kind && entry.Targets == item.Targets
                    && catalog.Read(entry).Declaration.Equals(item.Declaration));
        }
    }

    [Fact]
    public void A_name_that_nothing_has_is_not_found()
    {
        Catalog catalog = Packed(ItemsOf("record-plain.h"));

        Assert.Empty(catalog.Find("no_such_name"));
        Assert.Empty(catalog.Find(""));
        Assert.Empty(catalog.Find("\uffff"));
        Assert.Empty(catalog.In("no/such.h"));
    }

    [Fact]
    public void An_enumerator_leads_to_its_enum()
    {
        Catalog catalog = Packed(ItemsOf("enum-kinds.h"));
        PackedEntry enumerator = catalog.StartingWith("").First(entry => entry.Kind == PackedKind.Enumerator);

        AbiEnum @enum = (AbiEnum)catalog.Read(catalog.EnumOf(enumerator)).Declaration;

        Assert.Contains(@enum.Enumerators, each => each.Name == enumerator.Name);
    }

    [Fact]
    public void Names_that_begin_alike_are_found_together_wherever_blocks_end()
    {
        AbiType number = new AbiPrimitive(PrimitiveKind.Int);
        string[] names = [.. Enumerable.Range(0, 1000).Select(value => $"{(char)('A' + value % 7)}_{value:d4}")];
        Catalog catalog = Packed(
        [
            .. names.Select((name, value) =>
                new CatalogItem(new AbiConstant(name, number, new IntegerValue(value - 500), new("a.h")), 3, ["a.h"], null)),
        ]);

        foreach (string prefix in (string[])["A", "D_", "G_0006", ""])
        {
            Assert.Equal(
                names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                catalog.StartingWith(prefix).Select(entry => entry.Name));
        }

        Assert.All(names, name => Assert.Single(catalog.Find(name)));
        Assert.Equal(1000, catalog.In("a.h").Count);
    }

    [Fact]
    public void What_the_kernel_does_with_an_argument_goes_with_the_request()
    {
        IoctlUse use = IoctlUse.Read("ref struct ifreq", "drivers/net/tun.c");
        CatalogItem item = ItemsOf("ioctl-kinds.h").First(item => item.Kind == PackedKind.Ioctl) with { Use = use };
        Catalog catalog = Packed([item]);

        Assert.Equal(use, catalog.Read(catalog.Find(item.Declaration.Name).Single()).Use);
    }

    [Fact]
    public void What_a_second_header_declares_too_stands_in_the_header_that_is_asked()
    {
        AbiConstant constant = new("SHARED", new AbiPrimitive(PrimitiveKind.Int), new IntegerValue(1), new("first.h"));
        Catalog catalog = Packed([new CatalogItem(constant, 1, ["first.h", "passes/on.h", "second.h"], null) { Twins = ["second.h"] }]);

        Assert.Equal("first.h", HeaderOf(catalog.Find("SHARED")));
        Assert.Equal("first.h", HeaderOf(catalog.In("first.h")));
        Assert.Equal("first.h", HeaderOf(catalog.In("passes/on.h")));
        Assert.Equal("second.h", HeaderOf(catalog.In("second.h")));

        string HeaderOf(IReadOnlyList<PackedEntry> entries) => catalog.Read(Assert.Single(entries)).Declaration.Location.Header;
    }

    [Fact]
    public void What_is_no_catalog_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Catalog.Read(new MemoryStream(CatalogWriter.Compress([1, 2, 3, 4, 5, 6, 7, 8]))));

    private static Catalog Packed(List<CatalogItem> items)
    {
        using MemoryStream file = new(CatalogWriter.Compress(CatalogWriter.Content("Linux 1.0", Targets, items)));
        Catalog catalog = Catalog.Read(file);
        Assert.Equal("Linux 1.0", catalog.Origin);
        Assert.Equal(Targets, catalog.Targets.Select(target => target.Name));
        return catalog;
    }

    private static List<CatalogItem> ItemsOf(string header)
    {
        AbiModel model = FixtureHeaders.Parse(FixtureHeaders.Request(header, "x86_64")).Model;
        IEnumerable<IAbiDeclaration> declarations =
        [
            .. model.Records, .. model.Enums, .. model.Constants, .. model.Ioctls, .. model.Typedefs,
            .. model.Index.FunctionRequests.Select(request => request.Macro with { Digest = "" }),
        ];
        return [.. declarations.Select(declaration => new CatalogItem(declaration, 1, [declaration.Location.Header], null))];
    }
}
