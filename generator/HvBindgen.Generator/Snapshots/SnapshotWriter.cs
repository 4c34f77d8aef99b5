using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Snapshots;

/// <summary>Writes a model as a snapshot: a JSON file meant to be committed and read in <c>git diff</c>.</summary>
public sealed class SnapshotWriter : IDisposable
{
    // Snapshots are files, never HTML: quotes and non-ASCII text stay legible.
    private static readonly JsonWriterOptions LineOptions = new() { Encoder = VisibleJsonEncoder.Instance };

    private readonly ArrayBufferWriter<byte> output = new(1 << 17);
    private readonly ArrayBufferWriter<byte> lineBuffer = new(256);
    private readonly Utf8JsonWriter line;
    private bool firstInList;

    private SnapshotWriter() => line = new Utf8JsonWriter(lineBuffer, LineOptions);

    /// <summary>Writes a model.</summary>
    /// <param name="model">The model of one set on one target.</param>
    /// <returns>The file's content, UTF-8, ending in a line feed. Equal models give equal bytes.</returns>
    public static ReadOnlyMemory<byte> Write(AbiModel model)
    {
        using SnapshotWriter writer = new();
        writer.WriteModel(model);
        return writer.output.WrittenMemory;
    }

    void IDisposable.Dispose() => line.Dispose();

    private void WriteModel(AbiModel model)
    {
        Text("{\n");
        Text($"  \"schema\": {SnapshotFormat.Schema},\n");
        Text($"  \"set\": \"{JsonEncodedText.Encode(model.Set)}\",\n");
        Text($"  \"target\": \"{JsonEncodedText.Encode(model.Target.Name)}\",\n");
        List("records", model.Records, WriteRecord);
        List("enums", model.Enums, WriteEnum);
        List("constants", model.Constants, WriteConstant);
        List("ioctls", model.Ioctls, WriteIoctl);
        List("typedefs", model.Typedefs, WriteTypedef);
        List("macros", model.Macros, WriteMacro);
        if (model.CompilerConditions.Count > 0)
        {
            List("compilers", model.CompilerConditions, condition => WriteNames(condition.Header, "macros", condition.Macros));
        }

        List("derivations", model.Derivations, derivation => WriteNames(derivation.Name, "of", derivation.Names, derivation.Operators));
        List("inclusions", model.Inclusions, inclusion => WriteNames(inclusion.Header, "includes", inclusion.Includes), isLast: true);
        Text("}\n");
    }

    private void List<T>(string name, EquatableArray<T> items, Action<T> write, bool isLast = false)
    {
        Text($"  \"{name}\": [");
        firstInList = true;
        foreach (T item in items)
        {
            write(item);
        }

        Text(items.Count == 0 ? "]" : "\n  ]");
        Text(isLast ? "\n" : ",\n");
    }

    private void WriteRecord(AbiRecord record)
    {
        BeginLine("    ");
        line.WriteString("name", record.Name);
        line.WriteString("kind", SnapshotFormat.KindOf(record.Kind.ToC(), record.HasTag));
        line.WriteNumber("size", record.SizeBytes);
        line.WriteNumber("align", record.AlignBytes);
        line.WriteString("header", record.Location.Header);
        EndLine(staysOpen: true);
        WriteFields(record, "      ");
    }

    // Ends the object that the line before left open.
    private void WriteFields(AbiRecord record, string indent)
    {
        Text(",\"fields\":[");
        firstInList = true;
        foreach (AbiField field in record.Fields)
        {
            AbiRecord? inline = field.Type.InlineRecord(behindPointers: true);
            BeginLine(indent);
            line.WriteString("name", field.Name);
            line.WriteString("type", AbiTypeText.Write(field.Type));
            line.WriteNumber("offset_bits", field.OffsetBits);
            line.WriteNumber("width_bits", field.WidthBits);
            if (field.IsBitField)
            {
                line.WriteBoolean("bit_field", true);
            }

            if (inline is null)
            {
                EndLine();
                continue;
            }

            line.WriteString("kind", inline.Kind.ToC());
            line.WriteNumber("size", inline.SizeBytes);
            line.WriteNumber("align", inline.AlignBytes);
            EndLine(staysOpen: true);
            WriteFields(inline, indent + "  ");
        }

        Text(record.Fields.Count == 0 ? "]}" : $"\n{indent[2..]}]}}");
        firstInList = false;
    }

    private void WriteEnum(AbiEnum @enum)
    {
        BeginLine("    ");
        line.WriteString("name", @enum.Name);
        line.WriteString("kind", SnapshotFormat.KindOf("enum", @enum.HasTag || @enum.Name.Length == 0));
        line.WriteString("underlying", @enum.Underlying.ToC());
        line.WriteString("header", @enum.Location.Header);
        EndLine(staysOpen: true);

        Text(",\"values\":[");
        firstInList = true;
        foreach (AbiEnumerator enumerator in @enum.Enumerators)
        {
            BeginLine("      ");
            line.WriteString("name", enumerator.Name);
            WriteInteger("value", enumerator.Value);
            EndLine();
        }

        Text(@enum.Enumerators.Count == 0 ? "]}" : "\n    ]}");
        firstInList = false;
    }

