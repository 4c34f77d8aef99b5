namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Linear addresses whose accesses are noted: up to four, each known by its number.</summary>
/// <remarks>A translation of a page with such an address is not kept, so that accesses to all other pages need not be looked at.</remarks>
internal sealed class WatchedAddresses
{
    /// <summary>How many there are at most.</summary>
    internal const int Count = 4;

    private readonly Watched[] addresses = new Watched[Count];

    /// <summary>What was met and is not yet reported, as bits of DR6: the number of an address is that of its bit.</summary>
    internal uint Hits { get; set; }

    /// <summary>Whether none is watched.</summary>
    internal bool IsEmpty { get; private set; } = true;

    /// <summary>Watches nothing any more.</summary>
    internal void Clear()
    {
        Array.Clear(addresses);
        IsEmpty = true;
    }

    /// <summary>Watches an address.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="linear">The address, which is aligned to the size.</param>
    /// <param name="sizeBytes">1, 2, 4 or 8.</param>
    /// <param name="includesReads">Whether reads count too, not writes alone.</param>
    internal void Set(int number, ulong linear, int sizeBytes, bool includesReads)
    {
        addresses[number] = new Watched(linear, sizeBytes, includesReads);
        IsEmpty = false;
    }

    /// <summary>Notes an access that lies within one page.</summary>
    /// <returns>Whether the page has an address that is watched.</returns>
    internal bool Note(ulong linear, int sizeBytes, AccessKind access)
    {
        bool isNear = false;

        for (int number = 0; number < Count; number++)
        {
            Watched watched = addresses[number];

            if (watched.SizeBytes == 0 || (watched.Linear ^ linear) >> 12 != 0)
            {
                continue;
            }

            isNear = true;
            bool isMet = linear - watched.Linear < (ulong)watched.SizeBytes || watched.Linear - linear < (ulong)sizeBytes;

            if (isMet && (access == AccessKind.Write || watched.IncludesReads))
            {
                Hits |= 1u << number;
            }
        }

        return isNear;
    }

    private readonly record struct Watched(ulong Linear, int SizeBytes, bool IncludesReads);
}
