using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace HvBindgen.Generator.Output;

/// <summary>Indented JSON with line feeds, the same bytes on every machine.</summary>
internal static class JsonText
{
    /// <summary>Options of all JSON that programs read: what is not known is left out.</summary>
    internal static JsonSerializerOptions Options(JsonNamingPolicy naming) => new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = naming,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // Reports are files; nothing puts them into HTML, and C types stay legible.
        Encoder = VisibleJsonEncoder.Instance,
    };

    /// <summary>A document as text that ends in a line feed.</summary>
    internal static string Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type) + "\n";
}
