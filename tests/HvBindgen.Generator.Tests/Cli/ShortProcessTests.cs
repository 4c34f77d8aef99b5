using HvBindgen.Cli.Running;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using Xunit;

namespace HvBindgen.Generator.Tests.Cli;

/// <summary>What a process that ends soon does without.</summary>
public sealed class ShortProcessTests
{
    [Fact]
    public void Code_of_libclang_that_was_given_back_runs_again()
    {
        LibClangLocator.Load();
        using TemporaryFolder folder = new();
        folder.With("demo.h", "struct s { int x[3]; };\n#define FOUR (2 + 2)\n");
        AbiModel before = Parse(folder);

        long bytes = ShortProcess.GiveCodeBack();

        Assert.True(bytes > 1 << 20, $"{bytes} bytes");
        AbiModel after = Parse(folder);
        Assert.Equal(before.Records, after.Records);
        Assert.Equal(before.Constants, after.Constants);
    }

    private static AbiModel Parse(TemporaryFolder folder) => HeaderParser.Parse(
        new ParseRequest("demo", TargetInfo.Find("x86_64")!, ["demo.h"], [folder.Root])).Model;
}
