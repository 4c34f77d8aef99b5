namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A piece of addresses or offsets.</summary>
internal interface IRange
{
    /// <summary>The first of it.</summary>
    ulong Start { get; }

    /// <summary>Its size.</summary>
    ulong SizeBytes { get; }
}

/// <summary>Pieces that do not overlap, in order.</summary>
internal static class SortedRanges
{
    /// <summary>The piece that a place is in; null for none.</summary>
    internal static T? Find<T>(T[] ranges, ulong place)
        where T : class, IRange
    {
        int low = 0;
        int high = ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            T range = ranges[middle];
            if (place < range.Start)
            {
                high = middle - 1;
            }
            else if (place - range.Start < range.SizeBytes)
            {
                return range;
            }
            else
            {
                low = middle + 1;
            }
        }

        return null;
    }
}
