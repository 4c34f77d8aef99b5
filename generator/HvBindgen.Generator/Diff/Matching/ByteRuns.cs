using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>What a type is in memory, without names: runs of equal numbers at their places.</summary>
internal static class ByteRuns
{
    private const int MostRuns = 512;

    /// <summary>A number of adjacent elements of one kind.</summary>
    /// <param name="StartBits">Distance from the start.</param>
    /// <param name="WidthBits">Width of an element; of a bit-field the bits it has.</param>
    /// <param name="IsSigned">Whether its top bit is a sign.</param>
    /// <param name="Count">Number of elements.</param>
    internal readonly record struct Run(long StartBits, long WidthBits, bool IsSigned, long Count);

    /// <summary>The runs of a type; null for what is no row of numbers: unions, pointers, incomplete types.</summary>
    internal static List<Run>? Of(AbiModel model, AbiType type)
    {
        List<Run> runs = [];
        return Add(model, type, 0, runs) ? runs : null;
    }

    private static bool Add(AbiModel model, AbiType type, long startBits, List<Run> runs)
    {
        AbiType resolved = model.Index.Resolve(type);
        if (resolved is AbiPrimitive { Kind: var kind } && kind.IsInteger())
        {
            return Append(runs, new Run(startBits, kind.SizeBytes(model.Target) * 8, kind.IsSigned(model.Target), 1));
        }

        if (resolved is AbiArray { Count: > 0 } array)
        {
            return AddArray(model, array, startBits, runs);
        }

        if (model.Index.RecordOf(resolved) is not { Kind: RecordKind.Struct } record)
        {
            return false;
        }

        foreach (AbiField field in record.HoistedFields())
        {
            bool isAdded = field.IsBitField
                ? Append(runs, new Run(startBits + field.OffsetBits, field.WidthBits, false, 1))
                : Add(model, field.Type, startBits + field.OffsetBits, runs);
            if (!isAdded)
            {
                return false;
            }
        }

        return true;
    }

    // One element tells of all: an array of numbers is one run, an array of anything else is looked at element by element.
    private static bool AddArray(AbiModel model, AbiArray array, long startBits, List<Run> runs)
    {
        List<Run> element = [];
        if (!Add(model, array.Element, 0, element))
        {
            return false;
        }

        long count = array.Count!.Value;
        if (element is [{ StartBits: 0 } only])
        {
            return Append(runs, only with { StartBits = startBits, Count = only.Count * count });
        }

        long strideBits = model.Index.RecordOf(model.Index.Resolve(array.Element)) is { } record ? record.SizeBytes * 8 : 0;
        for (long index = 0; index < count && strideBits > 0; index++)
        {
            foreach (Run run in element)
            {
                if (!Append(runs, run with { StartBits = startBits + (index * strideBits) + run.StartBits }))
                {
                    return false;
                }
            }
        }

        return strideBits > 0;
    }

    private static bool Append(List<Run> runs, Run run)
    {
        if (runs.Count > 0 && runs[^1] is var last && last.WidthBits == run.WidthBits && last.IsSigned == run.IsSigned
            && last.StartBits + (last.WidthBits * last.Count) == run.StartBits)
        {
            runs[^1] = last with { Count = last.Count + run.Count };
            return true;
        }

        runs.Add(run);
        return runs.Count <= MostRuns;
    }
}
