using System.Text.Json;
using System.Text.Json.Serialization;

namespace HvBindgen.Generator.Configuration;

/// <summary>
/// The keys of <c>hvbindgen.json</c>, as written. <see cref="ConfigurationCheck"/> takes the known keys from these properties.
/// </summary>
internal sealed record ConfigurationDocument
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public string? Sources { get; init; }

    public string? Lock { get; init; }

    public string? Tree { get; init; }

    public List<string>? Targets { get; init; }

    public string? Snapshots { get; init; }

    public required List<SetDocument> Sets { get; init; }
}

internal sealed record SetDocument
{
    public required string Name { get; init; }

    public required List<string> Headers { get; init; }

    public List<string>? Own { get; init; }

    public required List<string> IncludePaths { get; init; }

    public List<string>? Defines { get; init; }

    public Dictionary<string, List<string>>? TargetDefines { get; init; }

    public List<string>? Flags { get; init; }

    public List<string>? Allow { get; init; }

    public List<string>? Opaque { get; init; }

    public List<string>? Block { get; init; }

    public string? EnumContinuation { get; init; }

    public Dictionary<string, List<string>>? Descriptors { get; init; }

    public string? DefaultDescriptor { get; init; }

    public Dictionary<string, List<string>>? AlternateArguments { get; init; }

    public Dictionary<string, string>? Ioctls { get; init; }

    public List<string>? NumberRequests { get; init; }

    public CallsDocument? Calls { get; init; }

    public MessagesDocument? Messages { get; init; }

    public RequestsDocument? Requests { get; init; }

    public Dictionary<string, string>? Values { get; init; }

    public Dictionary<string, List<string>>? Policies { get; init; }

    public List<string>? EndMarkers { get; init; }

    public CSharpDocument? Csharp { get; init; }

    public string? Snapshots { get; init; }

    public List<string>? Targets { get; init; }
}

internal sealed record CallsDocument
{
    public required string Class { get; init; }

    public required string CodePrefix { get; init; }

    public required string InputPrefix { get; init; }

    public required string OutputPrefix { get; init; }

    public Dictionary<string, CallPairDocument>? Pairs { get; init; }
}

internal sealed record CallPairDocument
{
    public required string Input { get; init; }

    public string? Output { get; init; }
}

internal sealed record MessagesDocument
{
    public string? Class { get; init; }

    public required string Record { get; init; }

    public required string Type { get; init; }

    public required string Size { get; init; }

    public required string Payload { get; init; }

    public required string Types { get; init; }

    public Dictionary<string, string>? Headers { get; init; }

    public required Dictionary<string, Dictionary<string, string>> Payloads { get; init; }
}

internal sealed record RequestsDocument
{
    public required string Class { get; init; }

    public Dictionary<string, string>? Nodes { get; init; }

    public required Dictionary<string, RequestDocument> Arguments { get; init; }
}

internal sealed record RequestDocument
{
    public string? Creates { get; init; }

    public List<MemoryDocument>? Memory { get; init; }

    public List<string>? Descriptors { get; init; }

    public ElementsDocument? Elements { get; init; }

    public LongerDocument? Longer { get; init; }

    public string? Refuses { get; init; }
}

internal sealed record MemoryDocument
{
    public required string Pointer { get; init; }

    public string? Size { get; init; }

    public required string Use { get; init; }

    public string? Unit { get; init; }
}

internal sealed record ElementsDocument
{
    public required string Array { get; init; }

    public required string Count { get; init; }
}

internal sealed record LongerDocument
{
    public required string Record { get; init; }

    public required string Flags { get; init; }

    public required string Bit { get; init; }

    public required string Known { get; init; }
}

internal sealed record CSharpDocument
{
    public required string Namespace { get; init; }

    public required string Output { get; init; }

    public string? ConstantsClass { get; init; }

    public string? ClassPrefix { get; init; }

    public string? Support { get; init; }

    public string? SharedTypes { get; init; }

    public string? Visibility { get; init; }

    public string? Files { get; init; }

    public int? Language { get; init; }

    public List<string>? StripPrefixes { get; init; }

    public Dictionary<string, string>? Renames { get; init; }

    public Dictionary<string, List<string>>? Attributes { get; init; }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ConfigurationDocument))]
internal sealed partial class ConfigurationJsonContext : JsonSerializerContext;
