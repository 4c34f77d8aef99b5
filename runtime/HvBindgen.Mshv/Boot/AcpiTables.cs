using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Boot;

/// <summary>The least ACPI that a guest with more than one processor needs: root pointer, XSDT, a hardware-reduced FADT, DSDT and
/// MADT. The devices are the monitor's, and so is what describes them.</summary>
public static class AcpiTables
{
    /// <summary>Where the tables go if nothing else is asked for: in the hole of the first MiB, where guests look for the root
    /// pointer.</summary>
    public const ulong DefaultGpa = 0xe_0000;

    private const int FadtBytes = 276;
    private const int SleepControlOffset = 244;
    private const uint HardwareReduced = 1 << 20;
    private const uint ResetRegisterSupported = 1 << 10;
    private const uint LocalApicGpa = 0xfee0_0000;
    private const uint IoApicGpa = 0xfec0_0000;
    private const ushort ResetPort = 0xcf9;
    private const byte ResetValue = 6;

    /// <summary>Writes the tables.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="processors">Number of virtual processors; their APIC ids are their indexes.</param>
    /// <param name="hasIoApic">Whether the machine has an I/O APIC at 0xfec00000 with 24 inputs from interrupt 0 on.</param>
    /// <param name="gpa">Where the tables go, a multiple of 16.</param>
    /// <param name="devices">Devices that the guest is told of; null for none.</param>
    /// <returns>Guest-physical address of the root pointer.</returns>
    /// <exception cref="ArgumentException">No processor, more than 256, or an address that is not aligned.</exception>
    /// <exception cref="GuestImageException">There is no memory.</exception>
    public static ulong Write(
        IGuestPhysicalMemory memory, int processors, bool hasIoApic, ulong gpa = DefaultGpa, AcpiDevices? devices = null)
    {
        devices ??= AcpiDevices.None;
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfLessThan(processors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(processors, 256);
        if (gpa % 16 != 0)
        {
            throw new ArgumentException("The root pointer lies at a multiple of 16.", nameof(gpa));
        }

        ulong next = gpa + 48;
        ulong dsdt = Place(Header("DSDT", 2).Bytes(devices.Definitions.Span));
        ulong fadt = Place(Fadt(dsdt, devices.SleepPort));
        ulong madt = Place(Madt(processors, hasIoApic));
        ulong xsdt = Place(Header("XSDT", 1).U64(fadt).U64(madt));
        memory.Place(gpa, RootPointer(xsdt), "ACPI root pointer");
        return gpa;

        ulong Place(FirmwareTable table)
        {
            ulong at = next;
            table.SetU32(4, (uint)table.Length);
            table.SetChecksum(9, table.Length);
            memory.Place(at, table.ToArray(), "ACPI tables");
            next = (at + (ulong)table.Length + 15) & ~15UL;
            return at;
        }
    }

    private static byte[] RootPointer(ulong xsdt)
    {
        FirmwareTable pointer = new FirmwareTable()
            .Text("RSD PTR ", 8).U8(0).Text("HVBIND", 6).U8(2).U32(0)
            .U32(36).U64(xsdt).U8(0).Zeros(3);
        pointer.SetChecksum(8, 20);
        pointer.SetChecksum(32, 36);
        return pointer.ToArray();
    }

    // Signature, length, revision, checksum, then who made it.
    private static FirmwareTable Header(string signature, byte revision) => new FirmwareTable()
        .Text(signature, 4).U32(0).U8(revision).U8(0)
        .Text("HVBIND", 6).Text("HVBINDGN", 8).U32(1).Text("HVBG", 4).U32(1);

    // Hardware-reduced: no PM timer, no legacy interrupt, reset by a port.
    private static FirmwareTable Fadt(ulong dsdt, ushort? sleepPort)
    {
        FirmwareTable table = Header("FACP", 6);
        table.U32(0).U32((uint)dsdt).Zeros(112 - table.Length);
        table.U32(HardwareReduced | ResetRegisterSupported);
        BytePort(table, ResetPort).U8(ResetValue);
        table.Zeros(140 - table.Length).U64(dsdt);
        table.Zeros(SleepControlOffset - table.Length);
        if (sleepPort is { } control)
        {
            BytePort(BytePort(table, control), (ushort)(control + 1));
        }

        return table.Zeros(FadtBytes - table.Length);
    }

    // An address in ACPI's generic form: a port of eight bits, accessed by bytes.
    private static FirmwareTable BytePort(FirmwareTable table, ushort port)
    {
        const byte SystemIo = 1;
        const byte ByteAccess = 1;
        return table.U8(SystemIo).U8(8).U8(0).U8(ByteAccess).U64(port);
    }

    private static FirmwareTable Madt(int processors, bool hasIoApic)
    {
        const uint Enabled = 1;
        FirmwareTable table = Header("APIC", 5).U32(LocalApicGpa).U32(0);
        for (int index = 0; index < processors; index++)
        {
            // Ids above 254 do not fit the first kind of entry; 255 means "all".
            _ = index < 255
                ? table.U8(0).U8(8).U8((byte)index).U8((byte)index).U32(Enabled)
                : table.U8(9).U8(16).U16(0).U32((uint)index).U32(Enabled).U32((uint)index);
        }

        return hasIoApic ? table.U8(1).U8(12).U8((byte)0).U8(0).U32(IoApicGpa).U32(0) : table;
    }
}
