using System.Buffers.Binary;

namespace HvBindgen.Emulation.A64;

/// <summary>Finds the memory behind an instruction by the guest's own stage-1 tables.</summary>
/// <remarks>
/// All granules (4, 16 and 64 KiB), with addresses of up to 52 bits. Permissions are not looked at, and nothing is written: what is fetched
/// here the processor has just fetched itself. Tables of EL2 and 128-bit descriptors (FEAT_D128) are not known.
/// </remarks>
public static class A64PageWalker
{
    // SCTLR_EL1.
    private const ulong MmuIsOn = 1 << 0;
    private const ulong BigEndianTables = 1 << 25;

    // TCR_EL1: fields of the low half of addresses, those of the high half, and common ones.
    private const int Size0Bit = 0;
    private const int Disable0Bit = 7;
    private const int Granule0Bit = 14;
    private const int Size1Bit = 16;
    private const int Disable1Bit = 23;
    private const int Granule1Bit = 30;
    private const int PhysicalSizeBit = 32;
    private const int TopByte0Bit = 37;
    private const int TopByte1Bit = 38;
    private const int DataOnly0Bit = 51;
    private const int DataOnly1Bit = 52;
    private const int LargeAddressBit = 59;

    private const int HalfBit = 55;
    private const int LastLevel = 3;
    private const int SmallestSize = 12;
    private const int LargestSize = 48;
    private const ulong Valid = 1;
    private const ulong TableOrPage = 2;

    /// <summary>Translates the address of an instruction.</summary>
    /// <param name="paging">Registers that choose tables and sizes.</param>
    /// <param name="memory">Where the tables are.</param>
    /// <param name="gva">Virtual address.</param>
    /// <param name="gpa">Guest-physical address of it.</param>
    /// <returns>False when nothing maps the address, or a table lies where no RAM is.</returns>
    public static bool TryTranslate(in A64PagingState paging, IGuestPhysicalMemory memory, ulong gva, out ulong gpa)
    {
        ArgumentNullException.ThrowIfNull(memory);
        gpa = gva;

        if ((paging.Sctlr & MmuIsOn) == 0)
        {
            return true;
        }

        bool isHigh = Bits(gva, HalfBit, 1) != 0;
        int granuleBits = GranuleBits((int)Bits(paging.Tcr, isHigh ? Granule1Bit : Granule0Bit, 2), isHigh);
        int unusedBits = (int)Bits(paging.Tcr, isHigh ? Size1Bit : Size0Bit, 6);
        bool isDisabled = Bits(paging.Tcr, isHigh ? Disable1Bit : Disable0Bit, 1) != 0;

        return granuleBits != 0 && unusedBits is >= SmallestSize and <= LargestSize && !isDisabled
            && IsCanonical(paging.Tcr, gva, isHigh, unusedBits)
            && TryWalk(paging, memory, gva, isHigh ? paging.Ttbr1 : paging.Ttbr0, granuleBits, 64 - unusedBits, out gpa);
    }

    /// <summary>Fetches an instruction.</summary>
    /// <param name="paging">Registers that choose tables and sizes.</param>
    /// <param name="memory">Where tables and instruction are.</param>
    /// <param name="gva">Virtual address of the instruction.</param>
    /// <param name="word">The instruction.</param>
    /// <returns>False when the address is misaligned, nothing maps it, or no RAM is where it leads.</returns>
    public static unsafe bool TryFetch(in A64PagingState paging, IGuestPhysicalMemory memory, ulong gva, out uint word)
    {
        word = 0;

        if (gva % sizeof(uint) != 0 || !TryTranslate(in paging, memory, gva, out ulong gpa)
            || !memory.TryResolve(gpa, out HostRange range) || range.SizeBytes < sizeof(uint))
        {
            return false;
        }

        // Four aligned bytes that the resolver keeps. Code is little-endian, whatever data is.
        word = Volatile.Read(ref *(uint*)range.Pointer);
        return true;
    }

    private static ulong Bits(ulong value, int lowest, int count) => (value >> lowest) & ((1UL << count) - 1);

