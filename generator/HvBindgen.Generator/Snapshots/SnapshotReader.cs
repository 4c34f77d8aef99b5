using System.Globalization;
#if NET
using System.Text.Json;
#endif
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Snapshots;

/// <summary>Reads a snapshot back into the model it was written from.</summary>
public sealed class SnapshotReader
{
    // Records inside each other take two levels each; the parser holds no more than 256 of them.
    private const int MaxDepth = 600;

    private readonly string source;

    // Thousands of members have some hundred types and a few headers.
    private readonly Dictionary<string, AbiType> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceLocation> headers = new(StringComparer.Ordinal);
    private string place = "";

    private SnapshotReader(string source) => this.source = source;

    /// <summary>Reads a snapshot.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="source">Name of the file for messages.</param>
    /// <returns>A model equal to the one that was written.</returns>
    /// <exception cref="SnapshotException">It is no snapshot, is damaged or cut off, or has another schema version.</exception>
    public static AbiModel Read(ReadOnlyMemory<byte> json, string source)
    {
        SnapshotReader reader = new(source);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return reader.ReadModel(document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new SnapshotException(
                $"{source}:{fault.LineNumber + 1}:{fault.BytePositionInLine + 1}: not valid JSON "
                    + $"({fault.Message.Split(". LineNumber")[0]}); is the file cut off?",
                fault);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or InvalidOperationException)
        {
            throw reader.Fault(fault.Message, fault);
        }
    }

