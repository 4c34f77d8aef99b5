namespace HvBindgen.Mshv.Memory;

/// <summary>The pages of one region that the host has written, which the hypervisor does not see: a bit for each.</summary>
/// <remarks>Who writes, marks afterwards; who takes marks, reads the pages afterwards. So what comes too late for one round is in the
/// next.</remarks>
internal sealed class HostWrites(ulong pageCount)
{
    private const int BitsPerWord = 64;

    private readonly ulong[] words = new ulong[(pageCount + BitsPerWord - 1) / BitsPerWord];

    /// <summary>Marks pages.</summary>
    internal void Mark(ulong firstPage, ulong lastPage)
    {
        for (ulong word = firstPage / BitsPerWord; word <= lastPage / BitsPerWord; word++)
        {
            ulong mask = Mask(word, firstPage, lastPage);

            // Most writes go where the last ones went.
            if ((Volatile.Read(ref words[word]) & mask) != mask)
            {
                Interlocked.Or(ref words[word], mask);
            }
        }
    }

    /// <summary>Moves the marks of some pages into a bitmap.</summary>
    /// <param name="firstPage">First of the pages.</param>
    /// <param name="lastPage">Last of them.</param>
    /// <param name="bitmap">Receives the marks, beside those that it has.</param>
    /// <param name="firstBit">Bit for the first of the pages.</param>
    internal void Take(ulong firstPage, ulong lastPage, Span<ulong> bitmap, ulong firstBit)
    {
        for (ulong word = firstPage / BitsPerWord; word <= lastPage / BitsPerWord; word++)
        {
            if (Volatile.Read(ref words[word]) == 0)
            {
                continue;
            }

            ulong mask = Mask(word, firstPage, lastPage);
            ulong taken = Interlocked.And(ref words[word], ~mask) & mask;
            for (; taken != 0; taken &= taken - 1)
            {
                ulong page = (word * BitsPerWord) + (ulong)ulong.TrailingZeroCount(taken);
                ulong bit = firstBit + (page - firstPage);
                bitmap[(int)(bit / BitsPerWord)] |= 1UL << (int)(bit % BitsPerWord);
            }
        }
    }

    private static ulong Mask(ulong word, ulong firstPage, ulong lastPage)
    {
        ulong first = word * BitsPerWord;
        ulong mask = firstPage > first ? ulong.MaxValue << (int)(firstPage - first) : ulong.MaxValue;
        return lastPage - first < BitsPerWord - 1 ? mask & ((2UL << (int)(lastPage - first)) - 1) : mask;
    }
}
