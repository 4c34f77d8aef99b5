using System.Globalization;
using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Snapshots;

/// <summary>A model as text for people, close to C: what <c>git diff</c> shows of a snapshot in place of its JSON.</summary>
/// <remarks>Every declaration begins at the start of a line, so that git finds its name for the heads of hunks.</remarks>
public sealed class SnapshotText
{
    private readonly StringBuilder text = new();

    private SnapshotText()
    {
    }

    /// <summary>Writes a model.</summary>
    /// <param name="model">The model of one set on one target.</param>
    /// <returns>Lines ending in line feeds.</returns>
    public static string Write(AbiModel model)
    {
        SnapshotText writer = new();
        writer.Line($"ABI of {model.Set} on {model.Target.Name}");
        foreach (AbiIoctl ioctl in model.Ioctls)
        {
            writer.WriteIoctl(ioctl);
        }

        foreach (AbiRecord record in model.Records)
        {
            writer.Line("");
            writer.WriteRecord(record, record.CName, "", record.Location.Header);
        }

        foreach (AbiEnum @enum in model.Enums)
        {
            writer.WriteEnum(@enum);
        }

        writer.WriteRest(model);
        return writer.text.ToString();
    }

    private void WriteIoctl(AbiIoctl ioctl)
    {
        string argument = ioctl.Argument is { } type ? $" {AbiTypeText.Write(type)}" : "";
        Line("");
        Line($"ioctl {ioctl.Name}");
        Line(
            $"    0x{ioctl.Request:x8}: {SnapshotFormat.ToText(ioctl.Direction)}, type 0x{ioctl.Type:x2}, nr 0x{ioctl.Number:x2}, "
                + $"{Bytes(ioctl.SizeBytes)}{argument}");
        Line($"    on {string.Join(", ", ioctl.Descriptors)}; {ioctl.Location.Header}");
    }

    private void WriteRecord(AbiRecord record, string name, string indent, string header)
    {
        Line($"{indent}{name} {{ // {Bytes(record.SizeBytes)}, aligned to {record.AlignBytes}{(header.Length > 0 ? $", {header}" : "")}");
        foreach (AbiField field in record.Fields)
        {
            string place = field.OffsetBits % 8 == 0
                ? $"{field.OffsetBits / 8}"
                : string.Create(CultureInfo.InvariantCulture, $"{field.OffsetBits / 8}.{field.OffsetBits % 8}");
            string width = field.IsBitField ? $":{field.WidthBits}" : "";
            string declared = $"{AbiTypeText.Write(field.Type)}{(field.Name.Length > 0 ? $" {field.Name}" : "")}{width}";
            string start = $"{indent}    {place,5}  ";
            if (field.Type.InlineRecord(behindPointers: true) is { } inline)
            {
                text.Append(start);
                int lineStart = text.Length;
                WriteRecord(inline, declared, new string(' ', start.Length), "");
                text.Remove(lineStart, start.Length);
            }
            else
            {
                Line(start + declared);
            }
        }

        Line($"{indent}}}");
    }

    private void WriteEnum(AbiEnum @enum)
    {
        Line("");
        string name = @enum.Name.Length == 0 ? "enum" : @enum.HasTag ? $"enum {@enum.Name}" : @enum.Name;
        Line($"{name} {{ // {@enum.Underlying.ToC()}, {@enum.Location.Header}");
        foreach (AbiEnumerator enumerator in @enum.Enumerators)
        {
            Line($"    {enumerator.Name} = {enumerator.Value.ToString(CultureInfo.InvariantCulture)}");
        }

        Line("}");
    }

    private void WriteRest(AbiModel model)
    {
        Line("");
        foreach (AbiTypedef typedef in model.Typedefs)
        {
            Line(
                $"typedef {typedef.Name}: {AbiTypeText.Write(typedef.Type)} // aligned to {typedef.AlignBytes}, {typedef.Location.Header}");
        }

        Line("");
        foreach (AbiConstant constant in model.Constants)
        {
            Line($"#define {constant.Name} {constant.Value} // {AbiTypeText.Write(constant.Type)}, {constant.Location.Header}");
        }

        Line("");
        foreach (AbiMacro macro in model.Macros)
        {
            Line(
                $"#define {macro.Name}{macro.Parameters} // {(macro.Digest.Length > 0 ? $"text {macro.Digest}" : "empty")}, "
                    + $"{macro.Location.Header}");
        }
    }

    private static string Bytes(long count) => count == 1 ? "1 byte" : $"{count} bytes";

    // A value may hold anything; it stays in its line.
    private void Line(string line) => text.Append(VisibleText.OfLines(line).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
}
