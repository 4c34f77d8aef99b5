using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class PageWalkerTests
{
    private static readonly AccessKind[] Kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Execute];

    private static readonly AccessPrivilege[] Privileges =
        [AccessPrivilege.Supervisor, AccessPrivilege.User, AccessPrivilege.SupervisorImplicit];

    [Theory]
    [InlineData("none")]
    [InlineData("32-bit")]
    [InlineData("PAE")]
    [InlineData("4-level")]
    [InlineData("5-level")]
    public void Random_tables_translate_as_the_model_says(string mode)
    {
        Random random = new(20_261_122);
        using FlatMemory memory = new(RandomPaging.MemoryBytes);
        int successes = 0;
        int faults = 0;

        for (int round = 0; round < 40_000; round++)
        {
            if (round % 2000 == 0)
            {
                RandomPaging.FillTables(memory.Bytes, random, hasReserved: true, mode == "PAE", mode == "32-bit");
            }

            PagingState paging = RandomPaging.Registers(mode, random, random.Next(36, 53));
            ulong gva = RandomPaging.Address(mode, random);
            AccessKind access = Kinds[random.Next(Kinds.Length)];
            AccessPrivilege privilege = Privileges[random.Next(Privileges.Length)];

            (TranslationStatus status, ulong value) = PageTableModel.Translate(paging, memory.Bytes, gva, access, privilege);
            TranslationResult result = PageWalker.Translate(paging, memory, gva, access, privilege, setAccessedDirty: false);

            ulong found = result.Status == TranslationStatus.PageFault ? result.ErrorCode : result.Gpa;
            string context = $"round {round}: {paging} {gva:x} {access} {privilege}: {result}, model {status} {value:x}";
            Assert.True(status == result.Status && value == found, context);
            successes += result.Succeeded ? 1 : 0;
            faults += result.Status == TranslationStatus.PageFault ? 1 : 0;
        }

        Assert.True(successes > 2000, $"only {successes} walks succeeded");
        Assert.True(mode == "none" || faults > 2000, $"only {faults} walks faulted");
    }

    [Fact]
    public void A_write_sets_accessed_on_the_way_and_dirty_at_the_end()
    {
        using FlatMemory memory = new(0x10000);
        MapOne(memory, 0x5007);

        TranslationResult read = PageWalker.Translate(
            LongMode, memory, 0x123, AccessKind.Read, AccessPrivilege.User, setAccessedDirty: true);
        Assert.Equal(0x5123u, read.Gpa);
        Assert.Equal([0x2027u, 0x3027, 0x4027, 0x5027], Path(memory));

        PageWalker.Translate(LongMode, memory, 0x123, AccessKind.Write, AccessPrivilege.User, setAccessedDirty: true);
        Assert.Equal([0x2027u, 0x3027, 0x4027, 0x5067], Path(memory));
    }

    [Fact]
    public void A_refused_access_and_a_walk_without_effects_set_nothing()
    {
        using FlatMemory memory = new(0x10000);
        MapOne(memory, 0x5005);

        TranslationResult refused = PageWalker.Translate(
            LongMode, memory, 0x123, AccessKind.Write, AccessPrivilege.User, setAccessedDirty: true);
        PageWalker.Translate(LongMode, memory, 0x123, AccessKind.Read, AccessPrivilege.User, setAccessedDirty: false);

        Assert.Equal(TranslationStatus.PageFault, refused.Status);
        Assert.Equal(7u, refused.ErrorCode);
        Assert.Equal([0x2007u, 0x3007, 0x4007, 0x5005], Path(memory));
    }

    // QEMU's processor sets the accessed bit there, and guests went on where KVM ran them while the device found no code any more.
    [Fact]
    public void What_a_root_entry_of_PAE_gets_after_it_was_loaded_has_no_effect()
    {
        using FlatMemory memory = new(0x10000);
        MapOne(memory, 0x5007);
        PagingState paging = new(0x8001_0001, 0x1000, 0x20, 0, 2) { PhysicalAddressBits = 46 };
        memory.Words[0x1000 / 8] = 0x3001 | 0x1E6 | (1UL << 63) | (1UL << 50);

        TranslationResult result = PageWalker.Translate(paging, memory, 0x123, AccessKind.Read, AccessPrivilege.User, false);

        Assert.Equal((TranslationStatus.Success, 0x5123UL), (result.Status, result.Gpa));
    }

    [Fact]
    public void Tables_in_rom_keep_their_bits()
    {
        using FlatMemory memory = new(0x10000) { RomBase = 0x1000 };
        MapOne(memory, 0x5007);

        Assert.True(PageWalker.Translate(LongMode, memory, 0, AccessKind.Write, AccessPrivilege.User, setAccessedDirty: true).Succeeded);
        Assert.Equal([0x2007u, 0x3007, 0x4007, 0x5007], Path(memory));
    }

    [Theory]
    [InlineData(0x5003, AccessKind.Read, AccessPrivilege.User, 5)] // supervisor page
    [InlineData(0x5005, AccessKind.Write, AccessPrivilege.Supervisor, 3)] // WP
    [InlineData(0x5007, AccessKind.Execute, AccessPrivilege.Supervisor, 0x11)] // SMEP
    [InlineData(0x5007, AccessKind.Read, AccessPrivilege.Supervisor, 1)] // SMAP
    [InlineData(0x5006, AccessKind.Write, AccessPrivilege.User, 6)] // not present
    [InlineData(0x8000_0000_0000_5007, AccessKind.Execute, AccessPrivilege.User, 0x15)] // NX
    [InlineData(0x0008_0000_0000_5007, AccessKind.Read, AccessPrivilege.User, 0xD)] // beyond the address width
    public void A_forbidden_access_faults_with_the_processors_code(ulong entry, AccessKind access, AccessPrivilege privilege, uint code)
    {
        using FlatMemory memory = new(0x10000);
        MapOne(memory, entry);
        PagingState paging = LongMode with { Cr4 = 0x0030_0020, PhysicalAddressBits = 46 };

        TranslationResult result = PageWalker.Translate(paging, memory, 0x10, access, privilege, setAccessedDirty: true);

        Assert.Equal(TranslationStatus.PageFault, result.Status);
        Assert.Equal(code, result.ErrorCode);
    }

    [Fact]
    public void The_alignment_flag_lifts_smap_for_explicit_accesses_only()
    {
        using FlatMemory memory = new(0x10000);
        MapOne(memory, 0x5007);
        PagingState paging = LongMode with { Cr4 = 0x0020_0020, Rflags = 1 << 18 };

        Assert.True(PageWalker.Translate(paging, memory, 0, AccessKind.Read, AccessPrivilege.Supervisor, false).Succeeded);
        Assert.False(PageWalker.Translate(paging, memory, 0, AccessKind.Read, AccessPrivilege.SupervisorImplicit, false).Succeeded);
    }

    [Fact]
    public async Task Bits_are_set_atomically_beside_another_writer()
    {
        using FlatMemory memory = new(0x10000);
        MapOne(memory, 0x5007);
        using CancellationTokenSource stop = new();

        // Another processor counts in the entry's ignored bits, 52 to 62, never losing a step of its own.
        Task<ulong> writer = Task.Run(() => Count(memory, stop.Token), TestContext.Current.CancellationToken);

        for (int round = 0; round < 200_000; round++)
        {
            Assert.True(
                PageWalker.Translate(LongMode, memory, 0, AccessKind.Write, AccessPrivilege.User, setAccessedDirty: true).Succeeded);
        }

        await stop.CancelAsync();
        ulong steps = await writer;
        Assert.Equal(steps & 0x7FF, (memory.Words[512 * 4] >> 52) & 0x7FF);
    }

    [Fact]
    public void A_table_outside_memory_is_reported_and_nothing_is_read()
    {
        using FlatMemory memory = new(0x10000);
        memory.Words[512] = 0x7000_0007;

        TranslationResult result = PageWalker.Translate(LongMode, memory, 0, AccessKind.Read, AccessPrivilege.User, setAccessedDirty: true);

        Assert.Equal(TranslationStatus.TableNotBacked, result.Status);
        Assert.Equal(0x7000_0000u, result.Gpa);
    }

    private static PagingState LongMode => new(0x8001_0001, 0x1000, 0x20, 0xD00, 0);

    private static void MapOne(FlatMemory memory, ulong leaf)
    {
        memory.Words[512 * 1] = 0x2007;
        memory.Words[512 * 2] = 0x3007;
        memory.Words[512 * 3] = 0x4007;
        memory.Words[512 * 4] = leaf;
    }

    private static ulong[] Path(FlatMemory memory) => [memory.Words[512], memory.Words[1024], memory.Words[1536], memory.Words[2048]];

    private static ulong Count(FlatMemory memory, CancellationToken stop)
    {
        ulong steps = 0;

        while (!stop.IsCancellationRequested)
        {
            ref ulong entry = ref memory.Words[512 * 4];
            ulong before = Volatile.Read(ref entry);
            ulong next = (before & ~((0x7FFUL << 52) | 0x60)) | (((steps + 1) & 0x7FF) << 52);

            if (Interlocked.CompareExchange(ref entry, next, before) == before)
            {
                steps++;
            }
        }

        return steps;
    }
}
