using System.Buffers.Binary;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Boot;
using Xunit;

namespace HvBindgen.Mshv.Tests.Boot;

public class LinuxKernelImageTests
{
    private static readonly LinuxBootData Data = new("quiet", "initrd"u8.ToArray(), MemoryMap.ForPc(0x40_0000), 0xe_0000);

    [Fact]
    public void The_zero_page_names_command_line_RAM_disk_and_memory_map()
    {
        using RamBlock ram = new(0x40_0000);

        X64BootState state = LinuxKernelImage.Load(ram, Kernel(), Data);

        const ulong ZeroPage = 0x7000;
        Assert.Equal("payload"u8, ram.At(0x10_0000, 7));
        Assert.Equal("quiet\0"u8, ram.At(U32(ZeroPage + 0x228), 6));
        Assert.Equal("initrd"u8, ram.At(U32(ZeroPage + 0x218), 6));
        Assert.Equal(6U, U32(ZeroPage + 0x21c));
        Assert.True(U32(ZeroPage + 0x218) >= 0x30_0000, "the RAM disk lies where the kernel unpacks itself");
        Assert.Equal(0xff, ram.At(ZeroPage + 0x210, 1)[0]);
        Assert.Equal(2, ram.At(ZeroPage + 0x1e8, 1)[0]);
        Assert.Equal(0x10_0000UL, BinaryPrimitives.ReadUInt64LittleEndian(ram.At(ZeroPage + 0x2d0 + 20, 8)));
        Assert.Equal(0xe_0000U, U32(ZeroPage + 0x70));
        Assert.Equal(ZeroPage, state.Registers.Single(r => r.name == (uint)hv_register_name.HV_X64_REGISTER_RSI).value.reg64);
        Assert.Equal(0x10_0000UL, state.Registers.Single(r => r.name == (uint)hv_register_name.HV_X64_REGISTER_RIP).value.reg64);

        uint U32(ulong gpa) => BinaryPrimitives.ReadUInt32LittleEndian(ram.At(gpa, 4));
    }

    [Theory]
    [InlineData(0x1fe, 0, "bzImage")]
    [InlineData(0x202, 0, "bzImage")]
    [InlineData(0x206, 3, "2.04")]
    [InlineData(0x211, 0, "2.04")]
    [InlineData(0x1f1, 200, "protected-mode code")]
    public void Another_file_is_refused_with_its_reason(int at, byte value, string reason)
    {
        using RamBlock ram = new(0x40_0000);
        byte[] kernel = Kernel();
        kernel[at] = value;

        GuestImageException refused = Assert.Throws<GuestImageException>(() => LinuxKernelImage.Load(ram, kernel, Data));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_RAM_disk_without_room_is_refused()
    {
        using RamBlock ram = new(0x40_0000);

        Assert.Throws<GuestImageException>(
            () => LinuxKernelImage.Load(ram, Kernel(), Data with { InitialRamDisk = new byte[0x20_0000] }));
    }

    [Theory]
    [InlineData("\u00e4")]
    [InlineData("a\0b")]
    public void A_command_line_that_the_kernel_could_not_read_is_refused(string commandLine)
    {
        using RamBlock ram = new(0x40_0000);

        Assert.Throws<GuestImageException>(() => LinuxKernelImage.Load(ram, Kernel(), Data with { CommandLine = commandLine }));
    }

    // One setup sector beside the first, protocol 2.15, 2 MiB to unpack.
    internal static byte[] Kernel()
    {
        byte[] file = new byte[1024 + 64];
        file[0x1f1] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x1fe), 0xaa55);
        file[0x201] = 0x6a;
        "HdrS"u8.CopyTo(file.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x206), 0x020f);
        file[0x211] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x214), 0x10_0000);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x22c), 0x7fff_ffff);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x260), 0x20_0000);
        "payload"u8.CopyTo(file.AsSpan(1024));
        return file;
    }
}
