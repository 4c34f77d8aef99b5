using System.Text.Json;

namespace HvBindgen.Layout.Tests;

/// <summary>The VMM-side ABI as numbers, one file for each architecture; see the file's own <c>meta</c> for the columns.</summary>
internal sealed class VmmFacts
{
    private VmmFacts(JsonElement root)
    {
        Records = [.. root.GetProperty("records").EnumerateArray().Select(Record)];
        Enums = [.. root.GetProperty("enums").EnumerateArray().Select(Enum)];
        Typedefs = [.. root.GetProperty("typedefs").EnumerateArray()
            .Select(typedef => (typedef.GetProperty("name").GetString()!, typedef.GetProperty("type").GetString()!))];
        Macros = [.. root.GetProperty("macros").EnumerateObject()
            .Select(macro => (macro.Name, macro.Value[0].GetInt64(), macro.Value[1].GetString()!))];
    }

    internal IReadOnlyList<(string Name, string Kind, long Size, long Align, IReadOnlyList<string> Fields)> Records { get; }

    internal IReadOnlyList<(string Name, bool Extends, IReadOnlyList<(string Name, long Value)> Enumerators)> Enums { get; }

    internal IReadOnlyList<(string Name, string Type)> Typedefs { get; }

    internal IReadOnlyList<(string Name, long Value, string Type)> Macros { get; }

    internal static VmmFacts Read(string architecture)
    {
        string file = Repository.PathOf($"tests/HvBindgen.Layout.Tests/Facts/vmm-abi-{architecture}.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        return new VmmFacts(document.RootElement);
    }

    private static (string, string, long, long, IReadOnlyList<string>) Record(JsonElement record) =>
    (
        record.GetProperty("name").GetString()!,
        record.GetProperty("kind").GetString()!,
        record.GetProperty("size").GetInt64(),
        record.GetProperty("align").GetInt64(),
        [.. record.GetProperty("fields").EnumerateArray().Select(field => string.Join(' ', field.EnumerateArray()))]);

    private static (string, bool, IReadOnlyList<(string, long)>) Enum(JsonElement @enum) =>
    (
        @enum.GetProperty("name").GetString()!,
        @enum.GetProperty("extends_existing").GetBoolean(),
        [.. @enum.GetProperty("consts").EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetInt64()))]);
}
