using System.Diagnostics;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;
using Xunit;

namespace HvBindgen.Layout.Tests;

/// <summary>gcc and clang are asked for every fact of the models.</summary>
public class OracleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("mshv", "x86_64", "gcc")]
    [InlineData("mshv", "x86_64", "clang")]
    [InlineData("mshv", "arm64", "gcc")]
    [InlineData("mshv", "arm64", "clang")]
    [InlineData("kvm", "x86_64", "gcc")]
    [InlineData("kvm", "x86_64", "clang")]
    [InlineData("kvm", "arm64", "gcc")]
    [InlineData("kvm", "arm64", "clang")]
    public async Task The_compiler_agrees_with_every_fact(string set, string targetName, string family)
    {
        AbiModel model = HeaderSets.Model(set, targetName);

        VerifyReport report = await VerifyAsync(set, model, family);

        Assert.Empty(report.Disagreements);
        Assert.True(report.Agreed > 1000, $"only {report.Agreed} facts were asked");
        Assert.DoesNotContain(report.NotAsked, fact => fact.Reason.StartsWith("refused", StringComparison.Ordinal));
    }

    // Debian's cross compilers for these are no requirement; clang compiles for all of them.
    [Theory]
    [InlineData("i686")]
    [InlineData("armv7")]
    [InlineData("riscv64")]
    [InlineData("ppc64le")]
    [InlineData("s390x")]
    public async Task Clang_agrees_with_every_fact_of_common_headers_for_other_targets(string targetName)
    {
        AbiModel model = HeaderSets.Model("common", targetName);

        VerifyReport report = await VerifyAsync("common", model, "clang");

        Assert.Empty(report.Disagreements);
        Assert.NotEmpty(model.Ioctls);
        Assert.Contains(model.Records, record => record.HoistedFields().Any(field => field.IsBitField));
    }

    private async Task<VerifyReport> VerifyAsync(string set, AbiModel model, string family)
    {
        Compiler compiler = Compilers.For(model.Target, family);
        ParseRequest parsed = HeaderSets.Request(set, model.Target);
        Stopwatch watch = Stopwatch.StartNew();

        VerifyReport report = await CompilerOracle.VerifyAsync(
            model,
            new VerifyRequest(compiler, parsed.Headers, parsed.IncludePaths) { Defines = parsed.Defines },
            TestContext.Current.CancellationToken);

        output.WriteLine(
            $"{set} {model.Target.Name}: {compiler.Name} ({compiler.VersionText}) agrees with {report.Agreed} facts, disagrees with "
            + $"{report.Disagreements.Count}, {report.NotAsked.Count} cannot be asked; {watch.ElapsedMilliseconds} ms");
        foreach (IGrouping<string, NotAskedFact> reason in report.NotAsked.GroupBy(fact => fact.Reason))
        {
            output.WriteLine($"  {reason.Count()} not asked: {reason.Key}, for example {reason.First().Fact}");
        }

        return report;
    }
}
