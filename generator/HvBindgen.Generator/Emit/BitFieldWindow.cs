using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>The integer through which a bit-field is read and written: the smallest that covers it and lies inside the record.</summary>
/// <param name="OffsetBytes">Where it starts.</param>
/// <param name="SizeBytes">1, 2, 4 or 8; up to 17 where no integer fits, and then bytes are taken one by one.</param>
/// <param name="IsInteger">Whether it is an integer.</param>
internal readonly record struct BitFieldWindow(long OffsetBytes, int SizeBytes, bool IsInteger)
{
    internal static BitFieldWindow Of(AbiField field, long recordBytes)
    {
        long first = field.OffsetBits / 8;
        long end = (field.OffsetBits + field.WidthBits + 7) / 8;
        foreach (int size in (ReadOnlySpan<int>)[1, 2, 4, 8])
        {
            // Naturally aligned if that covers it, else wherever the record leaves room.
            long aligned = first / size * size;
            if (aligned + size >= end && aligned + size <= recordBytes)
            {
                return new BitFieldWindow(aligned, size, true);
            }

            long latest = Math.Min(first, recordBytes - size);
            if (latest >= 0 && latest <= first && latest + size >= end)
            {
                return new BitFieldWindow(latest, size, true);
            }
        }

        return new BitFieldWindow(first, (int)(end - first), false);
    }

    internal string FieldName => $"bits_{OffsetBytes}_{SizeBytes}";

    internal CSharpType TypeIn(TypeMapper types) => IsInteger ? TypeMapper.IntegerName(SizeBytes, false) : types.ArrayOf("byte", SizeBytes);

    /// <summary>Bits between the window's least significant bit and the field's.</summary>
    internal int ShiftOf(AbiField field, bool isLittleEndian)
    {
        long start = field.OffsetBits - (OffsetBytes * 8);
        return (int)(isLittleEndian ? start : (SizeBytes * 8) - start - field.WidthBits);
    }
}
