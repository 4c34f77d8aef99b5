using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>How the runtime would lay a record out by itself; it decides only whether explicit offsets can be left out.</summary>
/// <param name="IsSequential">Whether the runtime's own layout is known to be clang's.</param>
/// <param name="NeedsUnsafe">Whether a member's type needs an unsafe context.</param>
/// <param name="IsOverAligned">Whether C aligns the record more strictly than the runtime and any allocation do.</param>
internal readonly record struct RecordLayout(bool IsSequential, bool NeedsUnsafe, bool IsOverAligned)
{
    // What every allocation is aligned to, whatever is put into it.
    private const long AnyAlignment = 8;

    internal static RecordLayout Of(AbiRecord record, TypeMapper types)
    {
        bool isSequential = record.Kind == RecordKind.Struct && types.PackOf(record) is null;
        bool needsUnsafe = false;
        long end = 0;
        long alignment = 1;
        foreach (AbiField field in record.HoistedFields())
        {
            needsUnsafe |= FlexibleArrays.Of(record, field, types.Model.Index).Any();
            isSequential &= !field.IsBitField;
            if (field.IsBitField || field.WidthBits == 0)
            {
                continue;
            }

            MappedType type = types.Map(field.Type, "x");
            needsUnsafe |= type.IsUnsafe;
            isSequential &= type.AlignBytes > 0;
            if (isSequential)
            {
                alignment = Math.Max(alignment, type.AlignBytes);
                end = RoundUp(end, type.AlignBytes);
                isSequential = end * 8 == field.OffsetBits;
                end += type.SizeBytes;
            }
        }

        isSequential &= end > 0 && RoundUp(end, alignment) == record.SizeBytes;
        bool isOverAligned = record.AlignBytes > Math.Max(types.AlignmentOf(record), AnyAlignment);
        return new RecordLayout(isSequential, needsUnsafe, isOverAligned);
    }

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
