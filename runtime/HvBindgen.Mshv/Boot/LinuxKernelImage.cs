using System.Buffers.Binary;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Boot;

/// <summary>Starts a compressed x86 kernel (bzImage) through the 32-bit entry of Linux's x86 boot protocol, version 2.04 or
/// later.</summary>
public static class LinuxKernelImage
{
    private const ulong ZeroPageGpa = 0x7000;
    private const ulong CommandLineGpa = 0x2_0000;
    private const ulong StackTop = 0x8ff0;
    private const int ZeroPageBytes = 4096;

    // Offsets of the setup header, the same in the file and in the zero page; Documentation/arch/x86/boot.rst names them.
    private const int SetupSectors = 0x1f1;
    private const int BootFlag = 0x1fe;
    private const int JumpDistance = 0x201;
    private const int HeaderMagic = 0x202;
    private const int ProtocolVersion = 0x206;
    private const int TypeOfLoader = 0x210;
    private const int LoadFlags = 0x211;
    private const int Code32Start = 0x214;
    private const int RamDiskImage = 0x218;
    private const int RamDiskSize = 0x21c;
    private const int CommandLinePointer = 0x228;
    private const int RamDiskMaximum = 0x22c;
    private const int InitialSize = 0x260;

    // Offsets of the zero page alone.
    private const int AcpiRsdpAddress = 0x070;
    private const int MapEntryCount = 0x1e8;
    private const int Map = 0x2d0;
    private const int MapEntryBytes = 20;
    private const int MaximumMapEntries = 128;

    private const ushort BootFlagValue = 0xaa55;
    private const uint HeaderMagicValue = 0x5372_6448;
    private const ushort OldestProtocol = 0x0204;
    private const byte LoadedHigh = 1;
    private const byte UnknownLoader = 0xff;
    private const int SectorBytes = 512;

    /// <summary>Places kernel, RAM disk, command line and zero page.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="kernel">The file's bytes.</param>
    /// <param name="data">What the kernel is started with.</param>
    /// <returns>Registers of the boot processor.</returns>
    /// <exception cref="GuestImageException">The file is no bzImage, is damaged or too old, or something does not fit.</exception>
    public static X64BootState Load(IGuestPhysicalMemory memory, ReadOnlySpan<byte> kernel, LinuxBootData data)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(data);
        ImageReader reader = new(kernel, "kernel");
        if (reader.U16(BootFlag, "boot flag") != BootFlagValue || reader.U32(HeaderMagic, "setup header") != HeaderMagicValue)
        {
            throw new GuestImageException("kernel: no setup header at byte 0x1f1: not a bzImage. An ELF vmlinux starts through PvhBoot.");
        }

        ushort protocol = reader.U16(ProtocolVersion, "protocol version");
        if (protocol < OldestProtocol || (reader.Byte(LoadFlags, "load flags") & LoadedHigh) == 0)
        {
            throw new GuestImageException(
                $"kernel: boot protocol {protocol >> 8}.{protocol & 0xff:d2} loaded low; 2.04 and loaded high is the oldest taken.");
        }

        byte[] commandLine = data.CommandLineBytes();
        byte sectors = reader.Byte(SetupSectors, "setup sectors");
        ulong setupBytes = ((sectors == 0 ? 4UL : sectors) + 1) * SectorBytes;
        ReadOnlySpan<byte> code = reader.Slice(
            setupBytes, (ulong)kernel.Length - Math.Min(setupBytes, (ulong)kernel.Length), "protected-mode code");
        uint start = reader.U32(Code32Start, "start address");

        byte[] zeroPage = new byte[ZeroPageBytes];
        int headerEnd = HeaderMagic + reader.Byte(JumpDistance, "setup header");
        reader.Slice(SetupSectors, (ulong)(headerEnd - SetupSectors), "setup header").CopyTo(zeroPage.AsSpan(SetupSectors));
        zeroPage[TypeOfLoader] = UnknownLoader;
        BinaryPrimitives.WriteUInt32LittleEndian(zeroPage.AsSpan(CommandLinePointer), (uint)CommandLineGpa);
        BinaryPrimitives.WriteUInt64LittleEndian(zeroPage.AsSpan(AcpiRsdpAddress), data.RsdpGpa);
        WriteMemoryMap(zeroPage, data.MemoryMap);

        if (!data.InitialRamDisk.IsEmpty)
        {
            // The kernel unpacks itself into this much memory from its start on; the RAM disk must not lie there.
            ulong unpacked = headerEnd >= InitialSize + sizeof(uint) ? reader.U32(InitialSize, "initial size") : 0;
            ulong lowest = start + Math.Max(unpacked, (ulong)code.Length);
            ulong ramDisk = data.PlaceInitialRamDisk((ulong)reader.U32(RamDiskMaximum, "RAM disk limit") + 1, lowest);
            memory.Place(ramDisk, data.InitialRamDisk.Span, "initial RAM disk");
            BinaryPrimitives.WriteUInt32LittleEndian(zeroPage.AsSpan(RamDiskImage), (uint)ramDisk);
            BinaryPrimitives.WriteUInt32LittleEndian(zeroPage.AsSpan(RamDiskSize), (uint)data.InitialRamDisk.Length);
        }

        memory.Place(start, code, "kernel");
        memory.Place(CommandLineGpa, commandLine, "command line");
        memory.Place(ZeroPageGpa, zeroPage, "zero page");
        return X64Boot.Flat32(memory, start)
            .Set(hv_register_name.HV_X64_REGISTER_RSI, ZeroPageGpa)
            .Set(hv_register_name.HV_X64_REGISTER_RSP, StackTop);
    }

    private static void WriteMemoryMap(byte[] zeroPage, IReadOnlyList<MemoryMapEntry> map)
    {
        if (map.Count > MaximumMapEntries)
        {
            throw new GuestImageException($"memory map: {map.Count} ranges, at most {MaximumMapEntries}.");
        }

        zeroPage[MapEntryCount] = (byte)map.Count;
        for (int index = 0; index < map.Count; index++)
        {
            Span<byte> entry = zeroPage.AsSpan(Map + (index * MapEntryBytes));
            BinaryPrimitives.WriteUInt64LittleEndian(entry, map[index].Gpa);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], map[index].SizeBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], (uint)map[index].Kind);
        }
    }
}
