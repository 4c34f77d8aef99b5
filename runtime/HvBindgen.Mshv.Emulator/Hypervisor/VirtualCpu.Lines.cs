using System.Buffers.Binary;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <content>Interrupt lines of the local APIC, and the external controller's interrupt.</content>
internal sealed partial class VirtualCpu
{
    private const int ApicPageBytes = 1024;
    private const int LocalVectorLine0 = 0x350;
    private const int LocalVectorLine1 = 0x360;
    private const uint LocalVectorMasked = 0x10000;

    private int externalVector = -1;

    /// <summary>Takes back an external interrupt that the guest has not accepted.</summary>
    internal void ClearExternalInterrupt() => Interlocked.Exchange(ref externalVector, -1);

    /// <summary>Raises a line of the APIC, or the external controller's interrupt.</summary>
    internal void AssertLine(hv_interrupt_type type, byte vector)
    {
        if (type != hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT)
        {
            uint line = LocalVector(type == hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOCALINT0 ? LocalVectorLine0 : LocalVectorLine1);
            if ((line & LocalVectorMasked) != 0)
            {
                return;
            }

            type = (hv_interrupt_type)((line >> 8) & 7);
            if (type == hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED)
            {
                _ = Partition.Interrupts.SendTo(this, (byte)line);
                return;
            }
        }

        if (type == hv_interrupt_type.HV_X64_INTERRUPT_TYPE_NMI)
        {
            using Stop stop = StopForAccess();
            _ = Engine.TryQueueNmi();
        }
        else if (type == hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT)
        {
            _ = Interlocked.Exchange(ref externalVector, vector);
            Interrupt();
        }
    }

    private void DeliverExternalInterrupt()
    {
        int vector = Interlocked.Exchange(ref externalVector, -1);
        if (vector >= 0 && !Engine.TryQueueExternalInterrupt((byte)vector))
        {
            // One is still waiting; this one follows.
            _ = Interlocked.CompareExchange(ref externalVector, vector, -1);
        }
    }

    private uint LocalVector(int offset)
    {
        Span<byte> page = stackalloc byte[ApicPageBytes];
        using Stop stop = StopForAccess();
        return Engine.Stored.TryReadApic(page) ? BinaryPrimitives.ReadUInt32LittleEndian(page[offset..]) : LocalVectorMasked;
    }
}
