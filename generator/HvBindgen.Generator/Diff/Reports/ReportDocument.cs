using System.Text.Json;
using System.Text.Json.Serialization;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Diff.Reports;

// What headers/abi-diff.schema.json describes: names and order of the members are the format.
internal sealed record ReportDocument(
    int Schema, SideDocument? Before, SideDocument? After, string Verdict, IReadOnlyList<string> Notes,
    IReadOnlyList<string>? RuleChanges, SuggestionDocument? Suggestion,
    IReadOnlyList<UnjudgedDocument> Unjudged, IReadOnlyList<string> Lost, int SameHeaders, IReadOnlyList<SetDocument> Sets);

internal sealed record SideDocument(string Name, string Origin, string Reader);

internal sealed record UnjudgedDocument(string Set, IReadOnlyList<string> Targets, string Reason);

internal sealed record SuggestionDocument(string Version, string Step, string Changelog);

internal sealed record SetDocument(
    string Set,
    string Presence,
    string Verdict,
    IReadOnlyDictionary<string, string> Targets,
    IReadOnlyList<ChangeDocument> Changes,
    IReadOnlyList<ChangeDocument> Suppressed,
    IReadOnlyList<LayoutDocument> Layouts,
    IReadOnlyList<NewDocument> NewDeclarations);

internal sealed record NewDocument(
    string Rule, string Title, string Severity, string Symbol, string Message, string Header, int Line, IReadOnlyList<string> Targets);

internal sealed record ChangeDocument(
    string Rule,
    string Title,
    string Symbol,
    string Verdict,
    string OwnVerdict,
    string OldProgramOnNewKernel,
    string NewProgramOnOldKernel,
    [property: JsonPropertyName("csharp_source_breaks")] bool BreaksCSharpSource,
    [property: JsonPropertyName("csharp_binary_breaks")] bool BreaksCSharpBinary,
    string Condition,
    string Before,
    string After,
    string Header,
    int Line,
    bool IsInOldHeader,
    string OldHeader,
    int OldLine,
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> Reach,
    IReadOnlyList<string> AlsoIn,
    IReadOnlyList<ChangeDocument> Consequences);

internal sealed record LayoutDocument(
    string Record, IReadOnlyList<string> Targets, long SizeBytesBefore, long SizeBytesAfter, IReadOnlyList<LayoutRowDocument> Rows);

internal sealed record LayoutRowDocument(long OffsetBits, string Before, string After);

[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJsonContext : JsonSerializerContext
{
    internal static ReportJsonContext Text { get; } = new(JsonText.Options(JsonNamingPolicy.SnakeCaseLower));
}