    private AbiModel ReadModel(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out JsonElement schemaElement)
            || schemaElement.ValueKind != JsonValueKind.Number || !schemaElement.TryGetInt32(out int schema))
        {
            throw Fault("this is not an ABI snapshot: it has no \"schema\" number");
        }

        if (schema is > SnapshotFormat.Schema or < SnapshotFormat.OldestSchema)
        {
            string range = $"schemas {SnapshotFormat.OldestSchema} to {SnapshotFormat.Schema}";
            throw Fault(schema > SnapshotFormat.Schema
                ? $"schema {schema} is newer than this tool, which reads {range}: use a newer hvbindgen"
                : $"schema {schema} is older than this tool, which reads {range}: write the snapshot again");
        }

        string set = Text(root, "set");
        if (set.Length == 0 || !set.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            throw Fault($"\"{VisibleText.Of(set)}\" is no name of a set: letters, digits, '-' and '_'");
        }

        string targetName = Text(root, "target");
        TargetInfo target = TargetInfo.Find(targetName) ?? throw Fault($"target \"{targetName}\" is not known to this tool");

        return new AbiModel(
            set,
            target,
            List(root, "records", ReadRecord),
            List(root, "enums", ReadEnum),
            List(root, "constants", ReadConstant),
            List(root, "ioctls", ReadIoctl),
            List(root, "typedefs", ReadTypedef),
            List(root, "macros", ReadMacro))
        {
            CompilerConditions = root.TryGetProperty("compilers", out _)
                ? List(root, "compilers", element => new AbiCondition(Key(element), Names(element, "macros")))
                : [],
            Derivations = schema < 2 ? [] : List(root, "derivations", ReadDerivation),
            Inclusions = schema < 2 ? [] : List(root, "inclusions", element => new AbiInclusion(Key(element), Names(element, "includes"))),
        };
    }

    private AbiDerivation ReadDerivation(JsonElement derivation) =>
        new(Key(derivation), Names(derivation, "of"))
        {
            Operators = derivation.TryGetProperty("by", out _) ? VisibleText.Of(Text(derivation, "by")) : "",
        };

    private AbiMacro ReadMacro(JsonElement macro) =>
        new(Name(macro), Text(macro, "parameters"), Text(macro, "digest"), Header(macro))
        {
            Prefixes = macro.TryGetProperty("prefixes", out _) ? Names(macro, "prefixes") : [],
            Samples = macro.TryGetProperty("samples", out _) ? List(macro, "samples", sample => Number(sample, "samples")) : [],
            Argument = Argument(macro),
            Descriptors = macro.TryGetProperty("fd", out _) ? Descriptors(macro) : [],
        };

    private AbiType? Argument(JsonElement element) =>
        element.TryGetProperty("argument", out _) ? TypeOf(Text(element, "argument")) : null;

    private EquatableArray<string> Descriptors(JsonElement element) =>
        List(element, "fd", descriptor => descriptor.GetString() ?? throw Fault("\"fd\" holds something else than names"));

    private EquatableArray<string> Names(JsonElement element, string key) =>
        List(element, key, name => name.GetString() is { } text
            ? VisibleText.Of(text)
            : throw Fault($"\"{key}\" holds something else than names"));

    private uint Number(JsonElement element, string key) =>
        element.GetString() is { } text && text.StartsWith("0x", StringComparison.Ordinal)
        && uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw Fault($"\"{key}\" holds something else than 32-bit numbers in hexadecimal");

    private AbiRecord ReadRecord(JsonElement element)
    {
        string name = Name(element);
        (string keyword, bool hasTag) = Kind(element);
        return new AbiRecord(
            name, RecordKindOf(keyword), hasTag, Integer(element, "size"), Integer(element, "align"), ReadFields(element, name),
            Header(element));
    }

    private EquatableArray<AbiField> ReadFields(JsonElement element, string path) =>
        List(element, "fields", field => ReadField(field, path));

    private AbiField ReadField(JsonElement element, string path)
    {
        string name = Identifier(element);
        path = $"{path}.{name}";
        place = path;
        return new AbiField(
            name,
            TypeOf(Text(element, "type"), InlineRecord(element, path, "align")),
            Integer(element, "offset_bits"),
            Integer(element, "width_bits"),
            element.TryGetProperty("bit_field", out JsonElement bitField) && bitField.ValueKind == JsonValueKind.True);
    }

    // A record without a name has no header of its own: it stands where its record or its typedef stands.
    private AbiRecord? InlineRecord(JsonElement element, string path, string alignment) => element.TryGetProperty("fields", out _)
        ? new AbiRecord(
            "", RecordKindOf(Text(element, "kind")), true, Integer(element, "size"), Integer(element, alignment),
            ReadFields(element, path), SourceLocation.InPlace)
        : null;

    private AbiTypedef ReadTypedef(JsonElement typedef)
    {
        string name = Name(typedef);
        return new AbiTypedef(
            name,
            TypeOf(Text(typedef, "type"), InlineRecord(typedef, name, "record_align")),
            Integer(typedef, "align"),
            Header(typedef));
    }

    private AbiEnum ReadEnum(JsonElement element)
    {
        string name = Text(element, "name");
        place = name;
        (_, bool hasTag) = Kind(element);
        PrimitiveKind underlying = PrimitiveKinds.Find(Text(element, "underlying")) ?? throw Fault("\"underlying\" is no C integer type");
        EquatableArray<AbiEnumerator> values = List(element, "values", value => new AbiEnumerator(Name(value), Integer128(value, "value")));
        return new AbiEnum(name, hasTag && name.Length > 0, underlying, values, Header(element));
    }

    private AbiConstant ReadConstant(JsonElement element)
    {
        string name = Name(element);
        AbiType type = Type(element);
        JsonElement value = Property(element, "value");
        ConstantValue constant = value.ValueKind switch
        {
            JsonValueKind.String => new TextValue(value.GetString()!),
            JsonValueKind.Number
                when type is AbiPrimitive { Kind: PrimitiveKind.Float or PrimitiveKind.Double or PrimitiveKind.LongDouble } =>
                new FloatingValue(value.GetDouble()),
            JsonValueKind.Number when UInt128.TryParse(
                value.GetRawText(), NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 wide) && wide > (UInt128)Int128.MaxValue =>
                new WideValue(wide),
            JsonValueKind.Number => new IntegerValue(Integer128(element, "value")),
            _ => throw Fault("\"value\" is neither a number nor a string"),
        };
        return new AbiConstant(name, type, constant, Header(element));
    }

    private AbiIoctl ReadIoctl(JsonElement element)
    {
        string name = Name(element);
        return new AbiIoctl(
            name,
            Descriptors(element),
            SnapshotFormat.ToDirection(Text(element, "direction")) ?? throw Fault("\"direction\" is none of none, read, write, readwrite"),
            checked((int)Integer(element, "type")),
            checked((int)Integer(element, "nr")),
            checked((int)Integer(element, "size")),
            Argument(element),
            Number(Property(element, "number"), "number"),
            Header(element))
        {
            IsArgumentConst = element.TryGetProperty("const", out JsonElement isConst) && isConst.ValueKind == JsonValueKind.True,
        };
    }

    private EquatableArray<T> List<T>(JsonElement element, string name, Func<JsonElement, T> read)
    {
        JsonElement list = Property(element, name);
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Fault($"\"{name}\" is not a list");
        }

        T[] items = new T[list.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            items[index++] = read(item);
        }

        return new EquatableArray<T>(items);
    }

    private (string Keyword, bool HasTag) Kind(JsonElement element)
    {
        string kind = Text(element, "kind");
        return kind.StartsWith("typedef ", StringComparison.Ordinal) ? (kind["typedef ".Length..], false) : (kind, true);
    }

    private RecordKind RecordKindOf(string keyword) => keyword switch
    {
        "struct" => RecordKind.Struct,
        "union" => RecordKind.Union,
        _ => throw Fault($"\"{keyword}\" is not a kind of record"),
    };

    private string Name(JsonElement element)
    {
        place = Identifier(element);
        return place;
    }

    // "struct S.member" and the names of headers are no identifiers.
    private string Key(JsonElement element)
    {
        place = VisibleText.Of(Text(element, "name"));
        return place;
    }

    // A name goes into reports as it is: nothing that C would not take for one.
    private string Identifier(JsonElement element)
    {
        string name = Text(element, "name");
        foreach (char letter in name)
        {
            bool isPart = char.IsAscii(letter)
                ? char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$'
                : !VisibleText.IsHidden(letter) && !char.IsWhiteSpace(letter);
            if (!isPart)
            {
                throw Fault($"\"{VisibleText.Of(name)}\" is no name in C");
            }
        }

        return name;
    }

    private AbiType Type(JsonElement element) => TypeOf(Text(element, "type"));

    private AbiType TypeOf(string text, AbiRecord? inline = null)
    {
        if (inline is not null)
        {
            return AbiTypeText.Read(text, inline);
        }

        if (!types.TryGetValue(text, out AbiType? type))
        {
            type = AbiTypeText.Read(text);
            types.Add(text, type);
        }

        return type;
    }

    private SourceLocation Header(JsonElement element)
    {
        string text = Text(element, "header");
        if (!headers.TryGetValue(text, out SourceLocation? location))
        {
            location = new SourceLocation(VisibleText.Of(text));
            headers.Add(text, location);
        }

        return location;
    }

    private string Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw Fault($"\"{name}\" is not a string");

    private long Integer(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value)
            ? value
            : throw Fault($"\"{name}\" is not a whole number");

    private Int128 Integer128(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Number } number
        && Int128.TryParse(number.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 value)
            ? value
            : throw Fault($"\"{name}\" is not a whole number");

    private JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            ? value
            : throw Fault($"\"{name}\" is missing");

    private SnapshotException Fault(string message, Exception? inner = null) =>
        new(VisibleText.Of(place.Length == 0 ? $"{source}: {message}" : $"{source}: at {place}: {message}"), inner);
}
