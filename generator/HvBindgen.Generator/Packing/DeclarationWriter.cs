using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Packing;

/// <summary>Writes one declaration; <see cref="DeclarationReader"/> reads it.</summary>
internal sealed class DeclarationWriter(StringHeap strings)
{
    private PackWriter writer = new();

    internal byte[] Write(CatalogItem item)
    {
        writer = new PackWriter();
        Text(item.Declaration.Location.Header);
        switch (item.Declaration)
        {
            case AbiRecord record:
                Record(record);
                break;
            case AbiEnum @enum:
                Enum(@enum);
                break;
            case AbiConstant constant:
                Type(constant.Type);
                Value(constant.Value);
                break;
            case AbiIoctl ioctl:
                Ioctl(ioctl, item.Use);
                break;
            case AbiTypedef typedef:
                if (typedef.Type.InlineRecord(behindPointers: true) is not null)
                {
                    throw new ArgumentException($"typedef {typedef.Name} defines a record without a name, which a catalog does not hold");
                }

                Type(typedef.Type);
                writer.Number(typedef.AlignBytes);
                break;
            case AbiMacro macro:
                Macro(macro, item.Use);
                break;
            default:
                throw new ArgumentException($"{item.Declaration.GetType().Name} is no declaration that a catalog holds");
        }

        return writer.ToArray();
    }

    private void Text(string text) => writer.Number(strings.Of(text));

    private void Type(AbiType type) => Text(AbiTypeText.Write(type));

    private void Record(AbiRecord record)
    {
        writer.Byte((record.Kind == RecordKind.Union ? PackedFormat.UnionFlag : 0) | (record.HasTag ? PackedFormat.TagFlag : 0));
        writer.Number(record.SizeBytes);
        writer.Number(record.AlignBytes);
        writer.Number(record.Fields.Count);
        long expected = 0;
        foreach (AbiField field in record.Fields)
        {
            AbiRecord? inline = field.Type.InlineRecord(behindPointers: true);
            Text(field.Name);
            Type(field.Type);
            writer.Signed(field.OffsetBits - expected);
            writer.Number(
                field.WidthBits << PackedFormat.WidthShift | (inline is null ? 0L : PackedFormat.InlineRecordFlag)
                    | (field.IsBitField ? PackedFormat.BitFieldFlag : 0L));
            if (inline is not null)
            {
                Record(inline);
            }

            // Members of a union begin where it begins, the others where the one before them ends.
            expected = record.Kind == RecordKind.Union ? 0 : field.OffsetBits + field.WidthBits;
        }
    }

    private void Enum(AbiEnum @enum)
    {
        writer.Byte((int)@enum.Underlying << PackedFormat.EnumTypeShift | (@enum.HasTag ? PackedFormat.EnumTagFlag : 0));
        writer.Number(@enum.Enumerators.Count);
        Int128 expected = 0;
        foreach (AbiEnumerator enumerator in @enum.Enumerators)
        {
            Text(enumerator.Name);
            if (enumerator.Value == expected)
            {
                writer.Byte(PackedFormat.NextTag);
            }
            else
            {
                writer.Integer(enumerator.Value, PackedFormat.NextTag + 1);
            }

            expected = enumerator.Value + 1;
        }
    }

    private void Value(ConstantValue value)
    {
        switch (value)
        {
            case IntegerValue integer:
                writer.Integer(integer.Value, firstTag: 0);
                break;
            case TextValue text:
                writer.Byte(PackedFormat.TextTag);
                Text(text.Value);
                break;
            case FloatingValue floating:
                writer.Byte(PackedFormat.DoubleTag);
                writer.Bytes(BitConverter.GetBytes(floating.Value));
                break;
            default:
                throw new OverflowException($"{value} is beyond what a catalog holds");
        }
    }

    private void Ioctl(AbiIoctl ioctl, IoctlUse? use)
    {
        writer.Byte((int)ioctl.Direction | (ioctl.IsArgumentConst ? PackedFormat.ConstArgumentFlag : 0) | FlagsOf(ioctl.Argument, use));
        writer.Number(ioctl.Type);
        writer.Number(ioctl.Number);
        writer.Number(ioctl.SizeBytes);
        writer.Number(ioctl.Request);
        Argument(ioctl.Argument, ioctl.Descriptors, use);
    }

    private void Macro(AbiMacro macro, IoctlUse? use)
    {
        writer.Byte(FlagsOf(macro.Argument, use));
        Text(macro.Parameters);
        writer.Number(macro.Samples.Count);
        foreach (uint sample in macro.Samples)
        {
            writer.Number(sample);
        }

        Argument(macro.Argument, macro.Descriptors, use);
    }

    private static int FlagsOf(AbiType? argument, IoctlUse? use) =>
        (argument is null ? 0 : PackedFormat.ArgumentFlag) | (use is null ? 0 : PackedFormat.UseFlag);

    private void Argument(AbiType? argument, EquatableArray<string> descriptors, IoctlUse? use)
    {
        if (argument is not null)
        {
            Type(argument);
        }

        writer.Number(descriptors.Count);
        foreach (string descriptor in descriptors)
        {
            Text(descriptor);
        }

        if (use is not null)
        {
            Text(use.ToText());
            Text(use.Source);
        }
    }
}
