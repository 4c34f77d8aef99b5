using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HvBindgen.Cli.Starting;

/// <summary>
/// The text of a configuration, to which values can be added while all that a person wrote stays: comments, order, line breaks.
/// </summary>
internal sealed class ConfigurationText
{
    private readonly byte[] content;
    private readonly Dictionary<string, Span> values = new(StringComparer.Ordinal);

    /// <summary>Takes a text that was read as a configuration before.</summary>
    /// <param name="content">UTF-8 without a byte-order mark.</param>
    internal ConfigurationText(byte[] content)
    {
        this.content = content;
        Utf8JsonReader reader = new(
            content, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        reader.Read();
        Note(ref reader, "");
    }

    /// <summary>The text as bytes of a file.</summary>
    internal byte[] Content => content;

    /// <summary>Whether there is a value at that JSON path, such as <c>sets[0].own</c>.</summary>
    internal bool Has(string path) => values.ContainsKey(path);

    /// <summary>The JSON of the value at a path that is there, as it stands in the text.</summary>
    internal string JsonOf(string path) => Encoding.UTF8.GetString(content.AsSpan(values[path].Start..values[path].End));

    /// <summary>The JSON of a text.</summary>
    internal static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>Adds to a list of an object, and the list too where the object lacks it.</summary>
    /// <param name="path">JSON path of the object.</param>
    /// <param name="key">Key of the list.</param>
    /// <param name="json">JSON of the new element.</param>
    /// <returns>The longer text; the same when the list has that element.</returns>
    internal ConfigurationText AppendOrAdd(string path, string key, string json)
    {
        string list = $"{path}.{key}";
        if (!Has(list))
        {
            return AddKey(path, key, $"[{json}]");
        }

        for (int index = 0; Has($"{list}[{index}]"); index++)
        {
            if (JsonOf($"{list}[{index}]") == json)
            {
                return this;
            }
        }

        return Append(list, json);
    }

    /// <summary>Adds to a list.</summary>
    /// <param name="path">JSON path of the list.</param>
    /// <param name="json">JSON of the new element; lines after its first are indented as if it began a line.</param>
    /// <returns>The longer text.</returns>
    internal ConfigurationText Append(string path, string json) => Insert(values[path], json);

    /// <summary>Adds a key to an object.</summary>
    /// <param name="path">JSON path of the object.</param>
    /// <param name="key">The key, which the object lacks.</param>
    /// <param name="json">JSON of its value.</param>
    /// <returns>The longer text.</returns>
    internal ConfigurationText AddKey(string path, string key, string json) => Insert(values[path], $"\"{key}\": {json}");

    // Behind the last element, on a line of its own where the elements before it have theirs.
    private ConfigurationText Insert(Span list, string json)
    {
        bool isEmpty = list.LastEnd < 0;
        int at = isEmpty ? list.Start + 1 : list.LastEnd;
        bool hasComma = !isEmpty && list.HasTrailingComma;
        string lastLine = LineBefore(list.LastStart);
        bool ownLine = !isEmpty && lastLine.Trim().Length == 0;
        string indent = ownLine ? lastLine : "";
        string text = json.Replace("\n", "\n" + indent, StringComparison.Ordinal);
        string added = (isEmpty || hasComma ? "" : ",") + (ownLine ? "\n" + indent : isEmpty ? "" : " ") + text;
        int position = hasComma ? Array.IndexOf(content, (byte)',', at) + 1 : at;
        return new ConfigurationText([.. content.AsSpan(0, position), .. Encoding.UTF8.GetBytes(added), .. content.AsSpan(position)]);
    }

    private string LineBefore(int position)
    {
        int start = Array.LastIndexOf(content, (byte)'\n', Math.Max(0, position - 1)) + 1;
        return Encoding.UTF8.GetString(content.AsSpan(start, Math.Max(0, position - start)));
    }

    private void Note(ref Utf8JsonReader reader, string path)
    {
        int start = (int)reader.TokenStartIndex;
        int lastStart = -1;
        int lastEnd = -1;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                lastStart = (int)reader.TokenStartIndex;
                string key = reader.GetString()!;
                reader.Read();
                Note(ref reader, path.Length == 0 ? key : $"{path}.{key}");
                lastEnd = (int)reader.BytesConsumed;
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                lastStart = (int)reader.TokenStartIndex;
                Note(ref reader, $"{path}[{index}]");
                lastEnd = (int)reader.BytesConsumed;
            }
        }

        bool hasComma = lastEnd >= 0 && HasComma(lastEnd, (int)reader.TokenStartIndex);
        values[path] = new Span(start, (int)reader.BytesConsumed, lastStart, lastEnd, hasComma);
    }

    // Between the last element and the bracket: white space, comments, and a comma or none.
    private bool HasComma(int from, int to)
    {
        for (int at = from; at < to; at++)
        {
            if (content[at] == ',')
            {
                return true;
            }

            if (content[at] == '/')
            {
                string end = content[at + 1] == '/' ? "\n" : "*/";
                at += content.AsSpan(at, to - at).IndexOf(Encoding.UTF8.GetBytes(end)) + end.Length - 1;
            }
        }

        return false;
    }

    // Where a value starts and ends, and its last element; no element is -1.
    private readonly record struct Span(int Start, int End, int LastStart, int LastEnd, bool HasTrailingComma);
}
