using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HvBindgen.Generator.Inspect;

namespace HvBindgen.Generator.Configuration;

/// <summary>
/// Compares a configuration's keys and value kinds with those of <see cref="ConfigurationDocument"/>, and says where one is wrong.
/// </summary>
/// <remarks>The serializer refuses the same faults, but names neither the place nor the key that was meant.</remarks>
internal static class ConfigurationCheck
{
    private const string Remedy = "Correct the file; hvbindgen.schema.json describes every key.";

    /// <summary>Passes when the file holds what a configuration may hold. Remembers the place of every value.</summary>
    /// <exception cref="ConfigurationException">It does not.</exception>
    internal static void Check(ConfigurationSource source)
    {
        Utf8JsonReader reader = new(
            source.Content, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        reader.Read();
        CheckValue(ref reader, source, ConfigurationJsonContext.Default.ConfigurationDocument, "");
        while (reader.Read())
        {
            // Anything but comments behind the object makes the reader throw.
        }
    }

    private static void CheckValue(ref Utf8JsonReader reader, ConfigurationSource source, JsonTypeInfo type, string path)
    {
        source.Remember(path, reader.TokenStartIndex);
        JsonTokenType expected = type.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => JsonTokenType.StartObject,
            JsonTypeInfoKind.Enumerable => JsonTokenType.StartArray,
            _ when type.Type == typeof(int?) => JsonTokenType.Number,
            _ => JsonTokenType.String,
        };
        if (reader.TokenType != expected)
        {
            string where = path.Length == 0 ? "the file" : path;
            throw source.FaultAt(reader.TokenStartIndex, $"{where} must be {WordOf(expected)}, not {WordOf(reader.TokenType)}", Remedy);
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(ref reader, source, type, path);
                break;
            case JsonTypeInfoKind.Dictionary:
                CheckDictionary(ref reader, source, InfoOf(type.ElementType!), path);
                break;
            case JsonTypeInfoKind.Enumerable:
                CheckList(ref reader, source, InfoOf(type.ElementType!), path);
                break;
            default:
                break;
        }
    }

    private static void CheckObject(ref Utf8JsonReader reader, ConfigurationSource source, JsonTypeInfo type, string path)
    {
        long start = reader.TokenStartIndex;
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = TakeKey(ref reader, source, seen);
            JsonPropertyInfo property = type.Properties.FirstOrDefault(property => property.Name == key)
                ?? throw UnknownKey(source, reader.TokenStartIndex, key, path, [.. type.Properties.Select(property => property.Name)]);
            reader.Read();
            CheckValue(ref reader, source, InfoOf(property.PropertyType), path.Length == 0 ? key : $"{path}.{key}");
        }

        List<string> missing =
        [
            .. type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)).Select(property => property.Name),
        ];
        if (missing.Count > 0)
        {
            string where = path.Length == 0 ? "the file" : path;
            throw source.FaultAt(start, $"{where} lacks {string.Join(", ", missing.Select(name => $"\"{name}\""))}", Remedy);
        }
    }

    private static void CheckDictionary(ref Utf8JsonReader reader, ConfigurationSource source, JsonTypeInfo element, string path)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = TakeKey(ref reader, source, seen);
            source.Remember($"{path}.{key}:key", reader.TokenStartIndex);
            reader.Read();
            CheckValue(ref reader, source, element, $"{path}.{key}");
        }
    }

    private static void CheckList(ref Utf8JsonReader reader, ConfigurationSource source, JsonTypeInfo element, string path)
    {
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            CheckValue(ref reader, source, element, $"{path}[{index}]");
        }
    }

    private static string TakeKey(ref Utf8JsonReader reader, ConfigurationSource source, HashSet<string> seen)
    {
        string key = reader.GetString()!;
        return seen.Add(key) ? key : throw source.FaultAt(reader.TokenStartIndex, $"\"{key}\" is given twice", "Keep one of them.");
    }

    private static ConfigurationException UnknownKey(
        ConfigurationSource source, long offset, string key, string path, IReadOnlyList<string> known)
    {
        string where = path.Length == 0 ? "" : $" in {path}";
        string? near = NearestName.Of(key, known);
        return source.FaultAt(
            offset,
            $"unknown key \"{key}\"{where}" + (near is null ? "" : $"; did you mean \"{near}\"?"),
            $"Known keys are: {string.Join(", ", known)}.");
    }

    private static JsonTypeInfo InfoOf(Type type) => ConfigurationJsonContext.Default.GetTypeInfo(type)!;

    private static string WordOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
