using System.Buffers.Binary;
using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Boot;

/// <summary>Starts an uncompressed x86 kernel through the PVH boot protocol: flat 32-bit, RBX points to the start information.</summary>
public static class PvhBoot
{
    // Where things go in the first 640 KiB, which the kernel leaves alone until it has read them.
    private const ulong StartInfoGpa = 0x6000;
    private const ulong ModuleListGpa = 0x6040;
    private const ulong MemoryMapGpa = 0x7000;
    private const ulong CommandLineGpa = 0x2_0000;

    private const uint StartMagic = 0x336e_c578;
    private const uint Version = 1;
    private const int StartInfoBytes = 56;
    private const int ModuleBytes = 32;
    private const int MapEntryBytes = 24;
    private const int MaximumMapEntries = 128;

    /// <summary>Places kernel, RAM disk, command line and start information.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="kernel">An ELF file with a PVH entry.</param>
    /// <param name="data">What the kernel is started with.</param>
    /// <param name="cancellation">Calls the loading off.</param>
    /// <returns>Registers of the boot processor.</returns>
    /// <exception cref="GuestImageException">The kernel is damaged or has no PVH entry, or something does not fit.</exception>
    /// <exception cref="OperationCanceledException">It was called off; a part of the kernel may be in memory.</exception>
    public static X64BootState Load(
        IGuestPhysicalMemory memory, ReadOnlySpan<byte> kernel, LinuxBootData data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        byte[] commandLine = data.CommandLineBytes();
        if (data.MemoryMap.Count > MaximumMapEntries)
        {
            throw new GuestImageException($"memory map: {data.MemoryMap.Count} ranges, at most {MaximumMapEntries}.");
        }

        ElfImage image = ElfImage.Load(memory, kernel, cancellation);
        ulong entry = image.PvhEntry ?? throw new GuestImageException("kernel: the ELF file has no PVH entry (note 18 of owner Xen).");
        memory.Place(CommandLineGpa, commandLine, "command line");

        Span<byte> module = stackalloc byte[ModuleBytes];
        module.Clear();
        if (!data.InitialRamDisk.IsEmpty)
        {
            ulong ramDisk = data.PlaceInitialRamDisk(uint.MaxValue, image.EndGpa);
            memory.Place(ramDisk, data.InitialRamDisk.Span, "initial RAM disk");
            BinaryPrimitives.WriteUInt64LittleEndian(module, ramDisk);
            BinaryPrimitives.WriteUInt64LittleEndian(module[8..], (ulong)data.InitialRamDisk.Length);
        }

        memory.Place(ModuleListGpa, module, "module list");
        WriteMemoryMap(memory, data.MemoryMap);
        WriteStartInfo(memory, data);
        return X64Boot.Flat32(memory, entry).Set(hv_register_name.HV_X64_REGISTER_RBX, StartInfoGpa);
    }

    private static void WriteStartInfo(IGuestPhysicalMemory memory, LinuxBootData data)
    {
        Span<byte> info = stackalloc byte[StartInfoBytes];
        info.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(info, StartMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(info[4..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(info[12..], data.InitialRamDisk.IsEmpty ? 0u : 1);
        BinaryPrimitives.WriteUInt64LittleEndian(info[16..], ModuleListGpa);
        BinaryPrimitives.WriteUInt64LittleEndian(info[24..], CommandLineGpa);
        BinaryPrimitives.WriteUInt64LittleEndian(info[32..], data.RsdpGpa);
        BinaryPrimitives.WriteUInt64LittleEndian(info[40..], MemoryMapGpa);
        BinaryPrimitives.WriteUInt32LittleEndian(info[48..], (uint)data.MemoryMap.Count);
        memory.Place(StartInfoGpa, info, "start information");
    }

    private static void WriteMemoryMap(IGuestPhysicalMemory memory, IReadOnlyList<MemoryMapEntry> map)
    {
        byte[] table = new byte[map.Count * MapEntryBytes];
        for (int index = 0; index < map.Count; index++)
        {
            Span<byte> entry = table.AsSpan(index * MapEntryBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, map[index].Gpa);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], map[index].SizeBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], (uint)map[index].Kind);
        }

        memory.Place(MemoryMapGpa, table, "memory map");
    }
}
