namespace HvBindgen.Mshv.Boot;

/// <summary>What a range of guest-physical memory is for, as firmware tells a guest (ACPI, type of an address range).</summary>
public enum MemoryMapKind
{
    /// <summary>RAM the guest may use.</summary>
    Ram = 1,

    /// <summary>Not for the guest's use.</summary>
    Reserved = 2,

    /// <summary>ACPI tables; RAM once the guest has read them.</summary>
    AcpiTables = 3,
}

/// <summary>One range of a memory map.</summary>
/// <param name="Gpa">First guest-physical address.</param>
/// <param name="SizeBytes">Size.</param>
/// <param name="Kind">What it is for.</param>
public readonly record struct MemoryMapEntry(ulong Gpa, ulong SizeBytes, MemoryMapKind Kind);

/// <summary>The memory map of a PC: the first 640 KiB, RAM from 1 MiB on, a hole for devices below 4 GiB.</summary>
public static class MemoryMap
{
    /// <summary>End of the memory below the hole of the first MiB.</summary>
    public const ulong EndOfLowMemory = 0xa_0000;

    /// <summary>Where RAM goes on above the hole of the first MiB.</summary>
    public const ulong StartOfHighMemory = 0x10_0000;

    /// <summary>Where the hole for devices below 4 GiB starts.</summary>
    public const ulong DeviceHole = 0xe000_0000;

    /// <summary>Where RAM goes on above the hole for devices.</summary>
    public const ulong EndOfDeviceHole = 0x1_0000_0000;

    /// <summary>Ranges of RAM for a guest of a given size.</summary>
    /// <param name="ramBytes">Size of all RAM, the 384 KiB of the first hole counted as RAM too; at least 1 MiB.</param>
    /// <returns>The ranges in ascending order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 MiB.</exception>
    public static IReadOnlyList<MemoryMapEntry> ForPc(ulong ramBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ramBytes, StartOfHighMemory);

        List<MemoryMapEntry> entries = [new(0, EndOfLowMemory, MemoryMapKind.Ram)];
        ulong belowHole = Math.Min(ramBytes, DeviceHole);
        if (belowHole > StartOfHighMemory)
        {
            entries.Add(new(StartOfHighMemory, belowHole - StartOfHighMemory, MemoryMapKind.Ram));
        }

        if (ramBytes > DeviceHole)
        {
            entries.Add(new(EndOfDeviceHole, ramBytes - DeviceHole, MemoryMapKind.Ram));
        }

        return entries;
    }
}
