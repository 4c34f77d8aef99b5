using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi.Arm64;

namespace HvBindgen.Mshv.Boot;

/// <summary>Where an arm64 kernel and what it is started with lie in guest memory.</summary>
/// <param name="KernelGpa">First instruction.</param>
/// <param name="KernelBytes">What the kernel takes, with memory that it clears by itself.</param>
/// <param name="InitialRamDiskGpa">Initial RAM disk; 0 without one.</param>
/// <param name="InitialRamDiskBytes">Its size; 0 without one.</param>
/// <param name="DeviceTreeGpa">Device tree, which has 2 MiB.</param>
public sealed record Arm64Placement(
    ulong KernelGpa, ulong KernelBytes, ulong InitialRamDiskGpa, ulong InitialRamDiskBytes, ulong DeviceTreeGpa);

/// <summary>Starts an arm64 kernel's uncompressed <c>Image</c> by Linux's arm64 boot protocol.</summary>
public static class Arm64KernelImage
{
    // Offsets of the header; Documentation/arch/arm64/booting.rst has them.
    private const int TextOffset = 8;
    private const int ImageSize = 16;
    private const int Flags = 24;
    private const int MagicOffset = 56;
    private const uint Magic = 0x644d_5241;

    private const ulong IsBigEndian = 1;

    // Of kernels whose header does not tell its size.
    private const ulong OldTextOffset = 0x8_0000;
    private const ulong SectionBytes = 2 << 20;
    private const ulong PageBytes = 0x1000;
    private const ulong WindowAlignment = 1 << 30;
    private const ulong WindowBytes = 32UL << 30;

    private const ushort GzipMagic = 0x8b1f;
    private const uint ZbootMagic = 0x676d_697a;
    private const int ZbootMagicOffset = 4;

