using System.Text;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Lint;
using HvBindgen.Generator.Tests.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Lint;

public sealed class LintBaselineTests
{
    private const string Header = """
        #include "uapi.h"
        struct first { __u8 a; __u64 b; __u64 rsvd; };
        struct second { __u8 a; __u64 b; __u64 rsvd; };
        #define VM_FIRST _IOW('x', 1, struct first)
        #define VM_SECOND _IOW('x', 2, struct second)
        """;

    [Fact]
    public void Accepted_finding_no_longer_counts_but_is_still_listed()
    {
        LintResult before = Holes();
        LintResult after = Assert.Single(Read("HV7004", "first.*").Apply([before]));

        Assert.True(before.Reaches(LintSeverity.Warning));
        Assert.Contains(after.Accepted, finding => finding.Symbol == "first.a");
        Assert.DoesNotContain(after.Findings, finding => finding is { Rule.Id: "HV7004", Symbol: "first.a" });
        Assert.Contains(after.Findings, finding => finding is { Rule.Id: "HV7004", Symbol: "second.a" });
    }

    [Fact]
    public void One_file_serves_several_sets()
    {
        LintResult other = Holes() with { Set = "other", Findings = [] };

        Assert.Equal(2, Read("HV7004", "first.a").Apply([other, Holes()]).Count);
    }

    [Fact]
    public void Entry_that_accepts_nothing_is_an_error()
    {
        DiffException fault = Assert.Throws<DiffException>(() => Read("HV7004", "third.*").Apply([Holes()]));

        Assert.Equal("accepted.json: HV7004 for third.* is found no more: remove it", fault.Message);
    }

    [Theory]
    [InlineData("HV1004", "*", "agreed", "no rule HV1004 of lint")]
    [InlineData("HV7004", "*", " ", "\"reason\" is missing, empty")]
    public void Entry_that_means_nothing_is_refused(string rule, string symbol, string reason, string expected)
    {
        DiffException fault = Assert.Throws<DiffException>(() => Read(rule, symbol, reason));

        Assert.StartsWith("accepted.json: entry 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"accepted\": [")]
    [InlineData("{}")]
    [InlineData("{\"accepted\": [7]}")]
    public void Damaged_file_is_refused(string json) =>
        Assert.Throws<DiffException>(() => LintBaseline.Read(Encoding.UTF8.GetBytes(json), "accepted.json"));

    private static LintResult Holes() => Linter.Check(FixturePair.Parse(Header));

    private static LintBaseline Read(string rule, string symbol, string reason = "agreed") => LintBaseline.Read(
        Encoding.UTF8.GetBytes($"{{\"accepted\": [{{\"rule\": \"{rule}\", \"symbol\": \"{symbol}\", \"reason\": \"{reason}\"}}]}}"),
        "accepted.json");
}
