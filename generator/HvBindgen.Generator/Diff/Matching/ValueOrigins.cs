using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Finds what a constant's value follows: it changed just as the end of an enum or the size of a record did.</summary>
internal static class ValueOrigins
{
    internal static IReadOnlyList<string> Find(
        AbiConstant? before, AbiConstant? after, IReadOnlyList<EnumPair> enums, IReadOnlyList<RecordPair> records)
    {
        if (before?.Value is not IntegerValue old || after?.Value is not IntegerValue now || old.Value == now.Value)
        {
            return [];
        }

        List<string> origins = [];
        foreach (EnumPair pair in enums)
        {
            foreach (EnumeratorPair enumerator in pair.Enumerators)
            {
                if (enumerator is { Before: { } end, After: { } newEnd } && Follows(old.Value, now.Value, end.Value, newEnd.Value))
                {
                    origins.Add(pair.Key);
                    break;
                }
            }
        }

        foreach (RecordPair pair in records)
        {
            if (pair.HasBoth(out AbiRecord size, out AbiRecord newSize) && size.SizeBytes != newSize.SizeBytes
                && old.Value == size.SizeBytes && now.Value == newSize.SizeBytes)
            {
                origins.Add(pair.Key);
            }
        }

        return origins;
    }

    // X = COUNT, X = COUNT - 1, X = 1 << COUNT, X = (1 << COUNT) - 1
    private static bool Follows(Int128 old, Int128 now, Int128 end, Int128 newEnd) =>
        (old == end && now == newEnd)
        || (old == end - 1 && now == newEnd - 1)
        || (IsShift(end) && IsShift(newEnd)
            && ((old == Int128.One << (int)end && now == Int128.One << (int)newEnd)
                || (old == (Int128.One << (int)end) - 1 && now == (Int128.One << (int)newEnd) - 1)));

    private static bool IsShift(Int128 value) => value >= 0 && value <= 64;
}
