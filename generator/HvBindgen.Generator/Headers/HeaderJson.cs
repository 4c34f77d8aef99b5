using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using HvBindgen.Generator.Files;

namespace HvBindgen.Generator.Headers;

/// <summary>Reads and writes the JSON files of the header folder, without reflection.</summary>
internal static class HeaderJson
{
    // The record of a whole kernel's headers has a few hundred kilobytes.
    private const int MostBytes = 32 << 20;

    /// <summary>The serializers. The relaxed encoder keeps the '+' of package versions readable.</summary>
    internal static HeaderJsonContext Context { get; } = new(new JsonSerializerOptions(HeaderJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Reads a file, refusing unknown keys and schema numbers other than the given one.</summary>
    internal static T Read<T>(string path, JsonTypeInfo<T> type, int schema)
    {
        byte[] content = ReadBytes(path);
        try
        {
            RequireSchema(path, content, schema);
            RequireNoNull(content);
            return JsonSerializer.Deserialize(content, type) ?? throw new JsonException("the file holds null");
        }
        catch (JsonException fault)
        {
            string place = fault.LineNumber is { } line ? $"{path}:{line + 1}" : path;
            throw new HeaderSyncException($"{place}: {fault.Message}", "Correct the file, or take it back from version control.", fault);
        }
    }

    /// <summary>Gives indented JSON with LF line ends and one at the end.</summary>
    internal static string Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type) + "\n";

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return FileContent.Read(path, MostBytes);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new HeaderSyncException(
                $"{path}: no such file",
                "Headers are fetched where a sources.json beside the configuration says which; sets that look elsewhere need none.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HeaderSyncException($"{path}: cannot be read: {fault.Message}", "Make the file readable.", fault);
        }
    }

    // No key of these files may be null, and a list would take it for an entry.
    private static void RequireNoNull(byte[] content)
    {
        Utf8JsonReader reader = new(content);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                long line = content.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
                throw new JsonException("null stands where a value belongs", null, line, null);
            }
        }
    }

    // Before the rest: a later schema should be called that, not a file with unknown keys.
    private static void RequireSchema(string path, byte[] content, int schema)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("schema", out JsonElement number)
            || number.ValueKind != JsonValueKind.Number
            || !number.TryGetInt32(out int found))
        {
            throw new JsonException("no schema number");
        }

        if (found != schema)
        {
            throw new HeaderSyncException(
                $"{path}: schema {found} is not known; this version reads schema {schema}",
                found > schema ? "Use a later version of hvbindgen." : "Take the file back from version control.");
        }
    }
}

internal sealed record SourcesDocument(
    int Schema, List<string> Suites, List<string> Multiarch, List<PackageWanted> Packages, List<string> Roots);

internal sealed record PackageWanted(
    string Name, string Folder, string Into, string? KernelFolder = null, bool OnlyWhenMissing = false);

internal sealed record LockDocument(int Schema, string Source, string Kernel, List<PackageLocked> Packages);

// Properties, not parameters: suite and sha256 are left out where there is no package file.
internal sealed record PackageLocked
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public string? Suite { get; init; }

    public string? Sha256 { get; init; }

    public required string Folder { get; init; }

    public required string Into { get; init; }

    public required int TreeFiles { get; init; }

    public required string TreeSha256 { get; init; }

    public required SortedDictionary<string, string> Files { get; init; }
}

internal sealed record OriginDocument(int Schema, string FetchedUtc, LockDocument Content);

[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SourcesDocument))]
[JsonSerializable(typeof(LockDocument))]
[JsonSerializable(typeof(OriginDocument))]
internal sealed partial class HeaderJsonContext : JsonSerializerContext;
