using HvBindgen.Emulation.A64;

namespace HvBindgen.Emulation.Tests.A64;

/// <summary>Builds stage-1 tables, one granule of memory each, by cutting addresses into fields from the lowest bit on.</summary>
internal sealed class Stage1Tables
{
    private readonly FlatMemory memory;
    private readonly int granuleBits;
    private readonly bool isLarge;
    private readonly int[] shifts;
    private ulong free;

    public Stage1Tables(FlatMemory memory, int granuleBits, int addressBits)
    {
        this.memory = memory;
        this.granuleBits = granuleBits;
        isLarge = addressBits > 48;
        List<int> fields = [];

        for (int shift = granuleBits; shift < addressBits; shift += granuleBits - 3)
        {
            fields.Add(shift);
        }

        shifts = [.. fields];
        free = 1UL << granuleBits;
        ulong unused = (ulong)(64 - addressBits);
        (ulong low, ulong high) = granuleBits switch { 12 => (0UL, 2UL), 14 => (2UL, 1UL), _ => (1UL, 3UL) };
        ulong tcr = unused | (low << 14) | (unused << 16) | (high << 30);
        tcr |= isLarge ? granuleBits == 16 ? 6UL << 32 : (1UL << 59) | (6UL << 32) : 5UL << 32;
        Paging = new A64PagingState(Sctlr: 1, tcr, Ttbr0: Take(), Ttbr1: Take());
    }

    public A64PagingState Paging { get; init; }

    /// <summary>Levels at which a leaf may stand, counted from the pages on; those above are larger.</summary>
    public int LeafLevels => Math.Min(shifts.Length, granuleBits == 12 ? isLarge ? 4 : 3 : isLarge ? 3 : 2);

    /// <summary>Bytes that a leaf covers, as a power of two.</summary>
    public int LeafBits(int level) => shifts[level];

    /// <summary>Maps what a leaf covers.</summary>
    /// <param name="gva">An address within.</param>
    /// <param name="gpa">Where it begins in guest-physical memory.</param>
    /// <param name="leaf">Level of the leaf: 0 is a page.</param>
    public void Map(ulong gva, ulong gpa, int leaf)
    {
        ulong table = (long)gva < 0 ? Paging.Ttbr1 : Paging.Ttbr0;

        for (int level = shifts.Length - 1; ; level--)
        {
            // The field of the top level may be narrower; what lies above it repeats its bit 55 and is cut away by the size of the table.
            int width = level == shifts.Length - 1 ? 64 - (int)(Paging.Tcr & 63) - shifts[level] : granuleBits - 3;
            ref ulong entry = ref memory.Words[(int)((table + (((gva >> shifts[level]) & ((1UL << width) - 1)) * 8)) / 8)];

            if (level == leaf)
            {
                entry = Encode(gpa) | (level == 0 ? 3UL : 1UL) | 0x0060_0000_0000_0400;
                return;
            }

            entry = entry == 0 ? Encode(Take()) | 3 : entry;
            table = entry & 0xFFFF_FFFF_F000 & ~((1UL << granuleBits) - 1);
        }
    }

    private ulong Take()
    {
        ulong table = free;
        free += 1UL << granuleBits;
        return table;
    }

    private ulong Encode(ulong gpa) => !isLarge ? gpa
        : granuleBits == 16 ? (gpa & 0xFFFF_FFFF_0000) | (gpa >> 48 << 12)
        : (gpa & 0x3_FFFF_FFFF_F000) | (gpa >> 50 << 8);
}
