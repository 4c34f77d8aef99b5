using System.Text.Json;
using HvBindgen.Generator.Diff;
using HvBindgen.Generator.Diff.Reports;
using Xunit;

namespace HvBindgen.Generator.Tests.Diff;

/// <summary>Checks reports against the rules of SARIF 2.1.0 (OASIS standard, sections 3.13 to 3.52) that apply to what we write.</summary>
public sealed class SarifTests
{
    private static readonly string[] Levels = ["none", "note", "warning", "error"];
    private static readonly string[] Kinds = ["pass", "open", "informational", "notApplicable", "review", "fail"];
    private static readonly string[] LogProperties = ["$schema", "version", "runs"];
    private static readonly string[] RunProperties = ["tool", "columnKind", "results"];
    private static readonly string[] ResultProperties =
        ["ruleId", "ruleIndex", "level", "kind", "message", "locations", "partialFingerprints", "suppressions"];

    public static TheoryData<string> Pairs => [.. FixturePair.AllFolders().Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_report_keeps_the_rules_of_the_standard(string name)
    {
        AbiDiff diff = FixturePair.Read(Path.Combine(FixturePair.Folder, name)).Compare();
        using JsonDocument document = JsonDocument.Parse(SarifReport.Write(diff, "headers/downloaded"));

        JsonElement log = document.RootElement;
        OnlyHas(log, LogProperties);
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        JsonElement run = Assert.Single(log.GetProperty("runs").EnumerateArray());
        OnlyHas(run, RunProperties);
        Assert.Contains(run.GetProperty("columnKind").GetString(), (string[])["utf16CodeUnits", "unicodeCodePoints"]);
        JsonElement driver = run.GetProperty("tool").GetProperty("driver");
        Assert.NotEmpty(driver.GetProperty("name").GetString()!);
        JsonElement[] rules = [.. driver.GetProperty("rules").EnumerateArray()];
        Assert.Equal(rules.Length, rules.Select(rule => rule.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(rules, CheckRule);
        JsonElement[] results = [.. run.GetProperty("results").EnumerateArray()];
        Assert.Equal(diff.Changes.Count, results.Length);
        Assert.All(results, result => CheckResult(result, rules));
    }

    [Fact]
    public void Location_is_the_line_of_the_header_below_the_folder_of_headers()
    {
        AbiDiff diff = FixturePair.Read(Path.Combine(FixturePair.Folder, "FieldRemoved")).Compare();
        using JsonDocument document = JsonDocument.Parse(SarifReport.Write(diff, "headers/downloaded/"));

        JsonElement place = document.RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("headers/downloaded/pair.h", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(6, place.GetProperty("region").GetProperty("startLine").GetInt32());
    }

    private static void CheckRule(JsonElement rule)
    {
        foreach (string name in (string[])["shortDescription", "fullDescription", "help"])
        {
            Assert.NotEmpty(rule.GetProperty(name).GetProperty("text").GetString()!);
        }

        Assert.Contains(rule.GetProperty("defaultConfiguration").GetProperty("level").GetString(), Levels);
    }

    private static void CheckResult(JsonElement result, JsonElement[] rules)
    {
        OnlyHas(result, ResultProperties);
        int index = result.GetProperty("ruleIndex").GetInt32();
        Assert.InRange(index, 0, rules.Length - 1);
        Assert.Equal(rules[index].GetProperty("id").GetString(), result.GetProperty("ruleId").GetString());
        string level = result.GetProperty("level").GetString()!;
        string kind = result.GetProperty("kind").GetString()!;
        Assert.Contains(level, Levels);
        Assert.Contains(kind, Kinds);

        // 3.27.10: a kind other than fail goes with the level none.
        Assert.True(kind == "fail" || level == "none");
        Assert.NotEmpty(result.GetProperty("message").GetProperty("text").GetString()!);
        JsonElement location = Assert.Single(result.GetProperty("locations").EnumerateArray());
        JsonElement place = location.GetProperty("physicalLocation");
        string uri = place.GetProperty("artifactLocation").GetProperty("uri").GetString()!;
        Assert.True(Uri.TryCreate(uri, UriKind.Relative, out _) && !uri.StartsWith('/'), $"{uri} is no relative reference");
        Assert.True(!place.TryGetProperty("region", out JsonElement region) || region.GetProperty("startLine").GetInt32() >= 1);
        Assert.All(result.GetProperty("partialFingerprints").EnumerateObject(), print => Assert.Equal(JsonValueKind.String, print.Value.ValueKind));
    }

    private static void OnlyHas(JsonElement element, string[] allowed) =>
        Assert.All(element.EnumerateObject(), property => Assert.Contains(property.Name, allowed));
}
