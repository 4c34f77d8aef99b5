using System.Text.Json;
using System.Text.Json.Serialization;
using HvBindgen.Generator.Output;

namespace HvBindgen.Generator.Diff.Reports;

// The part of SARIF 2.1.0 that a list of findings needs, under the standard's names.
internal sealed record SarifDocument(
    [property: JsonPropertyName("$schema")] string SchemaUri, string Version, IReadOnlyList<SarifRun> Runs);

internal sealed record SarifRun(
    SarifTool Tool, string ColumnKind, IReadOnlyList<SarifResult> Results, IReadOnlyList<SarifInvocation>? Invocations);

internal sealed record SarifInvocation(bool ExecutionSuccessful, IReadOnlyList<SarifNotification> ToolExecutionNotifications);

internal sealed record SarifNotification(string Level, SarifMessage Message);

internal sealed record SarifTool(SarifDriver Driver);

internal sealed record SarifDriver(string Name, string SemanticVersion, IReadOnlyList<SarifRule> Rules);

internal sealed record SarifRule(
    string Id, SarifMessage ShortDescription, SarifMessage FullDescription, SarifMessage Help, SarifConfiguration DefaultConfiguration);

internal sealed record SarifConfiguration(string Level);

internal sealed record SarifMessage(string Text);

internal sealed record SarifResult(
    string RuleId,
    int RuleIndex,
    string Level,
    string Kind,
    SarifMessage Message,
    IReadOnlyList<SarifLocation> Locations,
    IReadOnlyDictionary<string, string> PartialFingerprints,
    IReadOnlyList<SarifSuppression>? Suppressions,
    SarifProperties? Properties);

internal sealed record SarifProperties(string Evidence);

internal sealed record SarifLocation(SarifPhysicalLocation PhysicalLocation, IReadOnlyList<SarifLogicalLocation> LogicalLocations);

internal sealed record SarifPhysicalLocation(SarifArtifact ArtifactLocation, SarifRegion? Region);

internal sealed record SarifArtifact(string Uri);

internal sealed record SarifRegion(int StartLine, int? StartColumn);

internal sealed record SarifLogicalLocation(string FullyQualifiedName);

internal sealed record SarifSuppression(string Kind);

[JsonSerializable(typeof(SarifDocument))]
internal sealed partial class SarifJsonContext : JsonSerializerContext
{
    internal static SarifJsonContext Text { get; } = new(JsonText.Options(JsonNamingPolicy.CamelCase));
}
