using System.Text;
using System.Text.Json;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Snapshots;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Checks reports against SARIF 2.1.0: what its schema says of the objects we write, and what it says in words only.</summary>
public sealed class SarifTests
{
    public static TheoryData<string> Pairs => [.. FixturePair.AllFolders().Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_report_keeps_the_rules_of_the_standard(string name)
    {
        AbiDiff diff = Compare(name);
        using JsonDocument document = JsonDocument.Parse(SarifReport.Write(new AbiComparison([diff])));

        JsonElement run = Check(document);
        Assert.Equal(diff.Changes.Count, run.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public void Accepted_changes_are_results_that_are_suppressed()
    {
        string json = """{"suppressions": [{"rule": "HV1006", "symbol": "*", "reason": "agreed", "expires": "2999-12-31"}]}""";
        IReadOnlyList<AbiDiff> diffs = Suppressions.Read(Encoding.UTF8.GetBytes(json), "accepted.json")
            .Apply([Compare("FieldRemoved")], new DateOnly(2026, 11, 22));
        using JsonDocument document = JsonDocument.Parse(SarifReport.Write(new AbiComparison(diffs)));

        JsonElement[] accepted =
            [.. Check(document).GetProperty("results").EnumerateArray().Where(result => result.TryGetProperty("suppressions", out _))];

        Assert.Equal("HV1006", Assert.Single(accepted).GetProperty("ruleId").GetString());
    }

    [Fact]
    public void Finding_without_a_line_stands_at_its_header_and_at_no_line_that_it_is_not()
    {
        List<AbiModel> before = FromSnapshots("before.h");
        using JsonDocument document = JsonDocument.Parse(SarifReport.Write(AbiComparison.Of(before, FromSnapshots("after.h"))));

        JsonElement result = Check(document).GetProperty("results")[0];

        JsonElement place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("pair.h", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.False(place.TryGetProperty("region", out _));
    }

    [Fact]
    public void What_could_not_be_judged_is_said_and_the_run_was_no_success()
    {
        AbiComparison comparison = new([Compare("FieldRemoved")]) { Unjudged = [new Unjudged("other.h", "second side: no")] };
        using JsonDocument document = JsonDocument.Parse(SarifReport.Write(comparison));

        JsonElement invocation = Check(document).GetProperty("invocations")[0];

        Assert.False(invocation.GetProperty("executionSuccessful").GetBoolean());
        Assert.Equal(
            "not judged: other.h: second side: no",
            invocation.GetProperty("toolExecutionNotifications")[0].GetProperty("message").GetProperty("text").GetString());
    }

    [Fact]
    public void Message_says_what_it_is_that_breaks_and_no_more_where_nothing_graver_follows()
    {
        string grown = MessageOf(FixturePair.Compare(
            "enum k { K_A, K_B, K_MAX };", "enum k { K_A, K_NEW, K_B, K_MAX };"));
        string renamed = MessageOf(FixturePair.Compare("struct s { int a; };", "struct s { int b; };"));

        Assert.Contains("follow, among them break: k.K_B, enumerator has another value: 1 -> 2.", grown, StringComparison.Ordinal);
        Assert.DoesNotContain("among them", renamed, StringComparison.Ordinal);
    }

    [Fact]
    public void Location_is_the_line_of_the_header_below_the_folder_of_headers()
    {
        using JsonDocument document = JsonDocument.Parse(
            SarifReport.Write(new AbiComparison([Compare("FieldRemoved")]), location => $"the headers/{location.Header}"));

        JsonElement place = Check(document).GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("the%20headers/pair.h", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(8, place.GetProperty("region").GetProperty("startLine").GetInt32());
    }

    private static string MessageOf(AbiDiff diff)
    {
        using JsonDocument document = JsonDocument.Parse(SarifReport.Write(new AbiComparison([diff])));
        return Check(document).GetProperty("results")[0].GetProperty("message").GetProperty("text").GetString()!;
    }

    private static List<AbiModel> FromSnapshots(string side) =>
    [
        .. FixturePair.Parse(File.ReadAllText(Path.Combine(FixturePair.Folder, "FieldRemoved", side)))
            .Select(model => SnapshotReader.Read(SnapshotWriter.Write(model).ToArray(), side)),
    ];

    // The run of a report that keeps all rules.
    internal static JsonElement Check(JsonDocument document)
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(FixtureFolders.Root, "sarif.schema.json")));
        JsonSchemaCheck.Check(schema.RootElement, document.RootElement);
        JsonElement run = Assert.Single(document.RootElement.GetProperty("runs").EnumerateArray());
        JsonElement[] rules = [.. run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()];
        Assert.Equal(rules.Length, rules.Select(rule => rule.GetProperty("id").GetString()).Distinct().Count());
        JsonElement[] results = [.. run.GetProperty("results").EnumerateArray()];
        Assert.All(results, result =>
        {
            Assert.Equal(
                rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString(), result.GetProperty("ruleId").GetString());

            // 3.27.9: a result that is no failure has no level.
            Assert.True(result.GetProperty("kind").GetString() == "fail" || result.GetProperty("level").GetString() == "none");
        });
        Assert.Equal(results.Length, results.Select(result => result.GetProperty("partialFingerprints").GetRawText()).Distinct().Count());
        return run;
    }

    private static AbiDiff Compare(string name) => FixturePair.Read(Path.Combine(FixturePair.Folder, name)).Compare();
}
