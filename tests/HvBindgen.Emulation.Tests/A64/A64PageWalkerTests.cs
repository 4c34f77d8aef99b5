using System.Runtime.InteropServices;
using HvBindgen.Emulation.A64;
using Xunit;

namespace HvBindgen.Emulation.Tests.A64;

public sealed class A64PageWalkerTests
{
    private const int RamBytes = 4 << 20;

    [Theory]
    [InlineData(12, 48)]
    [InlineData(12, 39)]
    [InlineData(12, 36)]
    [InlineData(12, 25)]
    [InlineData(12, 52)]
    [InlineData(14, 48)]
    [InlineData(14, 47)]
    [InlineData(14, 52)]
    [InlineData(16, 48)]
    [InlineData(16, 42)]
    [InlineData(16, 52)]
    public void What_tables_map_is_found_at_every_level_in_both_halves(int granuleBits, int addressBits)
    {
        Random random = new(granuleBits + addressBits);
        ulong low = (1UL << addressBits) - 1;

        for (int round = 0; round < 200; round++)
        {
            using FlatMemory memory = new(RamBytes);
            Stage1Tables tables = new(memory, granuleBits, addressBits);
            int leaf = random.Next(tables.LeafLevels);
            ulong offset = (1UL << tables.LeafBits(leaf)) - 1;
            ulong gva = ((ulong)random.NextInt64() & low) | (random.Next(2) == 0 ? 0 : ~low);
            ulong gpa = (ulong)random.NextInt64() & ((1UL << (addressBits > 48 ? 52 : 48)) - 1) & ~offset;
            tables.Map(gva, gpa, leaf);

            Assert.True(A64PageWalker.TryTranslate(tables.Paging, memory, gva, out ulong found), $"{gva:x} at level {leaf}");
            Assert.Equal(gpa | (gva & offset), found);
            Assert.False(A64PageWalker.TryTranslate(tables.Paging, memory, gva ^ (offset + 1), out _));
        }
    }

    [Fact]
    public void Without_a_walk_addresses_are_physical() => Assert.True(
        A64PageWalker.TryTranslate(default, new FlatMemoryOfNothing(), 0x1234, out ulong gpa) && gpa == 0x1234);

    [Fact]
    public void What_is_not_mapped_is_not_found()
    {
        const ulong Gva = 0x12_3456_7000;
        using FlatMemory memory = new(RamBytes);
        Stage1Tables tables = new(memory, 12, 39);
        tables.Map(Gva, 0x8_0000, leaf: 0);
        A64PagingState paging = tables.Paging;

        Assert.True(A64PageWalker.TryTranslate(paging, memory, Gva, out _));

        // No canonical address; one that has a tag, where tags are ignored and where they are not ignored for instructions.
        Assert.False(A64PageWalker.TryTranslate(paging, memory, Gva | (1UL << 45), out _));
        Assert.False(A64PageWalker.TryTranslate(paging, memory, Gva | (0xA5UL << 56), out _));
        Assert.True(A64PageWalker.TryTranslate(paging with { Tcr = paging.Tcr | (1UL << 37) }, memory, Gva | (0xA5UL << 56), out _));
        Assert.False(A64PageWalker.TryTranslate(
            paging with { Tcr = paging.Tcr | (1UL << 37) | (1UL << 51) }, memory, Gva | (0xA5UL << 56), out _));

        // Walks of this half are disabled, the other half's are; the size is none; the tables lie where no memory is.
        Assert.False(A64PageWalker.TryTranslate(paging with { Tcr = paging.Tcr | (1 << 7) }, memory, Gva, out _));
        Assert.True(A64PageWalker.TryTranslate(paging with { Tcr = paging.Tcr | (1 << 23) }, memory, Gva, out _));
        Assert.False(A64PageWalker.TryTranslate(paging with { Tcr = paging.Tcr & ~63UL }, memory, Gva, out _));
        Assert.False(A64PageWalker.TryTranslate(paging with { Ttbr0 = 1UL << 40 }, memory, Gva, out _));

        // The top field of 48 bits has no blocks with this granule.
        Stage1Tables large = new(memory, 12, 48);
        large.Map(Gva, 0, leaf: 3);
        Assert.False(A64PageWalker.TryTranslate(large.Paging, memory, Gva, out _));
    }

    [Fact]
    public void Any_tables_and_registers_give_an_answer()
    {
        Random random = new(14);
        using FlatMemory memory = new(RamBytes);
        random.NextBytes(memory.Bytes);

        for (int round = 0; round < 100_000; round++)
        {
            A64PagingState paging = new(
                (ulong)random.NextInt64() | 1, (ulong)random.NextInt64(), (ulong)random.Next(RamBytes), (ulong)random.Next(RamBytes));
            A64PageWalker.TryFetch(paging, memory, (ulong)random.NextInt64(), out _);
        }

        Assert.True(memory.IsIntact);
    }

    [Fact]
    public void An_instruction_is_fetched_through_tables_of_either_byte_order()
    {
        const ulong Gva = 0xFFFF_8000_0010_0F38;
        using FlatMemory memory = new(RamBytes);
        Stage1Tables tables = new(memory, 12, 48);
        tables.Map(Gva, 0x20_0000, leaf: 0);
        MemoryMarshal.Write(memory.Bytes[0x20_0F38..], 0xF940_0022u);

        Assert.True(A64PageWalker.TryFetch(tables.Paging, memory, Gva, out uint word));
        Assert.Equal(0xF940_0022u, word);
        Assert.False(A64PageWalker.TryFetch(tables.Paging, memory, Gva + 2, out _));

        foreach (ref ulong entry in memory.Words[..(0x20_0000 / 8)])
        {
            entry = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(entry);
        }

        Assert.False(A64PageWalker.TryFetch(tables.Paging, memory, Gva, out _));
        Assert.True(A64PageWalker.TryFetch(tables.Paging with { Sctlr = 1 | (1 << 25) }, memory, Gva, out word));
        Assert.Equal(0xF940_0022u, word);
    }

    private sealed class FlatMemoryOfNothing : IGuestPhysicalMemory
    {
        public bool TryResolve(ulong gpa, out HostRange range)
        {
            range = default;
            return false;
        }
    }
}
