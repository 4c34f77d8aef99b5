using System.Buffers.Binary;
using CsCheck;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using Xunit;

namespace HvBindgen.Mshv.Tests.Boot;

public class ElfImageTests
{
    // Where the header of the segment that is loaded lies in the file.
    private const int LoadHeader = 0x40;

    [Fact]
    public void Segments_go_to_their_physical_addresses_and_their_rest_is_zero()
    {
        using RamBlock ram = new(0x4000);
        ram.At(0, 0x4000).Fill(0xcc);

        ElfImage image = ElfImage.Load(ram, Kernel(), TestContext.Current.CancellationToken);

        Assert.Equal("code"u8, ram.At(0x2000, 4));
        Assert.Equal(-1, ram.At(0x2004, 0xfc).IndexOfAnyExcept((byte)0));
        Assert.Equal(0xcc, ram.At(0x2100, 1)[0]);
        Assert.Equal(new ElfImage(0xffff_8000_0000_0000, 0x2002, 0x2000, 0x2100), image);
    }

    [Fact]
    public void Pvh_passes_command_line_memory_map_and_RAM_disk_through_RBX()
    {
        using RamBlock ram = new(0x20_0000);

        X64BootState state = PvhBoot.Load(
            ram,
            Kernel(),
            new LinuxBootData("console=ttyS0", "disk"u8.ToArray(), MemoryMap.ForPc(0x20_0000), RsdpGpa: 0xe_0000),
            TestContext.Current.CancellationToken);

        ulong info = state.Registers.Single(r => r.name == (uint)hv_register_name.HV_X64_REGISTER_RBX).value.reg64;
        Assert.Equal(0x336e_c578U, BinaryPrimitives.ReadUInt32LittleEndian(ram.At(info, 4)));
        Assert.Equal("console=ttyS0\0"u8, ram.At(Pointer(info + 24), 14));
        ulong module = Pointer(info + 16);
        Assert.Equal("disk"u8, ram.At(Pointer(module), 4));
        Assert.Equal(4UL, Pointer(module + 8));
        Assert.Equal(0xe_0000UL, Pointer(info + 32));
        ulong map = Pointer(info + 40);
        Assert.Equal((0UL, 0xa_0000UL), (Pointer(map), Pointer(map + 8)));
        Assert.Equal((0x10_0000UL, 0x10_0000UL), (Pointer(map + 24), Pointer(map + 32)));
        Assert.Equal(0x2002UL, state.Registers.Single(r => r.name == (uint)hv_register_name.HV_X64_REGISTER_RIP).value.reg64);

        ulong Pointer(ulong gpa) => BinaryPrimitives.ReadUInt64LittleEndian(ram.At(gpa, 8));
    }

