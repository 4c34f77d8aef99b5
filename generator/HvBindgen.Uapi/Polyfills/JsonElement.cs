using System.Globalization;

namespace HvBindgen.Uapi.Polyfills;

/// <summary>A value of JSON.</summary>
internal sealed class JsonElement
{
    private readonly string text = "";
    private readonly IReadOnlyList<JsonElement> items = [];
    private readonly IReadOnlyDictionary<string, JsonElement>? properties;

    private JsonElement(JsonValueKind kind) => ValueKind = kind;

    internal JsonElement(JsonValueKind kind, string text)
        : this(kind) => this.text = text;

    internal JsonElement(IReadOnlyList<JsonElement> items)
        : this(JsonValueKind.Array) => this.items = items;

    internal JsonElement(IReadOnlyDictionary<string, JsonElement> properties)
        : this(JsonValueKind.Object) => this.properties = properties;

    internal JsonValueKind ValueKind { get; }

    internal bool TryGetProperty(string name, out JsonElement value)
    {
        Require(JsonValueKind.Object);
        bool isThere = properties!.TryGetValue(name, out JsonElement? found);
        value = found!;
        return isThere;
    }

    internal string? GetString()
    {
        if (ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        Require(JsonValueKind.String);
        return text;
    }

    internal string GetRawText()
    {
        Require(JsonValueKind.Number);
        return text;
    }

    internal bool TryGetInt32(out int value) =>
        int.TryParse(GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    internal bool TryGetInt64(out long value) =>
        long.TryParse(GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    internal double GetDouble() => double.Parse(GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);

    internal int GetArrayLength() => EnumerateArray().Count;

    internal IReadOnlyList<JsonElement> EnumerateArray()
    {
        Require(JsonValueKind.Array);
        return items;
    }

    private void Require(JsonValueKind kind)
    {
        if (ValueKind != kind)
        {
            throw new InvalidOperationException($"{ValueKind} stands where {kind} is expected");
        }
    }
}
