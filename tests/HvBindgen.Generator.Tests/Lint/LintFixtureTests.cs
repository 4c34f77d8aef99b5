using HvBindgen.Generator.Lint;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Tests.Diff;
using Xunit;

namespace HvBindgen.Generator.Tests.Lint;

/// <summary>
/// Every rule has a header: what is named "reported" must be reported by it, what is named "spared" must not, whatever other rules say
/// of it. The whole answer, of all rules on x86_64, i686 and arm64, is in the text beside it.
/// </summary>
public sealed class LintFixtureTests
{
    private static readonly string Folder = Path.Combine(FixtureFolders.Root, "Lint");

    public static TheoryData<string> Rules => [.. LintRules.Registered.Select(rule => rule.GetType().Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_reports_what_it_should_and_spares_what_it_should_not(string name)
    {
        string id = LintRules.Registered.Single(rule => rule.GetType().Name == name).Info.Id;
        List<string> symbols = [.. Check(name).Findings.Where(finding => finding.Rule.Id == id).Select(finding => finding.Symbol)];

        Assert.Contains(symbols, symbol => symbol.Contains("reported", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(symbols, symbol => symbol.Contains("spared", StringComparison.OrdinalIgnoreCase));
        Assert.All(symbols, symbol => Assert.Contains("reported", symbol, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Report_of_the_header_is_as_expected(string name) =>
        ExpectedText.Check(Path.Combine(Folder, name + ".txt"), LintReport.Write([Check(name)]));

    [Fact]
    public void Every_rule_has_a_header_and_every_header_its_rule() => Assert.Equal(
        LintRules.Registered.Select(rule => rule.GetType().Name).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Folder, "*.h").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_file_of_the_rules_folder_is_a_registered_rule()
    {
        string folder = Path.Combine(Repository.Root, "generator", "HvBindgen.Generator", "Lint", "Rules");

        Assert.Equal(
            Directory.EnumerateFiles(folder, "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
            LintRules.Registered.Select(rule => rule.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_are_unique_and_rise_and_every_rule_says_why_and_what_to_do()
    {
        string[] ids = [.. LintRules.All.Select(rule => rule.Id)];

        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.All(LintRules.All, rule =>
        {
            Assert.Matches("^HV7[0-9]{3}$", rule.Id);
            Assert.NotEmpty(rule.Title);
            Assert.EndsWith(".", rule.Explanation, StringComparison.Ordinal);
            Assert.EndsWith(".", rule.Remedy, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Requests_of_one_number_are_a_warning_where_nobody_said_which_descriptor_takes_them()
    {
        List<AbiModel> models = Parse("NumberShared");

        LintFinding told = Linter.Check(models, new LintOptions { HasDescriptors = true }).Findings.First(IsNumberShared);
        LintFinding untold = Linter.Check(models).Findings.First(IsNumberShared);

        Assert.Equal((LintSeverity.Error, LintSeverity.Warning), (told.Severity, untold.Severity));
    }

    [Fact]
    public void An_argument_that_only_the_configuration_names_is_looked_at_too()
    {
        const string Header = """
            #include "uapi.h"
            struct small { __u64 a; };
            struct large { __u8 a; __u64 b; };
            #define VM_SET _IOW('x', 1, struct small)
            """;
        LintOptions options = new()
        {
            AlternateArguments = new Dictionary<string, IReadOnlyList<AbiType>>
            {
                ["VM_SET"] = [new AbiRecordRef(RecordKind.Struct, "large")],
            },
        };
        List<AbiModel> models = FixturePair.Parse(Header);

        Assert.DoesNotContain(Linter.Check(models).Findings, finding => finding.Rule.Id == "HV7004");
        Assert.Contains(Linter.Check(models, options).Findings, finding => finding is { Rule.Id: "HV7004", Symbol: "large.a" });
    }

    [Fact]
    public void Only_what_the_later_side_declares_first_is_new()
    {
        const string Before = """
            #include "uapi.h"
            struct old { __u64 a; void *spared; __u64 rsvd; };
            #define VM_OLD _IOW('x', 1, struct old)

            """;
        const string After = """
            #include "uapi.h"
            struct old { __u64 a; void *spared; __u64 rsvd; void *reported; };
            struct reported_record { __u64 *user; __u64 rsvd; };
            #define VM_OLD _IOW('x', 1, struct old)
            #define VM_NEW _IOW('x', 2, struct reported_record)

            """;

        EquatableArray<LintFinding> findings = NewDeclarations.Check(FixturePair.Parse(Before), FixturePair.Parse(After)).Findings;

        Assert.Equal(
            ["old.reported", "reported_record.user"],
            findings.Where(finding => finding.Rule.Id == "HV7001").Select(finding => finding.Symbol));
        Assert.DoesNotContain(findings, finding => finding.Symbol is "VM_OLD" or "old" or "old.spared");
        Assert.Empty(NewDeclarations.Check(FixturePair.Parse(After), FixturePair.Parse(After)).Findings);
    }

    [Fact]
    public void What_a_new_member_does_to_an_argument_that_was_there_is_new()
    {
        const string Before = """
            #include "uapi.h"
            struct holed { __u8 spared; __u64 b; };
            struct whole { __u32 a; __u8 b; __u8 rsvd[3]; };
            #define VM_OLD _IOW('x', 1, struct holed)
            #define VM_WHOLE _IOW('x', 2, struct whole)

            """;
        const string After = """
            #include "uapi.h"
            struct holed { __u8 spared; __u64 b; };
            struct whole { __u32 a; __u8 b; __u64 c; };
            #define VM_OLD _IOW('x', 1, struct holed)
            #define VM_WHOLE _IOW('x', 2, struct whole)

            """;

        EquatableArray<LintFinding> findings = NewDeclarations.Check(FixturePair.Parse(Before), FixturePair.Parse(After)).Findings;

        Assert.Contains(findings, finding => finding is { Rule.Id: "HV7004", Symbol: "whole.b" });
        Assert.DoesNotContain(findings, finding => finding.Symbol.StartsWith("holed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_comment_has_room_for_the_gravest_and_tells_how_many_more_there_are()
    {
        string header = "#include \"uapi.h\"\n" + string.Concat(
            Enumerable.Range(0, 200).Select(
                index => $"struct s{index} {{ void *p; }};\n#define VM_{index} _IOW('x', {index}, struct s{index})\n"));
        LintResult result = Linter.Check(FixturePair.Parse(header));

        string text = LintReport.WriteMarkdown([result]);

        Assert.InRange(text.Length, 3_000, 4_200);
        Assert.Contains($"New declarations: {result.Findings.Count} to look at", text, StringComparison.Ordinal);
        Assert.Contains("more: hvbindgen lint", text, StringComparison.Ordinal);
        Assert.Contains("- error HV7002", text, StringComparison.Ordinal);
        Assert.DoesNotContain("- note", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_of_two_sets_are_refused()
    {
        AbiModel model = Parse("EnumMember")[0];

        Assert.Throws<ArgumentException>(() => Linter.Check([model, model with { Set = "other" }]));
        Assert.Throws<ArgumentException>(() => Linter.Check([]));
    }

    private static bool IsNumberShared(LintFinding finding) => finding.Rule.Id == "HV7009" && finding.Severity > LintSeverity.Note;

    private static LintResult Check(string name) =>
        Linter.Check(Parse(name), new LintOptions { HasDescriptors = true, UnknownDescriptor = "dev" });

    private static List<AbiModel> Parse(string name) => FixturePair.Parse(File.ReadAllText(Path.Combine(Folder, name + ".h")));
}
