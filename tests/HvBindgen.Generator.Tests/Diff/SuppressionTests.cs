using System.Text;
using HvBindgen.Generator.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

public sealed class SuppressionTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Fact]
    public void Accepted_change_no_longer_counts_but_is_still_listed()
    {
        AbiDiff diff = Assert.Single(Read("HV1006", "reported.*").Apply([Removed()], Today));

        Assert.Equal("HV1006", Assert.Single(diff.Suppressed).Rule.Id);
        Assert.Equal(Verdict.SourceBreak, diff.Verdict);
    }

    [Fact]
    public void Change_accepted_on_one_target_still_counts_on_the_others()
    {
        AbiDiff diff = Assert.Single(Read("HV1006", "reported.b", target: "i686").Apply([Removed()], Today));

        Assert.Equal(Verdict.SourceBreak, diff.VerdictOn("i686"));
        Assert.Equal(Verdict.Break, diff.VerdictOn("x86_64"));
        Assert.Equal(["i686"], Assert.Single(diff.Suppressed).Targets);
    }

    [Fact]
    public void What_follows_and_is_worse_is_not_accepted_with_its_cause()
    {
        AbiDiff inserted = FixturePair.Compare("enum e { A, B };\n#define NEXT (B + 1)\n", "enum e { A, N, B };\n#define NEXT (B + 1)\n");

        AbiDiff diff = Assert.Single(Read("HV2004", "e.N").Apply([inserted], Today));

        Assert.Equal("e.N", Assert.Single(diff.Suppressed).Symbol);
        Assert.Equal(["NEXT", "e.B"], diff.Changes.Select(change => change.Symbol));
        Assert.Equal(Verdict.Break, diff.Verdict);
    }

    [Fact]
    public void What_follows_and_is_no_worse_is_accepted_with_its_cause()
    {
        AbiDiff grown = FixturePair.Compare(
            "#include \"uapi.h\"\nstruct s { __u32 a; };\n#define GET _IOR('x', 1, struct s)\n",
            "#include \"uapi.h\"\nstruct s { __u32 a; __u32 b; };\n#define GET _IOR('x', 1, struct s)\n");

        AbiDiff diff = Assert.Single(Read("HV1010", "s").Apply([grown], Today));

        Assert.Empty(diff.Changes);
    }

    [Fact]
    public void What_is_left_beside_an_accepted_change_knows_its_places_on_both_sides()
    {
        AbiDiff changed = FixturePair.Compare("#define A 1\n#define B 1\n", "\n#define A 2\n#define B 2\n");

        AbiChange left = Assert.Single(Assert.Single(Read("HV3003", "A").Apply([changed], Today)).Changes);

        Assert.Equal((2, 3), (left.OldLocation!.Line, left.Location.Line));
    }

    [Fact]
    public void One_file_serves_several_sets_and_matches_in_one_of_them_at_least()
    {
        AbiDiff nothing = Removed() with { Set = "other", Changes = [] };

        IReadOnlyList<AbiDiff> diffs = Read("HV1006", "reported.*").Apply([nothing, Removed()], Today);

        Assert.Empty(diffs[0].Suppressed);
        Assert.Equal("HV1006", Assert.Single(diffs[1].Suppressed).Rule.Id);
    }

    [Fact]
    public void Suppression_that_matches_nothing_is_an_error()
    {
        DiffException fault = Assert.Throws<DiffException>(() => Read("HV1006", "elsewhere.*").Apply([Removed()], Today));

        Assert.Contains("matches no change any more", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Expired_suppression_is_an_error_even_if_it_still_matches()
    {
        DiffException fault = Assert.Throws<DiffException>(() => Read("HV1006", "*", expires: "2026-11-21").Apply([Removed()], Today));

        Assert.Contains("expired on 2026-11-21", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HV9999", "*", "x86_64", "2027-01-01", "no rule HV9999")]
    [InlineData("HV1006", "*", "vax", "2027-01-01", "\"vax\" is not known")]
    [InlineData("HV1006", "*", "x86_64", "soon", "not a day")]
    public void Suppression_that_means_nothing_is_refused(string rule, string symbol, string target, string expires, string expected)
    {
        DiffException fault = Assert.Throws<DiffException>(() => Read(rule, symbol, target, expires));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("accepted.json: suppression 1", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"suppressions\": [")]
    [InlineData("{}")]
    [InlineData("{\"suppressions\": [{\"rule\": \"HV1006\"}]}")]
    public void Damaged_file_is_refused(string json)
    {
        Assert.Throws<DiffException>(() => Suppressions.Read(Encoding.UTF8.GetBytes(json), "accepted.json"));
    }

    private static AbiDiff Removed() => FixturePair.Read(Path.Combine(FixturePair.Folder, "FieldRemoved")).Compare();

    private static Suppressions Read(string rule, string symbol, string? target = null, string expires = "2027-01-01")
    {
        string targetText = target is null ? "" : $"\"target\": \"{target}\", ";
        string json =
            $"{{\"suppressions\": [{{\"rule\": \"{rule}\", \"symbol\": \"{symbol}\", {targetText}"
            + $"\"reason\": \"agreed\", \"expires\": \"{expires}\"}}]}}";
        return Suppressions.Read(Encoding.UTF8.GetBytes(json), "accepted.json");
    }
}
