using System.Buffers;
using System.Text;
using System.Text.Json;
using HvBindgen.Generator;

namespace HvBindgen.Cli;

/// <summary>Prints one JSON object.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = VisibleJsonEncoder.Instance };

    /// <summary>Prints the object whose members the action writes.</summary>
    internal static void Print(TextWriter output, Action<Utf8JsonWriter> members)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Indented))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }
}
