using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>How the runtime would lay a record out by itself; it decides only whether explicit offsets can be left out.</summary>
/// <param name="IsSequential">Whether the runtime's own layout is known to be clang's.</param>
/// <param name="NeedsUnsafe">Whether a member's type needs an unsafe context.</param>
/// <param name="IsOverAligned">Whether C aligns the record more strictly than the runtime.</param>
internal readonly record struct RecordLayout(bool IsSequential, bool NeedsUnsafe, bool IsOverAligned)
{
    internal static RecordLayout Of(AbiRecord record, TypeMapper types)
    {
        bool sequential = record.Kind == RecordKind.Struct && record.SizeBytes > 0;
        bool needsUnsafe = false;
        long end = 0;
        long alignment = 1;
        long clrAlignment = 1;
        foreach (AbiField field in record.HoistedFields())
        {
            if (field.IsFlexibleArray)
            {
                needsUnsafe = true;
            }

            if (field.IsBitField || field.WidthBits == 0)
            {
                sequential &= !field.IsBitField;
                continue;
            }

            MappedType type = types.Map(field.Type, "x");
            needsUnsafe |= type.IsUnsafe;
            if (type.AlignBytes == 0)
            {
                sequential = false;
                continue;
            }

            clrAlignment = Math.Max(clrAlignment, type.AlignBytes);
            alignment = Math.Max(alignment, type.AlignBytes);
            end = RoundUp(end, type.AlignBytes);
            sequential &= end * 8 == field.OffsetBits;
            end += type.SizeBytes;
        }

        sequential &= end > 0 && RoundUp(end, alignment) == record.SizeBytes;
        return new RecordLayout(sequential, needsUnsafe, record.AlignBytes > LargestMemberAlignment(record, types, clrAlignment));
    }

    // A bit-field's window is never wider than 8 bytes; what C aligns to 8 or less any allocation gives anyway.
    private static long LargestMemberAlignment(AbiRecord record, TypeMapper types, long found)
    {
        long known = types.AlignmentOf(record);
        return Math.Max(Math.Max(known, found), 8);
    }

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
