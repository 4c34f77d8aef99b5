using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Paging modes by name, and random tables in which most walks come to an end.</summary>
internal static class RandomPaging
{
    public const int MemoryBytes = 1 << 20;

    /// <summary>Registers of a mode: "none", "32-bit", "PAE", "4-level", "5-level".</summary>
    public static PagingState Registers(string mode, Random random, int physicalAddressBits)
    {
        ulong cr0 = 1 | (mode == "none" ? 0 : 1UL << 31) | Maybe(random, 16);
        ulong cr4 = Maybe(random, 4) | Maybe(random, 20) | Maybe(random, 21);
        ulong efer = Maybe(random, 11);
        cr4 |= mode is "PAE" or "4-level" or "5-level" ? 1u << 5 : 0;
        cr4 |= mode == "5-level" ? 1u << 12 : 0;
        efer |= mode is "4-level" or "5-level" ? 0x500u : 0;
        return new PagingState(
            cr0, (ulong)random.Next(16) << 12, cr4, efer, Maybe(random, 18))
        { PhysicalAddressBits = physicalAddressBits };
    }

    /// <summary>Fills memory with entries that mostly lead to other pages of it.</summary>
    public static void FillTables(Span<byte> memory, Random random, bool hasReserved, bool isPae, bool is32Bit)
    {
        if (is32Bit)
        {
            foreach (ref uint entry in MemoryMarshal.Cast<byte, uint>(memory))
            {
                uint frame = (uint)random.Next(MemoryBytes >> 12) << 12;
                uint large = random.Next(5) == 0 ? 0x80u | (uint)random.Next(hasReserved ? 512 : 256) << 13 : 0;
                entry = frame | large | (uint)random.Next(128) & ~0x80u | (random.Next(12) == 0 ? 0u : 7);
            }

            return;
        }

        foreach (ref ulong entry in MemoryMarshal.Cast<byte, ulong>(memory))
        {
            ulong frame = (ulong)random.Next(MemoryBytes >> 12) << 12;
            ulong flags = (uint)random.Next(128) | (random.Next(12) == 0 ? 0u : 1);
            flags |= random.Next(3) == 0 ? 0 : 6u;
            flags |= random.Next(6) == 0 ? 0x80u : 0;
            flags |= random.Next(8) == 0 ? 1UL << 63 : 0;
            flags |= hasReserved && random.Next(20) == 0 ? 1UL << random.Next(40, 63) : 0;

            // A large page has no frame bits below its size.
            entry = ((flags & 0x80) != 0 && random.Next(4) != 0 ? (ulong)random.Next(8) << 30 : frame) | flags;
        }

        if (isPae)
        {
            // The first level of PAE has hardly a bit that may be set.
            Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(memory);

            for (int page = 0; page < 16; page++)
            {
                for (int index = 0; index < 4; index++)
                {
                    words[(page * 512) + index] &= hasReserved && random.Next(10) == 0 ? ulong.MaxValue : 0xF_F000 | 0x19;
                }
            }
        }
    }

    /// <summary>A linear address the mode can have.</summary>
    public static ulong Address(string mode, Random random)
    {
        ulong any = (ulong)random.NextInt64(long.MinValue, long.MaxValue);

        return mode switch
        {
            "4-level" => (ulong)((long)(any << 16) >> 16),
            "5-level" => (ulong)((long)(any << 7) >> 7),
            _ => (uint)any,
        };
    }

    private static ulong Maybe(Random random, int bit) => random.Next(2) == 0 ? 0 : 1UL << bit;
}
