using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Which functions C# can call through a pointer with their own types, and what stands against the others.</summary>
/// <remarks>
/// A signature that is nearly right is a call into nowhere. Where C passes something that C# would pass otherwise, or might, the pointer
/// has no type. No pointer is followed here: a record may hold pointers to functions that take the record itself.
/// </remarks>
internal sealed class FunctionPointers(AbiModel model)
{
    // What is more strictly aligned than any register is passed by rules of its own.
    private const long LargestAlignment = 8;

    // What is larger goes through memory everywhere.
    private const long LargestInRegisters = 16;

    /// <summary>Why C# has no pointer to such a function; null when it has one.</summary>
    internal string? ObstacleOf(AbiFunction function) =>
        function.Convention.Length > 0 ? $"the function is called by '{function.Convention}'"
        : function.IsVariadic && function.Parameters.Count == 0 ? "C says nothing of the function's parameters"
        : function.IsVariadic ? "the function takes any number of arguments"
        : function.Parameters.Append(function.Result).Select(ObstacleOf).FirstOrDefault(obstacle => obstacle is not null);

    private string? ObstacleOf(AbiType type)
    {
        AbiType resolved = model.Index.Resolve(type);
        bool isPassed = resolved switch
        {
            AbiPointer => true,
            AbiPrimitive primitive => IsPassed(primitive.Kind),
            AbiInlineRecord => false,
            _ when model.Index.RecordOf(resolved) is { } record =>
                IsPassed(record, out _) && (record.SizeBytes > LargestInRegisters || AreWindowsAligned(record, 0)),
            _ => model.Index.EnumOf(resolved) is not null,
        };
        if (isPassed)
        {
            return null;
        }

        string name = type is not AbiOpaque opaque ? $"'{AbiTypeText.Write(type)}'"
            : opaque.Spelling.Length > 0 ? $"'{opaque.Spelling}'"
            : "a record without a name";
        return resolved is AbiInlineRecord ? $"C# has no name for the record that {name} stands for"
            : model.Index.SizeBytesOf(type) is null ? $"{name} is passed by value and nowhere defined"
            : $"C# would not pass {name} as C does";
    }

    private static bool IsPassed(PrimitiveKind kind) =>
        kind is not (PrimitiveKind.Int128 or PrimitiveKind.UInt128 or PrimitiveKind.LongDouble);

    // Integers go the same way whatever they lie in. Numbers with a point go in registers of their own, by rules that the runtime
    // follows for plain structs alone.
    private bool IsPassed(AbiRecord record, out bool hasFloats)
    {
        hasFloats = false;
        bool isPlain = record.Kind == RecordKind.Struct && model.Target.PointerBytes == 8;
        long end = 0;
        long alignment = 1;
        foreach (AbiMember member in record.Members())
        {
            AbiField field = member.Field;
            if (field.AnonymousRecord is not null)
            {
                isPlain = false;
                continue;
            }

            AbiType resolved = model.Index.Resolve(field.Type);
            isPlain &= !field.IsBitField && resolved is not AbiArray;
            while (resolved is AbiArray array)
            {
                resolved = model.Index.Resolve(array.Element);
            }

            AbiRecord? inner = model.Index.RecordOf(resolved);
            bool innerFloats = false;
            bool isPassed = field.WidthBits > 0 && resolved switch
            {
                AbiPointer => true,
                AbiPrimitive primitive => IsPassed(primitive.Kind),
                _ when inner is not null => IsPassed(inner, out innerFloats),
                _ => model.Index.EnumOf(resolved) is not null,
            };
            long natural = inner?.AlignBytes ?? model.Index.SizeBytesOf(resolved) ?? 1;
            if (!isPassed || (!field.IsBitField && member.OffsetBits % (8 * natural) != 0 && natural <= model.Target.PointerBytes))
            {
                return false;
            }

            hasFloats |= innerFloats || resolved is AbiPrimitive { Kind: PrimitiveKind.Float or PrimitiveKind.Double };
            end = (end + natural - 1) / natural * natural;
            isPlain &= member.OffsetBits == end * 8;
            end += field.WidthBits / 8;
            alignment = Math.Max(alignment, natural);
        }

        isPlain &= record.AlignBytes == alignment;
        return record.SizeBytes > 0 && record.Fields.Count > 0 && record.AlignBytes <= LargestAlignment && (isPlain || !hasFloats);
    }
    // C passes bit-fields as the bits they are. The runtime sees the integers that they are read through, and passes a record in
    // memory when one of them does not lie at a multiple of its size.
    private bool AreWindowsAligned(AbiRecord record, long baseBytes)
    {
        foreach (AbiField field in record.HoistedFields())
        {
            if (field.IsBitField)
            {
                BitFieldWindow window = BitFieldWindow.Of(field, record.SizeBytes);
                if (window.IsInteger && (baseBytes + window.OffsetBytes) % window.SizeBytes != 0)
                {
                    return false;
                }

                continue;
            }

            AbiType type = model.Index.Resolve(field.Type);
            long count = 1;
            while (type is AbiArray array)
            {
                count *= array.Count ?? 0;
                type = model.Index.Resolve(array.Element);
            }

            for (long index = 0; index < count && model.Index.RecordOf(type) is { SizeBytes: > 0 } inner; index++)
            {
                if (!AreWindowsAligned(inner, baseBytes + (field.OffsetBits / 8) + (index * inner.SizeBytes)))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
