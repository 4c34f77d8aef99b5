using System.Text.Json;

namespace HvBindgen.Generator.Diff;

/// <summary>Files that are one list of entries below one key: what people accept.</summary>
internal static class EntryList
{
    /// <summary>Reads a file.</summary>
    /// <param name="json">Content of the file.</param>
    /// <param name="source">Name of the file, for messages.</param>
    /// <param name="key">Key of the list.</param>
    /// <param name="word">What messages call an entry.</param>
    /// <param name="read">Reads an entry; gets its place for messages.</param>
    /// <exception cref="DiffException">The file is damaged, or an entry is.</exception>
    internal static List<T> Read<T>(ReadOnlyMemory<byte> json, string source, string key, string word, Func<JsonElement, string, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty(key, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            {
                throw new DiffException($"{source}: there is no list \"{key}\"");
            }

            List<T> items = [];
            foreach (JsonElement element in list.EnumerateArray())
            {
                items.Add(read(element, $"{source}: {word} {items.Count + 1}"));
            }

            return items;
        }
        catch (JsonException fault)
        {
            throw new DiffException($"{source}:{fault.LineNumber + 1}: not valid JSON; is the file cut off?", fault);
        }
    }

    /// <summary>Reads a string of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="name">Name of the string.</param>
    /// <param name="place">The entry's place, for messages.</param>
    /// <exception cref="DiffException">It is missing, or no string, or says nothing.</exception>
    internal static string Text(JsonElement entry, string name, string place) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString())
            ? value.GetString()!
            : throw new DiffException($"{place}: \"{name}\" is missing, empty or not a string");
}
