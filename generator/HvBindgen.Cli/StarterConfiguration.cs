using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Model;

namespace HvBindgen.Cli;

/// <summary>The configuration that <c>init</c> writes.</summary>
/// <param name="Set">Name of its only set.</param>
/// <param name="Headers">Headers of the set, all its own.</param>
/// <param name="Namespace">Namespace of the C#.</param>
/// <param name="IncludePaths">Where headers are looked for.</param>
/// <param name="Targets">Names of known targets.</param>
internal sealed record StarterConfiguration(
    string Set, IReadOnlyList<string> Headers, string Namespace, IReadOnlyList<string> IncludePaths, IReadOnlyList<string> Targets)
{
    private static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Passes when the headers are where they are looked for: a configuration that does not work helps nobody.</summary>
    /// <exception cref="HeadersMissingException">One is not.</exception>
    public void Check()
    {
        foreach (TargetInfo target in Targets.Select(BindingConfiguration.RequireTarget))
        {
            string[] paths = [.. IncludePaths.Select(path => path.Replace("{multiarch}", target.Multiarch, StringComparison.Ordinal))];
            string[] missing = [.. Headers.Where(header => !paths.Any(path => File.Exists(Path.Combine(path, header))))];
            if (missing.Length > 0)
            {
                throw new HeadersMissingException(
                    $"not found for {target.Name}: {string.Join(", ", missing)}; looked in {string.Join(", ", paths)}",
                    "Name the folder with --include, or install the headers (Debian: apt-get install linux-libc-dev).");
            }
        }
    }

    /// <summary>The file's text.</summary>
    public string ToJson(string schema)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", schema);
            WriteList(writer, "targets", Targets);
            writer.WriteStartArray("sets");
            writer.WriteStartObject();
            writer.WriteString("name", Set);
            WriteList(writer, "headers", Headers);
            WriteList(writer, "includePaths", IncludePaths);
            writer.WriteStartObject("csharp");
            writer.WriteString("namespace", Namespace);
            writer.WriteString("output", "Generated");
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
