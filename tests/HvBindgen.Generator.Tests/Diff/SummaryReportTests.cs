using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Cli;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>What a report shows first, and what it leaves for whoever asks.</summary>
public sealed class SummaryReportTests
{
    [Fact]
    public void Head_says_what_was_compared_with_kernel_and_revision()
    {
        using GitRepository repository = new(withOutput: false);
        repository.Folder.With("headers/uapi/linux/version.h", "#define LINUX_VERSION_CODE 459524\n");
        repository.Commit("version");
        string commit = repository.Git("rev-parse", "--short", "HEAD").Trim();
        repository.Folder.With("headers/uapi/linux/version.h", "#define LINUX_VERSION_CODE 459525\n");

        string side = $"git:HEAD:{repository.Folder["headers/uapi"]}";
        string text = CommandLine.Run("diff", side, repository.Folder["headers/uapi"]).Out;

        Assert.StartsWith(
            $"before  {side} (Linux 7.3.4, {commit})\nafter   {repository.Folder["headers/uapi"]} (Linux 7.3.5)\n", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sets_without_a_change_are_a_number()
    {
        AbiComparison comparison = new(
            [Same("first"), Changed("second", "struct s { int a; };", "struct s { long long a; };"), Same("third")])
        {
            SameHeaders = 7,
            Unjudged = [new Unjudged("fourth", "second side: no")],
        };

        string text = SummaryReport.Write(comparison);

        Assert.StartsWith(
            "break: 1 break in 1 of 11; 9 unchanged; 1 not judged on x86_64, i686, arm64\nnot judged: fourth: second side: no\n", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("first:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("third", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_report_is_shown_whole_and_a_long_one_on_one_screen()
    {
        AbiDiff few = Changed("few", "struct s { int a; };", "struct s { long long a; };");
        string old = string.Concat(Enumerable.Range(0, 200).Select(n => $"struct s{n} {{ int a; }};\n"));
        AbiDiff many = Changed(
            "many", old + "struct t { int a; };\n",
            old + "struct t { long long a; };\n" + string.Concat(Enumerable.Range(0, 200).Select(n => $"#define NEW_{n} {n}\n")));

        string text = SummaryReport.Write(new AbiComparison([many]));

        Assert.Equal(TextReport.Write(new AbiComparison([few])), SummaryReport.Write(new AbiComparison([few])));
        Assert.InRange(text.Split('\n').Length, 5, 25);
        Assert.Matches(@"\n  pair\.h:201:\d+ break HV1009 t\.a: field resized", text);
        Assert.Contains("\nadditive, 200: NEW_0, NEW_1,", text, StringComparison.Ordinal);
        Assert.Contains("and 184 more\n", text, StringComparison.Ordinal);
        Assert.Contains("--details\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_breaks_is_left_out_of_a_summary_without_a_number()
    {
        AbiComparison comparison = new(
        [
            .. Enumerable.Range(0, 60).Select(n => Changed($"set{n:00}", "struct s { int a; };", "struct s { long long a; };")),
        ]);

        string text = SummaryReport.Write(comparison);

        Assert.Equal(40, text.Split(" break HV1009 s.a").Length - 1);
        Assert.Contains("\nnot shown here, 20: set40 1 break, set41 1 break,", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_of_one_kind_are_one_row_and_a_break_is_never_among_them()
    {
        string filler = string.Concat(Enumerable.Range(0, 80).Select(n => $"#define FILLER_{n} {n}\n"));
        AbiComparison comparison = new(
        [
            Changed("headers", "#define A 1\n#define B 2\n#define C 3\n#define X 1\n#define Y 2\n#define Z 3\n",
                filler + "#define X 11\n#define Y 12\n#define Z 13\n"),
        ]);

        string text = SummaryReport.Write(comparison);

        Assert.Contains(" source-break HV3001 3 times constant removed: A, B, C\n", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split(" break HV3003 ").Length - 1);
    }

    [Fact]
    public void Why_headers_are_not_judged_is_told_once_for_all_that_share_it()
    {
        const string Missing = "'sys/socket.h' file not found";
        AbiComparison comparison = new([Changed("second", "struct s { int a; };", Big())])
        {
            Unjudged =
            [
                .. Enumerable.Range(0, 30).Select(n => new Unjudged($"h{n}.h", $"both sides: h{n}.h:3:1: error: {Missing}")
                {
                    Cause = Missing,
                }),
                new Unjudged("second", "both sides: second:1:1: error: unknown type name 'foo' (and 8 more)")
                {
                    Cause = "unknown type name 'foo'",
                    Targets = ["arm64"],
                },
            ],
        };

        string text = SummaryReport.Write(comparison);

        Assert.Contains("; 30 not judged; 1 not on all targets", text, StringComparison.Ordinal);
        Assert.Contains(
            "\nnot judged in full, 31: 30 'sys/socket.h' file not found; 1 unknown type name 'foo'\n", text, StringComparison.Ordinal);
        Assert.Contains("\nnot judged: second on arm64: both sides: ", TextReport.Write(comparison), StringComparison.Ordinal);
    }

    private static string Big() =>
        "struct s { long long a; };\n" + string.Concat(Enumerable.Range(0, 80).Select(n => $"#define FILLER_{n} {n}\n"));

    [Fact]
    public void Picture_of_a_layout_shows_what_changed_and_its_neighbours()
    {
        string members = string.Concat(Enumerable.Range(0, 100).Select(n => $"unsigned m{n};\n"));
        AbiDiff diff = FixturePair.Compare(
            $"struct s {{ {members} }};",
            $"struct s {{ {members.Replace("unsigned m50;", "unsigned short m50, n50;", StringComparison.Ordinal)} }};");

        IReadOnlyList<FieldMapRow> rows = FieldMap.Shortened(Assert.Single(diff.Layouts));

        Assert.Equal(
            ["0:49 hidden", "196:", "200:!", "202:!", "204:", "208:48 hidden", "400:"],
            rows.Select(row => $"{row.Place}:{(row.Hidden > 0 ? $"{row.Hidden} hidden" : row.IsSame ? "" : "!")}"));
    }

    [Fact]
    public void Change_that_several_sets_see_is_told_once_with_all_that_follows()
    {
        const string Shared = "//// shared.h\n#ifndef SHARED\n#define SHARED\nstruct shared { int a; };\n#endif\n";
        string grown = Shared.Replace("int a;", "int a, b;", StringComparison.Ordinal);
        AbiComparison comparison = Compare(
            ("one.h", Shared, grown, "#define ONE _IOR('o', 1, struct shared)"),
            ("two.h", Shared, grown, "#define TWO _IOR('o', 2, struct shared)"));

        AbiChange change = Assert.Single(comparison.Sets.SelectMany(diff => diff.Changes), change => change.Symbol == "shared");

        Assert.Equal("two", Assert.Single(change.AlsoIn));
        Assert.Equal(["ONE", "TWO"], change.Consequences.Select(more => more.Symbol).Where(symbol => char.IsUpper(symbol[0])).Order());
    }

    [Fact]
    public void Changes_of_one_name_in_two_headers_are_two()
    {
        AbiComparison comparison = AbiComparison.Of(
            [.. Models("one", "struct s { int a; };"), .. Models("two", "//// other.h\nstruct s { int a; };")],
            [.. Models("one", "struct s { long long a; };"), .. Models("two", "//// other.h\nstruct s { long long a; };")]);

        Assert.Equal(2, comparison.Sets.SelectMany(diff => diff.Changes).Count(change => change.Symbol == "s.a"));
        Assert.All(comparison.Sets, diff => Assert.Equal(Verdict.Break, diff.Verdict));
    }

    private static AbiComparison Compare(params (string Header, string Before, string After, string Own)[] sets) => AbiComparison.Of(
        [.. sets.SelectMany(set => Models(Path.GetFileNameWithoutExtension(set.Header), Text(set.Before, set.Own)))],
        [.. sets.SelectMany(set => Models(Path.GetFileNameWithoutExtension(set.Header), Text(set.After, set.Own)))]);

    private static string Text(string shared, string own) => $"#include \"uapi.h\"\n#include \"shared.h\"\n{own}\n{shared}";

    private static IEnumerable<AbiModel> Models(string set, string text) =>
        FixturePair.Parse(text).Select(model => model with { Set = set });

    private static AbiDiff Same(string set) => FixturePair.Compare("struct s { int a; };", "struct s { int a; };") with { Set = set };

    private static AbiDiff Changed(string set, string before, string after) => FixturePair.Compare(before, after) with { Set = set };
}
