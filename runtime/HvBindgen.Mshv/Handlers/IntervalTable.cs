namespace HvBindgen.Mshv.Handlers;

/// <summary>Which handler an address belongs to. Reading takes no lock and may go on while the table changes.</summary>
/// <remarks>A change builds a new sorted snapshot; who reads at that moment sees the old one or the new one, never a mixture.</remarks>
internal sealed class IntervalTable<THandler>(string space)
    where THandler : class
{
    private readonly Lock changing = new();
    private Interval[] intervals = [];

    internal readonly record struct Interval(ulong First, ulong Last, THandler Handler);

    /// <summary>Finds the interval that an address lies in.</summary>
    internal bool TryFind(ulong address, out Interval found)
    {
        Interval[] snapshot = Volatile.Read(ref intervals);
        int low = 0;
        int high = snapshot.Length - 1;
        while (low <= high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            ref readonly Interval candidate = ref snapshot[middle];
            if (address < candidate.First)
            {
                high = middle - 1;
            }
            else if (address > candidate.Last)
            {
                low = middle + 1;
            }
            else
            {
                found = candidate;
                return true;
            }
        }

        found = default;
        return false;
    }

    internal void Add(ulong first, ulong last, THandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (changing)
        {
            int index = 0;
            while (index < intervals.Length && intervals[index].Last < first)
            {
                index++;
            }

            if (index < intervals.Length && intervals[index].First <= last)
            {
                throw new ArgumentException(
                    $"{space} 0x{first:x}-0x{last:x} overlaps 0x{intervals[index].First:x}-0x{intervals[index].Last:x}, which "
                        + $"{intervals[index].Handler} has. Unmap that first.");
            }

            Interval[] changed = new Interval[intervals.Length + 1];
            intervals.AsSpan(0, index).CopyTo(changed);
            changed[index] = new Interval(first, last, handler);
            intervals.AsSpan(index).CopyTo(changed.AsSpan(index + 1));
            Volatile.Write(ref intervals, changed);
        }
    }

    /// <summary>Removes the interval that begins at an address.</summary>
    internal bool Remove(ulong first)
    {
        lock (changing)
        {
            int index = Array.FindIndex(intervals, interval => interval.First == first);
            if (index < 0)
            {
                return false;
            }

            Interval[] changed = new Interval[intervals.Length - 1];
            intervals.AsSpan(0, index).CopyTo(changed);
            intervals.AsSpan(index + 1).CopyTo(changed.AsSpan(index));
            Volatile.Write(ref intervals, changed);
            return true;
        }
    }
}
