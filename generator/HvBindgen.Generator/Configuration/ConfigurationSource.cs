using System.Text;

namespace HvBindgen.Generator.Configuration;

/// <summary>The text of a configuration file, and where in it each value stands.</summary>
internal sealed class ConfigurationSource(string path, byte[] content)
{
    private readonly Dictionary<string, long> offsets = new(StringComparer.Ordinal);

    /// <summary>The file.</summary>
    internal string Path { get; } = path;

    /// <summary>Its bytes, without a byte-order mark.</summary>
    internal ReadOnlySpan<byte> Content => content.AsSpan().StartsWith("\uFEFF"u8) ? content.AsSpan(3) : content;

    /// <summary>Remembers where the value with that JSON path starts.</summary>
    internal void Remember(string jsonPath, long offset) => offsets[jsonPath] = offset;

    /// <summary>A fault at the value with that JSON path.</summary>
    internal ConfigurationException FaultAt(string jsonPath, string message, string remedy) =>
        FaultAt(offsets.GetValueOrDefault(jsonPath), message, remedy);

    /// <summary>A fault at a byte of the file.</summary>
    internal ConfigurationException FaultAt(long offset, string message, string remedy) =>
        new($"{PlaceOf(offset)}: {message}", remedy);

    /// <summary>Line and column of the value with that JSON path.</summary>
    internal string PlaceOf(string jsonPath) => PlaceOf(offsets.GetValueOrDefault(jsonPath));

    private string PlaceOf(long offset)
    {
        ReadOnlySpan<byte> before = Content[..(int)Math.Min(offset, Content.Length)];
        int line = before.Count((byte)'\n') + 1;
        int column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return $"{Path}:{line}:{column}";
    }
}
