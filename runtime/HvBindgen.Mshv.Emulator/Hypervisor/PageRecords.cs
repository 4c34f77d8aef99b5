namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Which pages of a region were accessed, and which were written: one bit for each.</summary>
/// <remarks>Any thread may note; reading and changing is for one at a time. What was before anyone looked is not known: all pages begin as
/// accessed and written.</remarks>
internal sealed class PageRecords
{
    private const int BitsPerWord = 64;

    private readonly ulong[] accessed;
    private readonly ulong[] written;

    internal PageRecords(ulong pageCount)
    {
        accessed = new ulong[(pageCount + BitsPerWord - 1) / BitsPerWord];
        written = new ulong[accessed.Length];
        Array.Fill(accessed, ulong.MaxValue);
        Array.Fill(written, ulong.MaxValue);
    }

    /// <summary>Notes that pages were written, and so accessed.</summary>
    internal void NoteWrite(ulong firstPage, ulong lastPage)
    {
        for (ulong page = firstPage; page <= lastPage; page++)
        {
            _ = Interlocked.Or(ref accessed[page / BitsPerWord], Bit(page));
            _ = Interlocked.Or(ref written[page / BitsPerWord], Bit(page));
        }
    }

    /// <summary>Adds pages that an engine has recorded as accessed.</summary>
    internal void AddAccessed(int firstWord, ReadOnlySpan<ulong> fresh) => Add(accessed.AsSpan(firstWord), fresh);

    /// <summary>Adds pages that an engine has recorded as written.</summary>
    internal void AddWritten(int firstWord, ReadOnlySpan<ulong> fresh) => Add(written.AsSpan(firstWord), fresh);

    /// <summary>Whether a page was accessed, and what becomes of that.</summary>
    internal bool Access(ulong page, PageRecord change) => Change(ref accessed[page / BitsPerWord], Bit(page), change);

    /// <summary>Whether a page was written, and what becomes of that.</summary>
    internal bool Write(ulong page, PageRecord change) => Change(ref written[page / BitsPerWord], Bit(page), change);

    private static ulong Bit(ulong page) => 1UL << (int)(page % BitsPerWord);

    private static void Add(Span<ulong> words, ReadOnlySpan<ulong> fresh)
    {
        for (int index = 0; index < fresh.Length; index++)
        {
            if (fresh[index] != 0)
            {
                _ = Interlocked.Or(ref words[index], fresh[index]);
            }
        }
    }

    private static bool Change(ref ulong word, ulong bit, PageRecord change)
    {
        bool isSet = (Volatile.Read(ref word) & bit) != 0;
        if (change == PageRecord.Clear && isSet)
        {
            _ = Interlocked.And(ref word, ~bit);
        }
        else if (change == PageRecord.Set && !isSet)
        {
            _ = Interlocked.Or(ref word, bit);
        }

        return isSet;
    }
}

/// <summary>What becomes of the record of a page.</summary>
internal enum PageRecord
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>It is taken away.</summary>
    Clear,

    /// <summary>It is made.</summary>
    Set,
}

/// <summary>What becomes of the records of pages that are looked at.</summary>
/// <param name="Accessed">That they were accessed.</param>
/// <param name="Written">That they were written.</param>
internal readonly record struct PageRecordChange(PageRecord Accessed, PageRecord Written);
