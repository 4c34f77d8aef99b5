using System.Buffers.Binary;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Interrupt lines of the local APIC, and the external controller's interrupt.</summary>
/// <param name="vpIndex">Index of the processor.</param>
/// <param name="interrupts">Interrupts of its partition.</param>
/// <param name="engine">Its engine.</param>
/// <param name="gate">Who may use the engine.</param>
internal sealed class InterruptLines(uint vpIndex, InterruptRouting interrupts, IProcessorEngine engine, EngineGate gate)
{
    private const int LocalVectorLine0 = 0x350;
    private const int LocalVectorLine1 = 0x360;
    private const uint LocalVectorMasked = 0x10000;

    private int externalVector = -1;
    private int isAcknowledged;

    /// <summary>The client has seen that the guest took an external interrupt, and another one may follow.</summary>
    /// <returns>False when the guest has taken none.</returns>
    internal bool TryClearExternal() => Interlocked.Exchange(ref isAcknowledged, 0) != 0;

    /// <summary>Raises a line of the APIC, or the external controller's interrupt.</summary>
    internal void Assert(hv_interrupt_type type, byte vector)
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
                _ = interrupts.SendTo(vpIndex, (byte)line);
                return;
            }
        }

        if (type == hv_interrupt_type.HV_X64_INTERRUPT_TYPE_NMI)
        {
            using EngineGate.Stop stop = gate.StopForAccess();
            _ = engine.TryQueueNmi();
        }
        else if (type == hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT)
        {
            _ = Interlocked.Exchange(ref externalVector, vector);
            gate.Interrupt();
        }
    }

    /// <summary>Gives the engine the external interrupt that waits, if any.</summary>
    internal void DeliverExternal()
    {
        int vector = Interlocked.Exchange(ref externalVector, -1);
        if (vector < 0)
        {
            return;
        }

        if (engine.TryQueueExternalInterrupt((byte)vector))
        {
            Volatile.Write(ref isAcknowledged, 1);
        }
        else
        {
            // One is still waiting; this one follows.
            _ = Interlocked.CompareExchange(ref externalVector, vector, -1);
        }
    }

    private uint LocalVector(int offset)
    {
        Span<byte> page = stackalloc byte[ProcessorComponents.ApicPageBytes];
        using EngineGate.Stop stop = gate.StopForAccess();
        return engine.Stored.TryReadApic(page) ? BinaryPrimitives.ReadUInt32LittleEndian(page[offset..]) : LocalVectorMasked;
    }
}
