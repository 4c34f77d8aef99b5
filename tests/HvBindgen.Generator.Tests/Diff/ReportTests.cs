using System.Text.Json;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Tests.Cli;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

public sealed class ReportTests
{
    private static readonly string Ioctl = File.ReadAllText(Path.Combine(FixturePair.Folder, "uapi.h"));

    public static TheoryData<string> Pairs => [.. FixturePair.AllFolders().Select(folder => Path.GetFileName(folder)!)];

    [Fact]
    public void Field_map_shows_both_layouts_with_padding_and_marks_what_differs()
    {
        LayoutChange layout = Assert.Single(
            Compare("HoleFilled").Layouts, layout => layout.Name == "struct reported" && layout.Targets[0] == "x86_64");

        string[] rows = [.. FieldMap.Of(layout).Select(row => $"{(row.IsSame ? " " : "!")}{row.Place}|{row.Before}|{row.After}")];

        Assert.Equal(
            [" 0|__u8 a|__u8 a", "!1|(7 bytes padding)|(1 bytes padding)", "!2||__u16 taken", "!4||(4 bytes padding)", " 8|__u64 b|__u64 b",
                " 16|end, aligned to 8|end, aligned to 8"],
            rows);
    }

    [Fact]
    public void Text_says_where_a_change_is_seen_and_paints_verdicts_when_asked()
    {
        string text = TextReport.Write(Answer("FieldResized"), paint: (_, word) => $"<{word}>");

        Assert.Contains("<break> HV1009 reported.b: field resized (only on i686)", text, StringComparison.Ordinal);
        Assert.Contains("struct reported on i686: 12 -> 8 bytes", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_on_nothing_says_so()
    {
        AbiComparison nothing = Of(FixturePair.Compare("struct a { int b; };", "\n\nstruct a { int b; }; /* a comment more */"));

        Assert.Equal("pair: no ABI change on x86_64, i686, arm64\n", TextReport.Write(nothing));
        Assert.Contains("no change", MarkdownReport.Write(nothing), StringComparison.Ordinal);
        Assert.Equal(0, nothing.ExitCode(Verdict.None));
    }

    [Fact]
    public void Markdown_answers_first_and_folds_the_rest()
    {
        string markdown = MarkdownReport.Write(Answer("FieldInserted"));

        Assert.StartsWith(MarkdownReport.Marker + "\n### ABI of `pair`: break\n", markdown, StringComparison.Ordinal);
        Assert.True(markdown.IndexOf("| Verdict |", StringComparison.Ordinal) < markdown.IndexOf("<details>", StringComparison.Ordinal));
        Assert.Equal(2, markdown.Split("<details>").Length - 1);
        Assert.Equal(2, markdown.Split("</details>").Length - 1);
        Assert.Contains("| x86_64 | i686 | arm64 |\n|---|---|---|\n| break | break | break |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_page_refers_to_nothing_outside_and_closes_what_it_opens()
    {
        string html = HtmlReport.Write(Answer("FieldInserted"));

        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        foreach (string tag in (string[])["details", "table", "tr", "td", "div", "p", "h3", "summary", "code"])
        {
            Assert.Equal(html.Split($"</{tag}>").Length, html.Split($"<{tag}>").Length + html.Split($"<{tag} ").Length - 1);
        }
    }

    [Fact]
    public void Several_sets_are_one_report_in_every_form()
    {
        AbiComparison both = new([Compare("EnumAdded") with { Set = "first" }, Compare("FieldInserted") with { Set = "second" }])
        {
            Notes = ["Set third is new."],
            Suggestion = VersionSuggestion.For([Compare("EnumAdded"), Compare("FieldInserted")], new Version(1, 0, 0)),
        };

        string markdown = MarkdownReport.Write(both);
        string html = HtmlReport.Write(both);
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "headers", "abi-diff.schema.json")));
        using JsonDocument json = JsonDocument.Parse(JsonReport.Write(both));
        using JsonDocument sarif = JsonDocument.Parse(SarifReport.Write(both));

        Assert.Equal(Verdict.Break, both.Verdict);
        Assert.Equal(4, both.ExitCode(Verdict.Break));
        Assert.StartsWith(MarkdownReport.Marker + "\n### ABI: break\n", markdown, StringComparison.Ordinal);
        Assert.Equal(2, markdown.Split(MarkdownReport.Marker).Length);
        Assert.Contains("#### ABI of `second`: break", markdown, StringComparison.Ordinal);
        Assert.Contains("Set third is new.", markdown, StringComparison.Ordinal);
        Assert.Contains("### Added", both.Suggestion.ChangelogEntry, StringComparison.Ordinal);
        Assert.Contains("### Breaking", both.Suggestion.ChangelogEntry, StringComparison.Ordinal);
        Assert.Equal(3, html.Split("<h1>").Length);
        JsonSchemaCheck.Check(schema.RootElement, json.RootElement);
        Assert.Equal(
            ["first", "second"], json.RootElement.GetProperty("sets").EnumerateArray().Select(set => set.GetProperty("set").GetString()));
        JsonElement run = Assert.Single(sarif.RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal(both.Sets.Sum(diff => diff.Changes.Count), run.GetProperty("results").GetArrayLength());
        Assert.Contains("first: ", TextReport.Write(both), StringComparison.Ordinal);
        Assert.Contains("\nnext version 2.0.0 (major)\n", TextReport.Write(both), StringComparison.Ordinal);
    }

    [Fact]
    public void Comment_that_would_be_too_long_keeps_its_answer_and_says_what_it_leaves_out()
    {
        string before = string.Concat(
            Enumerable.Range(0, 800).Select(index => $"struct record_with_a_long_name_{index} {{ int first; int second; }};\n"));

        string markdown = MarkdownReport.Write(
            Of(FixturePair.Compare(before, before.Replace("int first", "long long first", StringComparison.Ordinal))));

        Assert.InRange(markdown.Length, 3_000, MarkdownReport.MaximumLength);
        Assert.Contains("### ABI of `pair`: break", markdown, StringComparison.Ordinal);
        Assert.Contains("and 770 more, below", markdown, StringComparison.Ordinal);
        Assert.Contains("Too long for a comment, so left out: details of `pair`, layouts of `pair`.", markdown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(200, 1)]
    [InlineData(200, 4)]
    public void Comment_is_never_longer_than_the_service_takes_whatever_is_in_it(int count, int lengthening)
    {
        string name = new('|', 300 * lengthening);
        AbiDiff diff = Compare("FieldInserted");
        AbiComparison comparison = new([.. Enumerable.Range(0, count).Select(n => diff with { Set = $"{name}{n}" })])
        {
            RuleChanges = [.. Enumerable.Repeat(name, count)],
            Notes = [.. Enumerable.Repeat(name, count)],
            Unjudged = [.. Enumerable.Repeat(new Unjudged(name, name), count)],
            Sides = (new ComparedSide(name, name), new ComparedSide(name, name)),
            Suggestion = VersionSuggestion.For([.. Enumerable.Repeat(diff, count)], new Version(1, 0, 0)),
        };

        string markdown = MarkdownReport.Write(comparison, 20_000);

        Assert.InRange(markdown.Length, 1, 20_000);
        Assert.StartsWith(MarkdownReport.Marker + "\n### ABI: break\n", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Comment_with_findings_in_new_declarations_stays_within_the_limit()
    {
        using TemporaryFolder folder = new();
        string old = string.Concat(Enumerable.Range(0, 300).Select(n => $"struct s{n} {{ int a; }};\n"));
        folder.With("old/a.h", old);
        folder.With("new/a.h", old.Replace("int a;", "long long a, b;", StringComparison.Ordinal) + string.Concat(Enumerable.Range(0, 300)
            .Select(n => $"struct n{n} {{ char a; long *b; }};\n#define N{n} (0x40106e00 | {n})\n")));

        string comment = CommandLine.Run("diff", folder["old"], folder["new"], "--format", "markdown").Out;

        Assert.InRange(comment.Length, 3_000, MarkdownReport.MaximumLength);
    }

    [Fact]
    public void Findings_in_new_declarations_are_in_every_form()
    {
        using TemporaryFolder folder = new();
        folder.With("old/linux/ioctl.h", Ioctl).With("new/linux/ioctl.h", Ioctl);
        folder.With("old/a.h", "#include <linux/ioctl.h>\nstruct old { char a; long *b; };\n#define OLD _IOR('o', 1, struct old)\n");
        folder.With("new/a.h", folder.Text("old/a.h") + "struct fresh { char a; long *b; };\n#define FRESH _IOR('o', 2, struct fresh)\n");
        string[] forms = ["text", "markdown", "json", "sarif", "html"];

        Dictionary<string, string> reports = forms.ToDictionary(
            form => form, form => CommandLine.Run("diff", folder["old"], folder["new"], "--format", form).Out);

        Assert.All(forms, form => Assert.Contains("HV7001", reports[form], StringComparison.Ordinal));
        Assert.All(forms, form => Assert.Contains("fresh.b", reports[form], StringComparison.Ordinal));
        Assert.All(forms, form => Assert.DoesNotContain("old.b", reports[form], StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse(reports["json"]);
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "headers", "abi-diff.schema.json")));
        JsonSchemaCheck.Check(schema.RootElement, json.RootElement);
        using JsonDocument sarif = JsonDocument.Parse(reports["sarif"]);
        SarifTests.Check(sarif);
        JsonElement found = sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .First(result => result.GetProperty("ruleId").GetString() == "HV7001");
        Assert.Equal(
            4, found.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region").GetProperty("startLine").GetInt32());
    }

    [Fact]
    public void Names_from_headers_end_neither_a_cell_nor_code_of_the_comment()
    {
        AbiChange change = Compare("FieldRenamed").Changes[0];
        AbiDiff diff = Compare("FieldRenamed")
            with
        { Changes = [new(change.Rule, "a|b`c\nd", "", "", change.Judgement, change.Location, change.Targets, [], [])] };

        string markdown = MarkdownReport.Write(Of(diff));

        Assert.Contains("| `a\\|b'c d` |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_sets_and_values_open_nothing_in_the_comment_and_the_changelog()
    {
        AbiChange change = Compare("FieldInserted").Changes[0];
        AbiDiff diff = Compare("FieldInserted") with
        {
            Set = "</summary><img src=x>",
            Changes = [new(change.Rule, "a", "", "`![shown](to all)`", change.Judgement, change.Location, change.Targets, [], [])],
        };
        VersionSuggestion suggestion = VersionSuggestion.For([diff], new Version(1, 0, 0));

        string markdown = MarkdownReport.Write(Of(diff) with { Suggestion = suggestion });

        string[] summaries = [.. markdown.Split('\n').Where(line => line.StartsWith("<details>", StringComparison.Ordinal))];
        Assert.Equal(3, summaries.Length);
        Assert.All(summaries, line => Assert.DoesNotContain("<img", line, StringComparison.Ordinal));
        Assert.Contains("'![shown](to all)'", suggestion.ChangelogEntry, StringComparison.Ordinal);
        Assert.DoesNotContain("`![", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_says_first_what_was_compared_and_last_which_version_is_next()
    {
        AbiComparison both = new([Compare("EnumAdded") with { Set = "first" }, Compare("FieldInserted") with { Set = "second" }])
        {
            Lost = ["macro folded no more"],
            Sides = (new ComparedSide("old", "here"), new ComparedSide("new", "there")),
            Suggestion = VersionSuggestion.For([Compare("FieldInserted")], new Version(1, 0, 0)),
        };

        string html = HtmlReport.Write(both);

        string[] expected = ["<title>ABI: break</title>", "before <code>", "in 2 of 2", "macro folded", "<h1>", "next version 2.0.0"];
        int[] places = [.. expected.Select(part => html.IndexOf(part, StringComparison.Ordinal))];
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain(-1, places);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Json_holds_what_the_published_schema_says(string name)
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "headers", "abi-diff.schema.json")));
        using JsonDocument report = JsonDocument.Parse(JsonReport.Write(Answer(name)));

        JsonSchemaCheck.Check(schema.RootElement, report.RootElement);
    }

    [Theory]
    [InlineData("HoleFilled", Verdict.Conditional, 1)]
    [InlineData("HoleFilled", Verdict.SourceBreak, 0)]
    [InlineData("FieldRenamed", Verdict.SourceBreak, 1)]
    [InlineData("FieldRenamed", Verdict.Break, 0)]
    [InlineData("EnumAdded", Verdict.Additive, 0)]
    [InlineData("FieldInserted", Verdict.Break, 4)]
    public void Exit_code_follows_the_verdict_and_the_limit(string name, Verdict failOn, int expected)
    {
        Assert.Equal(expected, Compare(name).ExitCode(failOn));
    }

    private static AbiComparison Answer(string name) => Of(Compare(name));

    private static AbiComparison Of(AbiDiff diff) => new([diff]);

    private static AbiDiff Compare(string name) => FixturePair.Read(Path.Combine(FixturePair.Folder, name)).Compare();
}
