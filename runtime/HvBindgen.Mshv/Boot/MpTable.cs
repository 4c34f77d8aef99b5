using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Boot;

/// <summary>The older way to tell a guest its processors: the table of the MultiProcessor Specification, version 1.4.</summary>
public static class MpTable
{
    /// <summary>Where guests look for it, among other places: the last KiB of the first 640.</summary>
    public const ulong DefaultGpa = 0x9_fc00;

    private const uint LocalApicGpa = 0xfee0_0000;
    private const uint IoApicGpa = 0xfec0_0000;
    private const byte ApicVersion = 0x14;
    private const int IsaInterrupts = 16;

    /// <summary>Writes the table.</summary>
    /// <param name="memory">Guest memory.</param>
    /// <param name="processors">Number of virtual processors, 1 to 16, so that the table fits into its KiB; their APIC ids are their
    /// indexes.</param>
    /// <param name="gpa">Where it goes, a multiple of 16.</param>
    /// <exception cref="ArgumentException">A number of processors out of range, or an address that is not aligned.</exception>
    /// <exception cref="GuestImageException">There is no memory.</exception>
    public static void Write(IGuestPhysicalMemory memory, int processors, ulong gpa = DefaultGpa)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfLessThan(processors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(processors, 16);
        if (gpa % 16 != 0 || gpa > uint.MaxValue)
        {
            throw new ArgumentException("The table lies below 4 GiB at a multiple of 16.", nameof(gpa));
        }

        FirmwareTable pointer = new FirmwareTable().Text("_MP_", 4).U32((uint)gpa + 16).U8(1).U8(4).U8(0).Zeros(5);
        pointer.SetChecksum(10, pointer.Length);

        byte ioApicId = (byte)processors;
        FirmwareTable table = new FirmwareTable()
            .Text("PCMP", 4).U16(0).U8(4).U8(0).Text("HVBIND", 8).Text("HVBINDGEN", 12)
            .U32(0).U16(0).U16((ushort)(processors + 2 + IsaInterrupts + 2)).U32(LocalApicGpa).U16(0).U8(0).U8(0);
        for (int index = 0; index < processors; index++)
        {
            byte flags = (byte)(index == 0 ? 0b11 : 0b01); // enabled; the first one boots
            table.U8(0).U8((byte)index).U8(ApicVersion).U8(flags).U32(0).U32(0).U64(0);
        }

        table.U8(1).U8(0).Text("ISA", 6);
        table.U8(2).U8(ioApicId).U8(0x11).U8(1).U32(IoApicGpa);
        for (byte line = 0; line < IsaInterrupts; line++)
        {
            table.U8(3).U8(0).U16(0).U8(0).U8(line).U8(ioApicId).U8(line);
        }

        table.U8(4).U8(3).U16(0).U8(0).U8(0).U8(0).U8(0);    // the 8259's output goes to LINT0 of the first processor
        table.U8(4).U8(1).U16(0).U8(0).U8(0).U8(0xff).U8(1); // NMI goes to LINT1 of all
        table.SetU16(4, (ushort)table.Length);
        table.SetChecksum(7, table.Length);

        memory.Place(gpa, pointer.ToArray(), "MP pointer");
        memory.Place(gpa + 16, table.ToArray(), "MP table");
    }
}
