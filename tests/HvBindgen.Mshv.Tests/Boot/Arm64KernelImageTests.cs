using System.Buffers.Binary;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Boot;
using Xunit;

namespace HvBindgen.Mshv.Tests.Boot;

/// <summary>Kernels of arm64: headers as Debian's kernel has them, retyped, and what is wrong with others.</summary>
public sealed class Arm64KernelImageTests
{
    private const ulong Ram = 0x4000_0000;
    private const ulong RamBytes = 64 << 20;
    private const ulong Section = 2 << 20;

    [Fact]
    public void A_kernel_lies_at_the_beginning_of_RAM_and_the_rest_at_its_end()
    {
        Arm64Placement placement = Arm64KernelImage.Place(Header(), Ram, RamBytes, initialRamDiskBytes: 0x1801);

        Assert.Equal(new Arm64Placement(Ram, 0x20_0000, Ram + RamBytes - Section - 0x2000, 0x1801, Ram + RamBytes - Section), placement);
    }

    [Fact]
    public void RAM_that_begins_anywhere_is_used_from_a_multiple_of_2_MiB_on_and_the_offset_is_kept()
    {
        byte[] kernel = Header(textOffset: 0x8_0000);

        Assert.Equal(Ram + Section + 0x8_0000, Arm64KernelImage.Place(kernel, Ram + 0x1000, RamBytes).KernelGpa);

        // Before Linux 3.17 the header had no size, and the offset was always this one.
        Assert.Equal(Ram + 0x8_0000, Arm64KernelImage.Place(Header(imageSize: 0, textOffset: 0), Ram, RamBytes).KernelGpa);
    }

    [Fact]
    public void What_is_placed_lies_within_32_GiB_of_the_kernel()
    {
        Arm64Placement placement = Arm64KernelImage.Place(Header(), Ram, 1UL << 40, initialRamDiskBytes: 0x1000);

        Assert.Equal(Ram + (32UL << 30) - Section, placement.DeviceTreeGpa);
    }

    [Fact]
    public void Loading_writes_all_three_and_gives_the_first_registers()
    {
        using RamBlock ram = new(8 << 20, Ram);
        byte[] kernel = Header();
        Arm64Placement placement = Arm64KernelImage.Place(kernel, Ram, 8 << 20, initialRamDiskBytes: 6);

        IReadOnlyList<hv_register_assoc> registers = Arm64KernelImage.Load(ram, placement, kernel, "tree"u8, "initrd"u8);

        Assert.Equal(kernel, ram.At(Ram, kernel.Length));
        Assert.Equal("tree"u8, ram.At(placement.DeviceTreeGpa, 4));
        Assert.Equal("initrd"u8, ram.At(placement.InitialRamDiskGpa, 6));
        Assert.Equal(Ram, Value(hv_register_name.HV_ARM64_REGISTER_PC));
        Assert.Equal(placement.DeviceTreeGpa, Value(hv_register_name.HV_ARM64_REGISTER_X0));
        Assert.Throws<ArgumentException>(() => Arm64KernelImage.Load(ram, placement, kernel, "tree"u8));
        Assert.Throws<GuestImageException>(
            () => Arm64KernelImage.Load(ram, placement with { DeviceTreeGpa = Ram + (8 << 20) }, kernel, "tree"u8, "initrd"u8));

        ulong Value(hv_register_name name) => registers.Single(register => register.name == (uint)name).value.reg64;
    }

    [Theory]
    [InlineData(56, 0x00, "not an Image")]
    [InlineData(24, 0x0b, "big-endian")]
    [InlineData(17, 0x00, "its header says")]
    [InlineData(8, 0xff, "no room", 15)]
    public void Another_file_is_refused_with_its_reason(int at, byte value, string reason, int more = -1)
    {
        byte[] kernel = [.. Header(imageSize: 0x1c0), .. new byte[0x100 - 64]];
        kernel[at] = value;
        if (more >= 0)
        {
            kernel[more] = value;
        }

        GuestImageException refused = Assert.Throws<GuestImageException>(() => Arm64KernelImage.Place(kernel, Ram, RamBytes));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_kernels_and_files_that_are_too_short_are_named()
    {
        byte[] gzip = [0x1f, 0x8b, .. new byte[100]];
        byte[] efi = [(byte)'M', (byte)'Z', 0, 0, .. "zimg"u8, .. new byte[100]];

        Assert.Contains("Image.gz", Refusal(gzip), StringComparison.Ordinal);
        Assert.Contains("EFI", Refusal(efi), StringComparison.Ordinal);
        Assert.Contains("header", Refusal(new byte[20]), StringComparison.Ordinal);
        Assert.Contains("header", Refusal([]), StringComparison.Ordinal);

        static string Refusal(byte[] kernel) =>
            Assert.Throws<GuestImageException>(() => Arm64KernelImage.Place(kernel, Ram, RamBytes)).Message;
    }

    [Theory]
    [InlineData(2UL << 20, 0UL)]
    [InlineData(4UL << 20, 0x10_0000UL)]
    [InlineData(0UL, 0UL)]
    [InlineData(64UL << 20, ulong.MaxValue)]
    public void What_does_not_fit_is_refused(ulong ramBytes, ulong ramDiskBytes) =>
        Assert.Throws<GuestImageException>(() => Arm64KernelImage.Place(Header(), Ram, ramBytes, ramDiskBytes));

    [Fact]
    public void Noise_in_a_header_is_refused_or_placed_within_RAM()
    {
        const int Seed = 20261129;
        Random random = new(Seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] kernel = Header();
            random.NextBytes(kernel.AsSpan(8, random.Next(24)));
            try
            {
                Arm64Placement placement = Arm64KernelImage.Place(kernel, Ram, RamBytes, (ulong)random.Next(1 << 20));
                Assert.InRange(placement.KernelGpa, Ram, Ram + RamBytes - placement.KernelBytes);
                Assert.InRange(placement.DeviceTreeGpa, placement.KernelGpa + placement.KernelBytes, Ram + RamBytes - Section);
            }
            catch (GuestImageException)
            {
                // Said with its reason.
            }
        }
    }

    // The first 64 bytes of an Image: Linux's Documentation/arch/arm64/booting.rst. Flags 0xa: pages of 4 KiB, anywhere in memory.
    internal static byte[] Header(ulong imageSize = 0x20_0000, ulong textOffset = 0, ulong flags = 0xa)
    {
        byte[] header = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xfa40_5a4d);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), 0x1480_0000);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), textOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), imageSize);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), flags);
        "ARM\x64"u8.CopyTo(header.AsSpan(56));
        return header;
    }
}
