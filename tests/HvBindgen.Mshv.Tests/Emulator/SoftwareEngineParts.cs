using HvBindgen.Emulation;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Engine.Software;
using HvBindgen.Mshv.Emulator.Interop;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>The parts of the software engine that no guest tells apart.</summary>
public sealed class SoftwareEngineParts
{
    [Fact]
    public void The_counter_of_a_machine_goes_as_the_one_that_reference_time_is_made_of()
    {
        Assert.SkipUnless(TimeStampCounter.IsReliable, "the host's clock is not made of its time-stamp counter");

        GuestClock clock = new(HostClock.Instance);
        ulong earliest = TimeStampCounter.Read();
        ulong first = clock.Now;
        ulong beforeSleep = TimeStampCounter.Read();
        Thread.Sleep(TimeSpan.FromMilliseconds(5));
        ulong afterSleep = TimeStampCounter.Read();
        ulong second = clock.Now;
        ulong latest = TimeStampCounter.Read();

        Assert.InRange(second - first, afterSleep - beforeSleep, latest - earliest);
    }

    [Fact]
    public void A_page_is_looked_for_once_until_it_is_forgotten()
    {
        CountingMemory memory = new();
        KeptPages pages = new(memory);

        Assert.True(pages.TryResolve(0x5123, out HostRange first));
        Assert.True(pages.TryResolve(0x5ff8, out HostRange second));
        Assert.Equal(new HostRange(0x10_5123, 0x1000 - 0x123, true), first);
        Assert.Equal(new HostRange(0x10_5ff8, 8, true), second);
        Assert.Equal(1, memory.Questions);

        pages.Clear();
        Assert.True(pages.TryResolve(0x5000, out _));
        Assert.Equal(2, memory.Questions);
    }

    [Fact]
    public void A_run_begins_with_no_pages_unless_the_client_has_not_been_asked_since_the_last_one()
    {
        CountingMemory memory = new();
        KeptPages pages = new(memory);
        Assert.False(pages.BeginRun());
        Assert.True(pages.TryResolve(0x5000, out _));

        pages.StayForOneRun();
        Assert.True(pages.BeginRun());
        Assert.True(pages.TryResolve(0x5000, out _));
        Assert.Equal(1, memory.Questions);

        Assert.False(pages.BeginRun());
        Assert.True(pages.TryResolve(0x5000, out _));
        Assert.Equal(2, memory.Questions);
    }

    [Fact]
    public void What_is_no_memory_is_asked_about_each_time_and_a_page_that_takes_another_one_s_place_is_not_taken_for_it()
    {
        const ulong SamePlace = 0x5000 + (4096UL << 12);
        CountingMemory memory = new();
        KeptPages pages = new(memory);

        Assert.False(pages.TryResolve(CountingMemory.End, out _));
        Assert.False(pages.TryResolve(CountingMemory.End, out _));
        Assert.Equal(2, memory.Questions);
        Assert.True(pages.TryResolve(0x5000, out _));
        Assert.True(pages.TryResolve(SamePlace, out HostRange other));
        Assert.Equal((nint)(0x10_0000 + SamePlace), other.Address);
        Assert.Equal(4, memory.Questions);
    }

    [Fact]
    public void Writes_are_told_to_the_memory_behind()
    {
        CountingMemory memory = new();

        new KeptPages(memory).NoteWrite(0x1234, 8);

        Assert.Equal((0x1234UL, 8UL), memory.Written);
    }

    private sealed class CountingMemory : IGuestPhysicalMemory
    {
        internal const ulong End = 0x1_0000_0000;

        internal int Questions { get; private set; }

        internal (ulong Gpa, ulong SizeBytes) Written { get; private set; }

        public bool TryResolve(ulong gpa, out HostRange range)
        {
            Questions++;
            range = new HostRange((nint)(0x10_0000 + gpa), 0x1000 - (gpa & 0xfff), IsWritable: true);
            return gpa < End;
        }

        public void NoteWrite(ulong gpa, ulong sizeBytes) => Written = (gpa, sizeBytes);
    }
}
