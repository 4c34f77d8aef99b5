namespace HvBindgen.Uapi.Polyfills;

/// <summary>JSON as .NET reads it, as far as snapshots need it: an analyzer brings no library along.</summary>
/// <param name="root">The whole value.</param>
internal sealed class JsonDocument(JsonElement root) : IDisposable
{
    /// <summary>The whole value.</summary>
    internal JsonElement RootElement { get; } = root;

    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonException">It is no JSON, or deeper than the options allow.</exception>
    internal static JsonDocument Parse(ReadOnlyMemory<byte> text, JsonDocumentOptions options) =>
        new(new JsonTextReader(text.ToArray(), options.MaxDepth).Read());

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>What a reader of JSON allows.</summary>
internal readonly struct JsonDocumentOptions
{
    /// <summary>How many arrays and objects may be inside each other.</summary>
    internal int MaxDepth { get; init; }
}

/// <summary>A text that is no JSON.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="line">Line, from 0.</param>
/// <param name="position">Bytes before it in the line.</param>
internal sealed class JsonException(string message, long line, long position) : Exception(message)
{
    /// <summary>Line, from 0.</summary>
    internal long LineNumber { get; } = line;

    /// <summary>Bytes before it in the line.</summary>
    internal long BytePositionInLine { get; } = position;
}
