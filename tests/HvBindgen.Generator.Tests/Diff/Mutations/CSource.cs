using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Diff.Mutations;

/// <summary>
/// Writes the types of a model as C that compiles: layouts are held by packing and unnamed padding where C can hold them.
/// </summary>
/// <remarks>A mutated member that would lie over another one pushes it aside, as it does in a header.</remarks>
internal sealed class CSource
{
    private const string Guard = "_MUTATED_H";

    private readonly AbiModel model;
    private readonly StringBuilder text = new();
    private readonly HashSet<string> written = new(StringComparer.Ordinal);

    private CSource(AbiModel model) => this.model = model;

    internal static string Write(AbiModel model)
    {
        CSource source = new(model);
        source.text.Append($"#ifndef {Guard}\n#define {Guard}\n");
        foreach (AbiEnum @enum in model.Enums)
        {
            source.WriteEnum(@enum);
        }

        foreach (AbiRecord record in model.Records)
        {
            source.WriteRecord(record);
        }

        foreach (AbiTypedef typedef in model.Typedefs)
        {
            source.WriteTypedef(typedef);
        }

        return source.text.Append("#endif\n").ToString();
    }

    private void WriteEnum(AbiEnum @enum)
    {
        string values = string.Join(", ", ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Select(e => $"{e.Name} = {Value(e.Value)}"));
        text.Append(@enum.Name.Length == 0 ? $"enum {{ {values} }};\n"
            : @enum.HasTag ? $"enum {@enum.Name} {{ {values} }};\n"
            : $"typedef enum {{ {values} }} {@enum.Name};\n");
        written.Add(@enum.Name);
    }

    private static string Value(Int128 value) =>
        value > int.MaxValue ? $"{value}u" : value == int.MinValue ? "(-2147483647 - 1)" : $"{value}";

    // What a record is made of comes before it.
    private void WriteRecord(AbiRecord record)
    {
        if (!written.Add(record.Name))
        {
            return;
        }

        WriteTypesOf(record);
        text.Append(
            record.HasTag
                ? $"{record.Kind.ToC()} {record.Name} {Body(record)};\n"
                : $"typedef {record.Kind.ToC()} {Body(record)} {record.Name};\n");
    }

    private void WriteTypedef(AbiTypedef typedef)
    {
        if (written.Add(typedef.Name))
        {
            WriteTypesOf(typedef.Type);
            text.Append($"typedef {Declare(typedef.Type, typedef.Name)};\n");
        }
    }

    private void WriteTypesOf(AbiRecord record)
    {
        foreach (AbiField field in record.Fields)
        {
            WriteTypesOf(field.Type);
        }
    }

    private void WriteTypesOf(AbiType type)
    {
        switch (type)
        {
            case AbiTypedefRef name when Find(model.Typedefs, name.Name) is { } typedef:
                WriteTypedef(typedef);
                break;
            case AbiTypedefRef name when Find(model.Records, name.Name) is { } record:
                WriteRecord(record);
                break;
            case AbiRecordRef name when Find(model.Records, name.Name) is { } record:
                WriteRecord(record);
                break;
            case AbiInlineRecord inline:
                WriteTypesOf(inline.Definition);
                break;
            case AbiArray array:
                WriteTypesOf(array.Element);
                break;
            case AbiPointer { Target: not AbiRecordRef } pointer:
                WriteTypesOf(pointer.Target);
                break;
        }
    }

    private static T? Find<T>(EquatableArray<T> declarations, string name)
        where T : class, IAbiDeclaration => ((IEnumerable<T>)declarations).FirstOrDefault(declaration => declaration.Name == name);

    private string Body(AbiRecord record)
    {
        StringBuilder body = new("{ ");
        long reached = 0;
        foreach (AbiField field in record.Fields)
        {
            if (record.Kind == RecordKind.Struct)
            {
                Pad(body, field.OffsetBits - reached);
                reached = Math.Max(reached, field.OffsetBits);
            }

            body.Append(Declare(field.Type, field.Name)).Append(field.IsBitField ? $":{field.WidthBits}; " : "; ");
            reached += record.Kind == RecordKind.Struct ? field.WidthBits : 0;
        }

        bool isUnion = record.Kind == RecordKind.Union;
        Pad(body, isUnion ? 0 : (record.SizeBytes * 8) - reached);
        long align = record.AlignBytes > 0 && record.SizeBytes % record.AlignBytes == 0 ? record.AlignBytes : 1;
        return body.Append($"}} __attribute__((packed, aligned({align})))").ToString();
    }

    private static void Pad(StringBuilder body, long bits)
    {
        for (; bits > 0; bits -= Math.Min(bits, 64))
        {
            body.Append($"unsigned long long :{Math.Min(bits, 64)}; ");
        }
    }

    private string Declare(AbiType type, string declarator) => type switch
    {
        AbiPointer { Target: AbiArray or AbiFunction } pointer => Declare(pointer.Target, $"(*{declarator})"),
        AbiPointer pointer => Declare(pointer.Target, $"*{declarator}"),
        AbiArray array => Declare(array.Element, $"{declarator}[{array.Count ?? 0}]"),
        AbiFunction function => Declare(
            function.Result,
            $"{declarator}({string.Join(", ", ((IEnumerable<AbiType>)function.Parameters).Select(parameter => Declare(parameter, "")))})"),
        AbiInlineRecord inline => $"{inline.Definition.Kind.ToC()} {Body(inline.Definition)} {declarator}",
        _ => $"{type} {declarator}",
    };
}
