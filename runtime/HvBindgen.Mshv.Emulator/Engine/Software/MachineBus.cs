using System.Buffers.Binary;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Where a processor's accesses go that no memory backs: its APIC, doorbells, and the client, who carries out the
/// instruction.</summary>
/// <param name="state">The processor's registers at hand, of which one is the APIC's base.</param>
/// <param name="apic">Its APIC, if it has one.</param>
/// <param name="doorbells">Doorbells of the machine.</param>
/// <param name="onApicWritten">Told when the guest has written a register of the APIC.</param>
internal sealed class MachineBus(ProcessorState state, LocalApic? apic, SoftwareDoorbells doorbells, Action onApicWritten) : IX64Bus
{
    private const ulong ApicPageMask = 0xF_FFFF_F000;
    private const ulong XApicEnabled = 1 << 11;
    private const ulong X2ApicEnabled = 1 << 10;

    /// <summary>The access that was last left to the client.</summary>
    internal DeviceAccess Refused { get; private set; }

    public bool TryReadMemory(ulong gpa, Span<byte> data)
    {
        if (FindApic(gpa) is { } own)
        {
            Span<byte> register = stackalloc byte[sizeof(ulong)];
            register.Clear();
            int offset = (int)gpa & 0xFFF;
            BinaryPrimitives.WriteUInt32LittleEndian(register, offset < LocalApic.PageBytes ? own.Read(offset & ~0xF) : 0);
            data.Clear();
            register[..Math.Min(data.Length, register.Length)].CopyTo(data);
            return true;
        }

        return Refuse(isPort: false, gpa, data.Length, isWrite: false);
    }

    public bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data)
    {
        if (FindApic(gpa) is { } own)
        {
            int offset = (int)gpa & 0xFFF;
            if (data.Length >= sizeof(uint) && offset < LocalApic.PageBytes)
            {
                own.Write(offset & ~0xF, BinaryPrimitives.ReadUInt32LittleEndian(data));
                onApicWritten();
            }

            return true;
        }

        return doorbells.TryRing(gpa, data) || Refuse(isPort: false, gpa, data.Length, isWrite: true);
    }

    public bool TryReadPort(ushort port, int sizeBytes, out uint value)
    {
        value = 0;
        return Refuse(isPort: true, port, sizeBytes, isWrite: false);
    }

    public bool TryWritePort(ushort port, int sizeBytes, uint value) => Refuse(isPort: true, port, sizeBytes, isWrite: true);

    private LocalApic? FindApic(ulong gpa) =>
        (state.ApicBase & (XApicEnabled | X2ApicEnabled)) == XApicEnabled && (gpa & ~0xFFFUL) == (state.ApicBase & ApicPageMask)
            ? apic
            : null;

    // The client carries the instruction out: it is abandoned at its first access.
    private bool Refuse(bool isPort, ulong address, int sizeBytes, bool isWrite)
    {
        Refused = new DeviceAccess(isPort, address, sizeBytes, isWrite);
        return false;
    }
}