    /// <summary>Says where everything goes: the kernel at the beginning of RAM, device tree and RAM disk at its end.</summary>
    /// <param name="kernel">The file's bytes.</param>
    /// <param name="ramGpa">Guest-physical address of RAM.</param>
    /// <param name="ramBytes">Its size; of more than 32 GiB the first are used.</param>
    /// <param name="initialRamDiskBytes">Size of the initial RAM disk; 0 for none.</param>
    /// <returns>The places, which the device tree has to know before it is placed itself.</returns>
    /// <exception cref="GuestImageException">The file is no <c>Image</c>, is compressed or damaged, or something does not fit.</exception>
    public static Arm64Placement Place(ReadOnlySpan<byte> kernel, ulong ramGpa, ulong ramBytes, ulong initialRamDiskBytes = 0)
    {
        ImageReader reader = new(kernel, "kernel");
        RefuseOthers(in reader);
        if ((reader.U64(Flags, "flags") & IsBigEndian) != 0)
        {
            throw new GuestImageException("kernel: it is for big-endian processors; the emulation of devices is for little-endian ones.");
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(ramBytes, ulong.MaxValue - ramGpa);
        ulong size = reader.U64(ImageSize, "image size");
        ulong offset = size == 0 ? OldTextOffset : reader.U64(TextOffset, "text offset");
        if (size != 0 && size < reader.SizeBytes)
        {
            throw new GuestImageException($"kernel: its header says 0x{size:x} bytes, the file has 0x{reader.SizeBytes:x}.");
        }

        size = Math.Max(size, reader.SizeBytes);
        ulong first = AlignUp(ramGpa, SectionBytes);
        ulong end = ramGpa + ramBytes;
        if (end < first || offset > end - first || size > end - first - offset)
        {
            throw new GuestImageException(
                $"kernel: no room for 0x{size:x} bytes from 0x{first:x} + 0x{offset:x} on; RAM ends at 0x{end:x}.");
        }

        // Kernel and RAM disk lie in a window of 32 GiB that begins at a multiple of 1 GiB.
        ulong kernelGpa = first + offset;
        ulong window = kernelGpa & ~(WindowAlignment - 1);
        end = Math.Min(end, window > ulong.MaxValue - WindowBytes ? ulong.MaxValue : window + WindowBytes) & ~(SectionBytes - 1);
        ulong lowest = kernelGpa + size;
        ulong tree = Below(end, SectionBytes, SectionBytes, lowest, "device tree");
        ulong ramDisk = initialRamDiskBytes == 0 ? 0 : Below(tree, initialRamDiskBytes, PageBytes, lowest, "initial RAM disk");
        return new Arm64Placement(kernelGpa, size, ramDisk, initialRamDiskBytes, tree);
    }

    /// <summary>Places kernel, RAM disk and device tree.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="placement">What <see cref="Place"/> said of the same kernel.</param>
    /// <param name="kernel">The file's bytes.</param>
    /// <param name="deviceTree">The flattened device tree, which names RAM disk and command line.</param>
    /// <param name="initialRamDisk">Initial RAM disk, of the size that was placed.</param>
    /// <returns>Registers of the boot processor.</returns>
    /// <exception cref="ArgumentException">The RAM disk is not of the size that was placed, or the tree is larger than 2 MiB.</exception>
    /// <exception cref="GuestImageException">Some of it has no memory; nothing has been written then.</exception>
    public static IReadOnlyList<hv_register_assoc> Load(
        IGuestPhysicalMemory memory,
        Arm64Placement placement,
        ReadOnlySpan<byte> kernel,
        ReadOnlySpan<byte> deviceTree,
        ReadOnlySpan<byte> initialRamDisk = default)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(placement);
        if ((ulong)initialRamDisk.Length != placement.InitialRamDiskBytes)
        {
            throw new ArgumentException(
                $"The RAM disk has {initialRamDisk.Length} bytes; {placement.InitialRamDiskBytes} were placed.", nameof(initialRamDisk));
        }

        if ((ulong)deviceTree.Length > SectionBytes)
        {
            throw new ArgumentException($"A device tree has at most 2 MiB, this has {deviceTree.Length} bytes.", nameof(deviceTree));
        }

        memory.Require(placement.KernelGpa, Math.Max(placement.KernelBytes, (ulong)kernel.Length), "kernel");
        memory.Require(placement.InitialRamDiskGpa, placement.InitialRamDiskBytes, "initial RAM disk");
        memory.Require(placement.DeviceTreeGpa, (ulong)deviceTree.Length, "device tree");
        memory.Place(placement.KernelGpa, kernel, "kernel");
        memory.Place(placement.InitialRamDiskGpa, initialRamDisk, "initial RAM disk");
        memory.Place(placement.DeviceTreeGpa, deviceTree, "device tree");
        return Arm64Boot.El1(placement.KernelGpa, placement.DeviceTreeGpa);
    }

    private static void RefuseOthers(in ImageReader reader)
    {
        if (reader.SizeBytes > sizeof(ushort) && reader.U16(0, "header") == GzipMagic)
        {
            throw new GuestImageException("kernel: it is compressed (Image.gz); unpack it first.");
        }

        if (reader.SizeBytes > ZbootMagicOffset + sizeof(uint) && reader.U32(ZbootMagicOffset, "header") == ZbootMagic)
        {
            throw new GuestImageException("kernel: it is an EFI application that unpacks itself (vmlinuz.efi); take the Image in it.");
        }

        if (reader.U32(MagicOffset, "header") != Magic)
        {
            throw new GuestImageException("kernel: no 'ARM\\x64' at byte 0x38: not an Image of arm64.");
        }
    }

    private static ulong Below(ulong end, ulong sizeBytes, ulong alignment, ulong lowest, string what)
    {
        ulong gpa = sizeBytes > end ? 0 : (end - sizeBytes) & ~(alignment - 1);
        return gpa >= lowest && gpa != 0
            ? gpa
            : throw new GuestImageException($"{what}: no room for 0x{sizeBytes:x} bytes between 0x{lowest:x} and 0x{end:x}.");
    }

    private static ulong AlignUp(ulong value, ulong alignment) => unchecked(value + alignment - 1) & ~(alignment - 1);
}