    private void WriteConstant(AbiConstant constant)
    {
        BeginLine("    ");
        line.WriteString("name", constant.Name);
        switch (constant.Value)
        {
            case IntegerValue integer:
                WriteInteger("value", integer.Value);
                break;
            case WideValue wide:
                WriteInteger("value", wide.Value);
                break;
            case FloatingValue floating:
                line.WriteNumber("value", floating.Value);
                break;
            case TextValue text:
                line.WriteString("value", text.Value);
                break;
        }

        line.WriteString("type", AbiTypeText.Write(constant.Type));
        line.WriteString("header", constant.Location.Header);
        EndLine();
    }

    private void WriteIoctl(AbiIoctl ioctl)
    {
        BeginLine("    ");
        line.WriteString("name", ioctl.Name);
        line.WriteStartArray("fd");
        foreach (string descriptor in ioctl.Descriptors)
        {
            line.WriteStringValue(descriptor);
        }

        line.WriteEndArray();
        line.WriteString("direction", SnapshotFormat.ToText(ioctl.Direction));
        line.WriteNumber("type", ioctl.Type);
        line.WriteNumber("nr", ioctl.Number);
        line.WriteNumber("size", ioctl.SizeBytes);
        if (ioctl.Argument is { } argument)
        {
            line.WriteString("argument", AbiTypeText.Write(argument));
            if (ioctl.IsArgumentConst)
            {
                line.WriteBoolean("const", true);
            }
        }

        line.WriteString("number", $"0x{ioctl.Request:x8}");
        line.WriteString("header", ioctl.Location.Header);
        EndLine();
    }

    private void WriteTypedef(AbiTypedef typedef)
    {
        BeginLine("    ");
        line.WriteString("name", typedef.Name);
        line.WriteString("type", AbiTypeText.Write(typedef.Type));
        line.WriteNumber("align", typedef.AlignBytes);
        line.WriteString("header", typedef.Location.Header);
        if (typedef.Type.InlineRecord(behindPointers: true) is not { } inline)
        {
            EndLine();
            return;
        }

        line.WriteString("kind", inline.Kind.ToC());
        line.WriteNumber("size", inline.SizeBytes);
        line.WriteNumber("record_align", inline.AlignBytes);
        EndLine(staysOpen: true);
        WriteFields(inline, "      ");
    }

    private void WriteMacro(AbiMacro macro)
    {
        BeginLine("    ");
        line.WriteString("name", macro.Name);
        line.WriteString("parameters", macro.Parameters);
        line.WriteString("digest", macro.Digest);
        if (macro.Prefixes.Count > 0)
        {
            line.WriteStartArray("prefixes");
            foreach (string prefix in macro.Prefixes)
            {
                line.WriteStringValue(prefix);
            }

            line.WriteEndArray();
        }

        if (macro.Samples.Count > 0)
        {
            line.WriteStartArray("samples");
            foreach (uint sample in macro.Samples)
            {
                line.WriteStringValue($"0x{sample:x8}");
            }

            line.WriteEndArray();
            if (macro.Argument is { } argument)
            {
                line.WriteString("argument", AbiTypeText.Write(argument));
            }

            line.WriteStartArray("fd");
            foreach (string descriptor in macro.Descriptors)
            {
                line.WriteStringValue(descriptor);
            }

            line.WriteEndArray();
        }

        line.WriteString("header", macro.Location.Header);
        EndLine();
    }

    private void WriteNames(string name, string key, EquatableArray<string> names, string operators = "")
    {
        BeginLine("    ");
        line.WriteString("name", name);
        line.WriteStartArray(key);
        foreach (string each in names)
        {
            line.WriteStringValue(each);
        }

        line.WriteEndArray();
        if (operators.Length > 0)
        {
            line.WriteString("by", operators);
        }

        EndLine();
    }

    private void WriteInteger(string name, IFormattable value)
    {
        line.WritePropertyName(name);
        line.WriteRawValue(value.ToString(null, CultureInfo.InvariantCulture), skipInputValidation: true);
    }

    private void BeginLine(string indent)
    {
        Text(firstInList ? "\n" : ",\n");
        Text(indent);
        firstInList = false;
        lineBuffer.ResetWrittenCount();
        line.Reset();
        line.WriteStartObject();
    }

    private void EndLine(bool staysOpen = false)
    {
        line.WriteEndObject();
        line.Flush();
        ReadOnlySpan<byte> written = lineBuffer.WrittenSpan;
        output.Write(staysOpen ? written[..^1] : written);
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}