    // The two halves number the granules otherwise.
    private static int GranuleBits(int granule, bool isHigh) => (granule, isHigh) switch
    {
        (0, false) or (2, true) => 12,
        (2, false) or (1, true) => 14,
        (1, false) or (3, true) => 16,
        _ => 0,
    };

    // What is not translated repeats bit 55; the top byte may be a tag, but for instructions only if TBID does not forbid it.
    private static bool IsCanonical(ulong tcr, ulong gva, bool isHigh, int unusedBits)
    {
        bool isTagged = Bits(tcr, isHigh ? TopByte1Bit : TopByte0Bit, 1) != 0 && Bits(tcr, isHigh ? DataOnly1Bit : DataOnly0Bit, 1) == 0;
        int checkedBits = isTagged ? unusedBits - 8 : unusedBits;
        return checkedBits <= 0 || Bits(gva, 64 - unusedBits, checkedBits) == (isHigh ? (1UL << checkedBits) - 1 : 0);
    }

    private static bool TryWalk(
        in A64PagingState paging, IGuestPhysicalMemory memory, ulong gva, ulong root, int granuleBits, int addressBits, out ulong gpa)
    {
        int indexBits = granuleBits - 3;
        int level = LastLevel + 1 - ((addressBits - granuleBits + indexBits - 1) / indexBits);
        bool isLarge = granuleBits == 16 ? Bits(paging.Tcr, PhysicalSizeBit, 3) == 6 : Bits(paging.Tcr, LargeAddressBit, 1) != 0;
        int shift = granuleBits + ((LastLevel - level) * indexBits);

        // The first table may be smaller than a page; it is aligned to its size, and to 64 bytes.
        int rootBits = Math.Max(addressBits - shift + 3, isLarge ? 6 : 3);
        ulong table = Bits(root, rootBits, 48 - rootBits) << rootBits;
        table |= isLarge ? Bits(root, 2, 4) << 48 : 0;
        int count = addressBits - shift;

        for (; ; level++, shift -= indexBits, count = indexBits)
        {
            if (!TryReadEntry(paging, memory, table + (Bits(gva, shift, count) * 8), out ulong entry) || (entry & Valid) == 0)
            {
                gpa = 0;
                return false;
            }

            bool isLeaf = level == LastLevel || (entry & TableOrPage) == 0;

            if (isLeaf)
            {
                gpa = Address(entry, shift, granuleBits, isLarge) | Bits(gva, 0, shift);
                return level == LastLevel ? (entry & TableOrPage) != 0 : MayBeBlock(level, granuleBits, isLarge);
            }

            table = Address(entry, granuleBits, granuleBits, isLarge);
        }
    }

    private static bool MayBeBlock(int level, int granuleBits, bool isLarge) =>
        level == 2 || (level == 1 && (granuleBits == 12 || isLarge)) || (level == 0 && granuleBits == 12 && isLarge);

    // Of addresses above 48 bits the rest stands where the low bits of an address are zero, or mean nothing.
    private static ulong Address(ulong entry, int lowest, int granuleBits, bool isLarge)
    {
        int highest = isLarge && granuleBits != 16 ? 50 : 48;
        ulong address = Bits(entry, lowest, highest - lowest) << lowest;
        return !isLarge ? address : address | (granuleBits == 16 ? Bits(entry, 12, 4) << 48 : Bits(entry, 8, 2) << 50);
    }

    private static unsafe bool TryReadEntry(in A64PagingState paging, IGuestPhysicalMemory memory, ulong gpa, out ulong entry)
    {
        entry = 0;

        if (!memory.TryResolve(gpa, out HostRange range) || range.SizeBytes < sizeof(ulong))
        {
            return false;
        }

        // Eight aligned bytes that the resolver keeps: one access, whatever the guest does to them meanwhile.
        entry = Volatile.Read(ref *(ulong*)range.Pointer);
        entry = (paging.Sctlr & BigEndianTables) != 0 ? BinaryPrimitives.ReverseEndianness(entry) : entry;
        return true;
    }
}
