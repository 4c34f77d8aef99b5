using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.GuestMemories;

public sealed class HostWritesTests
{
    [Fact]
    public void Marks_are_taken_once_and_exactly_wherever_the_range_begins()
    {
        const int Pages = 300;
        Random random = new(3);
        HostWrites marks = new(Pages);
        HashSet<int> expected = [];
        for (int round = 0; round < 5000; round++)
        {
            int first = random.Next(Pages);
            int last = random.Next(first, Math.Min(Pages, first + random.Next(1, 140)));
            if (round % 2 == 0)
            {
                marks.Mark((ulong)first, (ulong)last);
                expected.UnionWith(Enumerable.Range(first, last - first + 1));
                continue;
            }

            int firstBit = random.Next(70);
            ulong[] bitmap = new ulong[(Pages + 70 + 63) / 64];
            marks.Take((ulong)first, (ulong)last, bitmap, (ulong)firstBit);
            int[] taken = [.. Enumerable.Range(0, bitmap.Length * 64).Where(bit => (bitmap[bit / 64] >> (bit % 64) & 1) != 0)];
            Assert.Equal(
                Enumerable.Range(first, last - first + 1).Where(expected.Contains).Select(page => page - first + firstBit), taken);
            expected.ExceptWith(Enumerable.Range(first, last - first + 1));
        }
    }

    [Fact]
    public void Marks_of_several_threads_are_neither_lost_nor_taken_twice()
    {
        const int Pages = 64;
        HostWrites marks = new(Pages);
        long[] written = new long[Pages];
        long[] seen = new long[Pages];
        bool isOver = false;
        Thread[] writers = [.. Enumerable.Range(0, 3).Select(seed => new Thread(() =>
        {
            Random random = new(seed);
            for (int i = 0; i < 200_000; i++)
            {
                int page = random.Next(Pages);
                Interlocked.Increment(ref written[page]);
                marks.Mark((ulong)page, (ulong)page);
            }
        }))];
        Array.ForEach(writers, writer => writer.Start());
        while (!isOver)
        {
            isOver = Array.TrueForAll(writers, writer => !writer.IsAlive);
            Copy();
        }

        Assert.Equal(written, seen);

        void Copy()
        {
            ulong[] bitmap = new ulong[1];
            marks.Take(0, Pages - 1, bitmap, 0);
            for (int page = 0; page < Pages; page++)
            {
                seen[page] = (bitmap[0] >> page & 1) != 0 ? Interlocked.Read(ref written[page]) : seen[page];
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_that_is_unmapped_and_disposed_is_the_host_s_again_while_the_partition_lives(bool disposesFirst)
    {
        const ulong Bytes = 256 << 20;
        using FakeMachine machine = new();
        GuestMemory memory = GuestMemory.Allocate(Bytes);
        MemoryRegion region = machine.Partition.Memory.Map(0, memory);
        Span<byte> all = memory.GetSpan(0, (int)Bytes);
        all.Fill(1);
        long full = ResidentBytes();

        if (disposesFirst)
        {
            memory.Dispose();
            Assert.Equal(1, all[0]);
            machine.Partition.Memory.Unmap(region);
        }
        else
        {
            machine.Partition.Memory.Unmap(region);
            Assert.Equal(1, all[0]);
            memory.Dispose();
        }

        // Other tests come and go meanwhile; none of them has as much.
        Assert.True(full - ResidentBytes() > (long)Bytes / 2, $"{full} bytes before, {ResidentBytes()} after");

        // A thread that is late still finds an address there.
        Assert.Equal(0, all[0]);
    }

    // The second number of statm is the resident set in pages.
    private static long ResidentBytes() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
}
