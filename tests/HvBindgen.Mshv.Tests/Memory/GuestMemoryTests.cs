using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;

namespace HvBindgen.Mshv.Tests.GuestMemories;

public sealed class GuestMemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4097)]
    public void Memory_comes_in_whole_pages(ulong size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GuestMemory.Allocate(size));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void Memory_is_aligned_zeroed_and_gives_pages_back(bool isShareable)
    {
        using GuestMemory memory = GuestMemory.Allocate(0x4000, new GuestMemoryOptions { IsShareable = isShareable });
        Assert.Equal(0UL, (ulong)memory.Pointer % 4096);
        Assert.Equal(-1, memory.GetSpan(0, 0x4000).IndexOfAnyExcept((byte)0));
        memory.GetSpan(0, 0x4000).Fill(0xcc);

        memory.Discard(0x1000, 0x1000);

        Assert.Equal(-1, memory.GetSpan(0x1000, 0x1000).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, memory.GetSpan(0x2000, 0x2000).IndexOfAnyExcept((byte)0xcc));
    }

    [Fact]
    public void Sealed_memory_is_cut_off_by_nobody()
    {
        SystemCallResult open = HostCalls.CreateMemoryFile("test", 0x4000, 0);
        SystemCallResult sealing = HostCalls.CreateMemoryFile("test", 0x4000, 0, isSealed: true);
        try
        {
            Assert.Equal(0, CLibrary.FTruncate((int)open.Value, 0x1000));
            Assert.Equal(-1, CLibrary.FTruncate((int)sealing.Value, 0x1000));
            Assert.Equal(-1, CLibrary.FTruncate((int)sealing.Value, 0x8000));
        }
        finally
        {
            _ = CLibrary.Close((int)open.Value);
            _ = CLibrary.Close((int)sealing.Value);
        }

        using GuestMemory memory = GuestMemory.Allocate(0x4000, new GuestMemoryOptions { IsShareable = true, IsSealed = true });
        memory.GetSpan(0, 0x4000).Fill(0xcc);
    }

    [Fact]
    public void Huge_pages_are_given_or_their_lack_is_explained()
    {
        try
        {
            using GuestMemory memory = GuestMemory.Allocate(1UL << 30, new GuestMemoryOptions { PageSize = HostPageSize.Huge1GiB });
            Assert.Equal(1UL << 30, memory.SizeBytes);
        }
        catch (HypervisorException e)
        {
            Assert.Contains("nr_hugepages", e.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(
            () => GuestMemory.Allocate(4096, new GuestMemoryOptions { PageSize = HostPageSize.Huge2MiB }));
    }

    [Fact]
    public void A_span_stays_within_the_memory()
    {
        using GuestMemory memory = GuestMemory.Allocate(0x1000);

        Assert.Equal(0, memory.GetSpan(0x1000, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(0xfff, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(ulong.MaxValue, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(0, -1).Length);
    }

    [Fact]
    public void A_rom_file_is_never_written()
    {
        using TemporaryFolder folder = new();
        string path = folder["rom"];
        byte[] contents = new byte[0x1000];
        Random.Shared.NextBytes(contents);
        File.WriteAllBytes(path, contents);
        using GuestMemory memory = GuestMemory.FromRomFile(path, 0x1000);
        Assert.Equal(contents, memory.GetSpan(0, 0x1000).ToArray());

        memory.GetSpan(0, 0x1000).Clear();

        Assert.Equal(contents, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_shared_file_sees_what_is_written()
    {
        using TemporaryFolder folder = new();
        string path = folder["ram"];
        File.WriteAllBytes(path, new byte[0x2000]);
        using (FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite))
        using (GuestMemory memory = GuestMemory.FromFile((int)file.SafeFileHandle.DangerousGetHandle(), 0x1000, 0x1000, isShared: true))
        {
            memory.GetSpan(0, 4).Fill(7);
        }

        Assert.Equal(new byte[] { 0, 7, 7, 7, 7, 0 }, File.ReadAllBytes(path)[0xfff..0x1005]);
    }

    [Fact]
    public void Memory_that_is_mapped_outlives_its_dispose()
    {
        using FakeMachine machine = new();
        GuestMemory memory = GuestMemory.Allocate(0x1000, new GuestMemoryOptions { SystemCalls = machine.Calls });
        machine.Partition.Memory.Map(0, memory);
        memory.Dispose();

        machine.Partition.Memory.Write(0, 0x1234);
        Assert.Equal(0x1234, machine.Partition.Memory.Read<int>(0));
        Assert.Equal(1, machine.Calls.OpenMappings);

        machine.Partition.Dispose();

        Assert.Equal(0, machine.Calls.OpenMappings);
        Assert.False(machine.Partition.Memory.TryResolve(0, out _));
    }

    [Fact]
    public void Disposed_memory_cannot_be_mapped()
    {
        using FakeMachine machine = new();
        GuestMemory memory = GuestMemory.Allocate(0x1000);
        memory.Dispose();

        Assert.Throws<ObjectDisposedException>(() => machine.Partition.Memory.Map(0, memory));
    }
}
