using System.Globalization;
using System.Runtime.Intrinsics.X86;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Snapshots;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Generator.Tests.Emit.RandomHeaders;

/// <summary>
/// Random headers of valid C: compilers agree with every fact of the model, and the accessors of the C# write the bytes that those of C do.
/// </summary>
public sealed class RandomHeaderTests(ITestOutputHelper output)
{
    private const int DefaultSeed = 20261128;
    private const int HeadersOfRound = 120;
    private const int LongRounds = 30;

    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("HVBINDGEN_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : DefaultSeed;

    private static int Rounds => Environment.GetEnvironmentVariable("HVBINDGEN_FUZZ") is "1" ? LongRounds : 1;

    [Fact]
    public async Task Accessors_of_random_records_write_the_bytes_that_C_writes()
    {
        Compiler gcc = CompilerOf(TargetInfo.Find("x86_64")!, isClang: false);
        for (int round = 0; round < Rounds; round++)
        {
            using TemporaryFolder folder = new();
            (string[] headers, ParsedHeaders parsed) = Parse(folder, "x86_64", Seed + round);
            string c = await RunAsync(gcc, folder, AccessorPrograms.InC(parsed.Model, headers));

            Bindings bindings = Bindings.OfParsed(parsed, AccessorPrograms.InCSharp(parsed.Model), AccessorPrograms.Helpers);

            string[] expected = c.Split('\n');
            string[] actual = ((string)bindings.Result!).Split('\n');
            string[] faults =
                [.. expected.Zip(actual).Where(pair => pair.First != pair.Second).Select(pair => $"C  {pair.First}\nC# {pair.Second}")];
            Assert.True(faults.Length == 0, $"seed {Seed + round}:\n{string.Join('\n', faults.Take(10))}");
            Assert.Equal(expected.Length, actual.Length);
            output.WriteLine(
                $"seed {Seed + round}: {headers.Length} headers, {expected.Length - 1} accessors, {bindings.Facts} facts in C#");
        }
    }

    [Theory]
    [InlineData("x86_64", false)]
    [InlineData("x86_64", true)]
    [InlineData("arm64", false)]
    [InlineData("i686", false)]
    [InlineData("i686", true)]
    [InlineData("armv7", true)]
    [InlineData("s390x", false)]
    [InlineData("s390x", true)]
    public async Task Compilers_agree_with_every_fact_of_random_records(string target, bool isClang)
    {
        Compiler compiler = CompilerOf(TargetInfo.Find(target)!, isClang);
        for (int round = 0; round < Rounds; round++)
        {
            using TemporaryFolder folder = new();
            (string[] headers, ParsedHeaders parsed) = Parse(folder, target, Seed + round);

            VerifyReport report = await CompilerOracle.VerifyAsync(
                parsed.Model, new VerifyRequest(compiler, headers, [folder.Root]), TestContext.Current.CancellationToken);

            Assert.True(
                report.Disagreements.Count == 0, $"seed {Seed + round}: {string.Join('\n', report.Disagreements.Take(10))}");
            Assert.Equal(parsed.Model, SnapshotReader.Read(SnapshotWriter.Write(parsed.Model), "random"));
            output.WriteLine($"seed {Seed + round}: {headers.Length} headers, {report.Agreed} facts agree");
        }
    }

    private static (string[] Headers, ParsedHeaders Parsed) Parse(TemporaryFolder folder, string targetName, int seed)
    {
        LibClangLocator.Load();
        TargetInfo target = TargetInfo.Find(targetName)!;
        string[] headers = [.. Enumerable.Range(0, HeadersOfRound).Select(index => $"random{index}.h")];
        for (int index = 0; index < headers.Length; index++)
        {
            folder.With(headers[index], RandomHeader.Write(seed, index, isWide: targetName is "x86_64" or "arm64"));
        }

        return (headers, HeaderParser.Parse(new ParseRequest("random", target, headers, [folder.Root])));
    }

    private static Compiler CompilerOf(TargetInfo target, bool isClang)
    {
        Compiler? found = CompilerFinder.Find(target).FirstOrDefault(compiler => compiler.IsClang == isClang);
        if (found is null)
        {
            // gcc for x86 is set up where it is the machine's own.
            Assert.SkipUnless(
                X86Base.IsSupported || isClang || target.Name is "arm64" or "s390x", $"no gcc for {target.Name} on this machine");
            Requirement.SkipOrFail($"no {(isClang ? "clang" : "gcc")} for {target.Name} on this machine");
        }

        return found!;
    }

    private static async Task<string> RunAsync(Compiler gcc, TemporaryFolder folder, string program)
    {
        folder.With("accessors.c", program);
        Ending built = await new ChildProgram(
            gcc.Path,
            [.. gcc.BaseArguments, "-std=gnu11", "-w", "-O0", "-I", folder.Root, "-o", folder["accessors"], folder["accessors.c"]])
            .RunAsync(TestContext.Current.CancellationToken);
        Assert.True(built.ExitCode == 0, built.Error);
        return (await new ChildProgram(folder["accessors"], []).RunAsync(TestContext.Current.CancellationToken)).Out;
    }
}
