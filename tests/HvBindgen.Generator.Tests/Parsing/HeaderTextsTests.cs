using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Parsing;

/// <summary>Parses that are given the same texts read each header once, and share nothing that differs between them.</summary>
public sealed class HeaderTextsTests : IDisposable
{
    private readonly HeaderTexts texts = new();
    private readonly TemporaryFolder folder = new();

    public HeaderTextsTests() => LibClangLocator.Load();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_text_of_a_header_that_changes_in_between_is_for_both_what_it_was_first()
    {
        folder.With("a.h", "#define FN(x) ((x) + 1)\n");
        ParsedHeaders first = Parse("x86_64", texts);
        folder.With("a.h", "#define FN(x) ((x) + 2)\n");

        ParsedHeaders shared = Parse("arm64", texts);
        ParsedHeaders alone = Parse("arm64", new HeaderTexts());

        Assert.Equal("FN", Assert.Single((IEnumerable<AbiMacro>)first.Model.Macros).Name);
        Assert.Equal(first.Model.Macros, shared.Model.Macros);
        Assert.Equal(first.InputDigest, shared.InputDigest);
        Assert.NotEqual(first.Model.Macros, alone.Model.Macros);
        Assert.NotEqual(first.InputDigest, alone.InputDigest);
    }

    [Fact]
    public void What_an_include_finds_for_one_machine_is_not_said_of_another()
    {
        folder.With("a.h", "#if __has_include(<machine.h>)\n#include <machine.h>\n#endif\nstruct a { int x; };\n")
            .With("only/machine.h", "struct m { int y; };\n");

        ParsedHeaders with = Parse("x86_64", texts, folder["only"]);
        ParsedHeaders without = Parse("arm64", texts);

        Assert.Equal(
            [new AbiInclusion("a.h", ["machine.h"]), new AbiInclusion("machine.h", [])], (IEnumerable<AbiInclusion>)with.Model.Inclusions);
        Assert.Equal([new AbiInclusion("a.h", [])], (IEnumerable<AbiInclusion>)without.Model.Inclusions);
    }

    [Fact]
    public async Task Parses_at_the_same_time_give_what_each_gives_alone()
    {
        folder.With("a.h", "#include \"b.h\"\n#define TWICE(x) ((x) * 2)\n#define SIZE sizeof(struct b)\n")
            .With("b.h", "struct b { long x; char y[16]; };\n#define LIMIT (1 << 4)\n");
        string[] machines = ["x86_64", "arm64", "i686", "x86_64", "arm64", "i686"];

        ParsedHeaders[] together = await Task.WhenAll(machines.Select(
            machine => Task.Run(() => Parse(machine, texts), TestContext.Current.CancellationToken)));

        Assert.Equal(machines.Select(machine => Parse(machine, new HeaderTexts()).Model), together.Select(parsed => parsed.Model));
    }

    private ParsedHeaders Parse(string machine, HeaderTexts read, params string[] folders) =>
        HeaderParser.Parse(new ParseRequest("texts", TargetInfo.Find(machine)!, ["a.h"], [folder.Root, .. folders])
        {
            OwnHeaders = ["*"],
            Texts = read,
        });
}
