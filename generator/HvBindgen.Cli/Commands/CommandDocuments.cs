using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using HvBindgen.Generator;

namespace HvBindgen.Cli.Commands;

/// <summary>What <c>doctor --json</c> prints.</summary>
internal sealed record DoctorDocument(IReadOnlyList<FindingDocument> Findings);

internal sealed record FindingDocument(string Subject, string State, string Detail);

/// <summary>What <c>headers status --json</c> prints; source and time of a folder that was fetched.</summary>
internal sealed record HeadersStatusDocument(
    string Kernel,
    bool Usable,
    bool Clean,
    string? Source,
    DateTimeOffset? Fetched,
    int Pinned,
    IReadOnlyList<HeaderDifferenceDocument> Differences);

internal sealed record HeaderDifferenceDocument(string Path, bool Pinned, string State);

/// <summary>What <c>verify --json</c> prints.</summary>
internal sealed record VerifyDocument(IReadOnlyList<VerdictDocument> Verdicts);

internal sealed record VerdictDocument(
    string Set,
    string Target,
    string Compiler,
    string Version,
    int Agreed,
    IReadOnlyList<DisagreementDocument> Disagreements,
    IReadOnlyList<NotAskedDocument> NotAsked,
    AccessorsDocument? Accessors);

/// <summary>What the accessors of the C# write, compared with the compiler's answers.</summary>
internal sealed record AccessorsDocument(int Agreed, IReadOnlyList<DisagreementDocument> Disagreements);

internal sealed record DisagreementDocument(string Fact, string Expected, string Actual);

internal sealed record NotAskedDocument(string Fact, string Reason);

[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(HeadersStatusDocument))]
[JsonSerializable(typeof(VerifyDocument))]
internal sealed partial class CommandJsonContext : JsonSerializerContext
{
    /// <summary>Indented, with line feeds, without members that are not known.</summary>
    internal static CommandJsonContext Text { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = VisibleJsonEncoder.Instance,
    });

    /// <summary>Prints a document.</summary>
    internal static void Print<T>(TextWriter output, T document, JsonTypeInfo<T> type)
    {
        output.Write(JsonSerializer.Serialize(document, type));
        output.Write('\n');
    }
}
