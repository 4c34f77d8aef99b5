using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Packing;

/// <summary>Reads one declaration of a catalog.</summary>
internal sealed class DeclarationReader(byte[] bytes, Func<int, string> strings)
{
    private PackReader reader;

    /// <summary>The declaration, and for a request what the kernel does with its argument.</summary>
    internal (IAbiDeclaration Declaration, IoctlUse? Use) Read(PackedEntry entry)
    {
        reader = new PackReader(bytes, entry.Position);
        string header = Text();
        SourceLocation location = new(entry.Twin ?? header);
        return entry.Kind switch
        {
            PackedKind.Record => (Record(entry.Name, location), null),
            PackedKind.Enum => (Enum(entry.Name, location), null),
            PackedKind.Constant => (new AbiConstant(entry.Name, Type(), Value(), location), null),
            PackedKind.Ioctl => Ioctl(entry.Name, location),
            PackedKind.Typedef => (new AbiTypedef(entry.Name, Type(), reader.Int64(), location), null),
            PackedKind.FunctionRequest => Macro(entry.Name, location),
            _ => throw new ArgumentException($"an entry of kind {entry.Kind} has no declaration of its own", nameof(entry)),
        };
    }

    /// <summary>The place of the enum that an enumerator belongs to.</summary>
    internal int EnumOf(PackedEntry enumerator) => new PackReader(bytes, enumerator.Position).Int32();

    private string Text() => strings(reader.Int32());

    private AbiType Type() => AbiTypeText.Read(Text());

    private AbiRecord Record(string name, SourceLocation location)
    {
        int flags = reader.Byte();
        RecordKind kind = (flags & PackedFormat.UnionFlag) != 0 ? RecordKind.Union : RecordKind.Struct;
        long size = reader.Int64();
        long align = reader.Int64();
        AbiField[] fields = new AbiField[reader.Int32()];
        long expected = 0;
        for (int index = 0; index < fields.Length; index++)
        {
            string member = Text();
            string type = Text();
            long offset = expected + reader.Signed();
            long width = reader.Int64();
            long widthBits = width >> PackedFormat.WidthShift;
            AbiRecord? inline = (width & PackedFormat.InlineRecordFlag) != 0 ? Record("", SourceLocation.InPlace) : null;
            bool isBitField = (width & PackedFormat.BitFieldFlag) != 0;
            fields[index] = new AbiField(member, AbiTypeText.Read(type, inline), offset, widthBits, isBitField);
            expected = kind == RecordKind.Union ? 0 : offset + widthBits;
        }

        bool hasTag = (flags & PackedFormat.TagFlag) != 0;
        return new AbiRecord(name, kind, hasTag, size, align, new EquatableArray<AbiField>(fields), location);
    }

    private AbiEnum Enum(string name, SourceLocation location)
    {
        int flags = reader.Byte();
        AbiEnumerator[] enumerators = new AbiEnumerator[reader.Int32()];
        Int128 expected = 0;
        for (int index = 0; index < enumerators.Length; index++)
        {
            string enumerator = Text();
            int tag = reader.Byte();
            Int128 value = tag == PackedFormat.NextTag ? expected : reader.Integer(isNegative: tag > PackedFormat.NextTag + 1);
            enumerators[index] = new AbiEnumerator(enumerator, value);
            expected = value + 1;
        }

        return new AbiEnum(
            name, (flags & PackedFormat.EnumTagFlag) != 0, (PrimitiveKind)(flags >> PackedFormat.EnumTypeShift),
            new EquatableArray<AbiEnumerator>(enumerators), location);
    }

    private ConstantValue Value()
    {
        int tag = reader.Byte();
        return tag switch
        {
            PackedFormat.TextTag => new TextValue(Text()),
            PackedFormat.DoubleTag => new FloatingValue(reader.Double()),
            < PackedFormat.TextTag => new IntegerValue(reader.Integer(isNegative: tag == 1)),
            _ => throw new InvalidDataException($"The catalog has a constant of tag {tag}, which this version does not know."),
        };
    }

    private (IAbiDeclaration Declaration, IoctlUse? Use) Ioctl(string name, SourceLocation location)
    {
        int flags = reader.Byte();
        int type = reader.Int32();
        int number = reader.Int32();
        int size = reader.Int32();
        uint request = (uint)reader.Number();
        (AbiType? argument, EquatableArray<string> descriptors, IoctlUse? use) = Argument(flags);
        IoctlDirection direction = (IoctlDirection)(flags & PackedFormat.DirectionMask);
        AbiIoctl ioctl = new(name, descriptors, direction, type, number, size, argument, request, location)
        {
            IsArgumentConst = (flags & PackedFormat.ConstArgumentFlag) != 0,
        };
        return (ioctl, use);
    }

    private (IAbiDeclaration Declaration, IoctlUse? Use) Macro(string name, SourceLocation location)
    {
        int flags = reader.Byte();
        string parameters = Text();
        uint[] samples = new uint[reader.Int32()];
        for (int index = 0; index < samples.Length; index++)
        {
            samples[index] = (uint)reader.Number();
        }

        (AbiType? argument, EquatableArray<string> descriptors, IoctlUse? use) = Argument(flags);
        AbiMacro macro = new(name, parameters, "", location)
        {
            Samples = new EquatableArray<uint>(samples),
            Argument = argument,
            Descriptors = descriptors,
        };
        return (macro, use);
    }

    private (AbiType? Argument, EquatableArray<string> Descriptors, IoctlUse? Use) Argument(int flags)
    {
        AbiType? argument = (flags & PackedFormat.ArgumentFlag) != 0 ? Type() : null;
        string[] descriptors = new string[reader.Int32()];
        for (int index = 0; index < descriptors.Length; index++)
        {
            descriptors[index] = Text();
        }

        IoctlUse? use = (flags & PackedFormat.UseFlag) != 0 ? IoctlUse.Read(Text(), Text()) : null;
        return (argument, new EquatableArray<string>(descriptors), use);
    }
}