    [Fact]
    public void Segments_that_overlap_are_refused_however_many_there_are()
    {
        using RamBlock ram = new(16 << 20);
        byte[] kernel = new byte[64 + (65_535 * 56)];
        Kernel().AsSpan(0, 64).CopyTo(kernel);
        BinaryPrimitives.WriteUInt64LittleEndian(kernel.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(kernel.AsSpan(56), 65_535);
        for (int index = 0; index < 65_535; index++)
        {
            Span<byte> header = kernel.AsSpan(64 + (index * 56), 56);
            BinaryPrimitives.WriteUInt32LittleEndian(header, 1);
            BinaryPrimitives.WriteUInt64LittleEndian(header[40..], 16 << 20);
        }

        GuestImageException refused = Assert.Throws<GuestImageException>(
            () => ElfImage.Load(ram, kernel, TestContext.Current.CancellationToken));

        Assert.Contains("segments 0 and 1 both take 0x0", refused.Message, StringComparison.Ordinal);
        Assert.Equal(-1, ram.At(0, 16 << 20).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Memory_that_goes_away_while_it_is_filled_ends_the_filling()
    {
        using RamBlock ram = new(0x4000);

        GuestImageException refused = Assert.Throws<GuestImageException>(
            () => new VanishingMemory(ram).Place(0x1000, new byte[16], "image"));
        Assert.Throws<GuestImageException>(() => new VanishingMemory(ram).Clear(0x1000, 16, "image"));

        Assert.Contains("is gone while it is filled", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_is_called_off_between_two_parts_of_a_large_segment()
    {
        using RamBlock ram = new(64 << 20);
        ram.At(0, 64 << 20).Fill(0xcc);
        byte[] kernel = Kernel();
        BinaryPrimitives.WriteUInt64LittleEndian(kernel.AsSpan(LoadHeader + 40), 62 << 20);
        using CancellationTokenSource stop = new();

        // Called off by the memory itself, once it has been asked for its third part.
        Assert.Throws<OperationCanceledException>(() => ElfImage.Load(new CallingOffMemory(ram, stop), kernel, stop.Token));

        Assert.Equal(0, ram.At(0x2000 + (16 << 20), 1)[0]);
        Assert.Equal(0xcc, ram.At(0x2000 + (48 << 20), 1)[0]);
    }

    [Fact]
    public void Loading_that_is_called_off_before_it_begins_places_nothing()
    {
        using RamBlock ram = new(0x20_0000);
        CancellationToken off = new(canceled: true);

        Assert.Throws<OperationCanceledException>(() => ElfImage.Load(ram, Kernel(), off));
        Assert.Throws<OperationCanceledException>(
            () => PvhBoot.Load(ram, Kernel(), new LinuxBootData("", default, MemoryMap.ForPc(0x20_0000)), off));

        Assert.Equal(-1, ram.At(0, 0x20_0000).IndexOfAnyExcept((byte)0));
    }

    private sealed class CallingOffMemory(RamBlock ram, CancellationTokenSource stop) : IGuestPhysicalMemory
    {
        public bool TryResolve(ulong gpa, out HostRange range)
        {
            if (gpa == 0x2000 + (32 << 20))
            {
                stop.Cancel();
            }

            return ram.TryResolve(gpa, out range);
        }
    }

    // There for the check, gone afterwards.
    private sealed class VanishingMemory(RamBlock ram) : IGuestPhysicalMemory
    {
        private int asked;

        public bool TryResolve(ulong gpa, out HostRange range)
        {
            range = default;
            return asked++ == 0 && ram.TryResolve(gpa, out range);
        }
    }

    [Fact]
    public void A_kernel_without_PVH_entry_is_refused()
    {
        using RamBlock ram = new(0x20_0000);
        byte[] kernel = Kernel();
        kernel[0x78] = 9; // the note's segment becomes another kind

        GuestImageException refused = Assert.Throws<GuestImageException>(
            () => PvhBoot.Load(
                ram, kernel, new LinuxBootData("", default, MemoryMap.ForPc(0x20_0000)), TestContext.Current.CancellationToken));

        Assert.Contains("PVH", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_refused_or_loaded_but_never_leaves_the_guests_memory()
    {
        byte[] kernel = Kernel();
        Gen.Select(Gen.Int[0, kernel.Length - 1], Gen.Byte, Gen.Int[0, kernel.Length]).Array[1, 8].Sample(
            damages =>
            {
                byte[] damaged = [.. kernel];
                int length = kernel.Length;
                foreach ((int at, byte value, int cut) in damages)
                {
                    damaged[at] = value;
                    length = cut % 7 == 0 ? Math.Min(length, cut) : length;
                }

                using RamBlock ram = new(0x4000);
                try
                {
                    ElfImage.Load(ram, damaged.AsSpan(0, length), TestContext.Current.CancellationToken);
                }
                catch (GuestImageException)
                {
                    Assert.Equal(-1, ram.At(0, 0x4000).IndexOfAnyExcept((byte)0));
                }
            },
            iter: 20_000);
    }

    // Two program headers: one loads "code" at 0x2000, one is a note that names 0x2002 as PVH entry.
    internal static byte[] Kernel()
    {
        byte[] file = new byte[0x110];
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2;
        file[5] = 1;
        Put(24, 0xffff_8000_0000_0000);
        Put(32, 0x40);
        file[54] = 56;
        file[56] = 2;

        file[0x40] = 1;
        Put(0x48, 0x100);
        Put(0x58, 0x2000);
        Put(0x60, 4);
        Put(0x68, 0x100);
        "code"u8.CopyTo(file.AsSpan(0x100));

        file[0x78] = 4;
        Put(0x80, 0xc0);
        Put(0x98, 20);
        file[0xc0] = 4;
        file[0xc4] = 4;
        file[0xc8] = 18;
        "Xen\0"u8.CopyTo(file.AsSpan(0xcc));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0xd0), 0x2002);
        return file;

        void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
    }
}
