using System.Buffers.Binary;
using HvBindgen.Emulation.X64;
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

    private const int NoVector = -1;

    private readonly Lock externalLock = new();
    private int externalVector = NoVector;
    private bool isAcknowledged;

    /// <summary>The client has seen that the guest took an external interrupt, and another one may follow.</summary>
    /// <returns>False when the guest has taken none.</returns>
    internal bool TryClearExternal()
    {
        lock (externalLock)
        {
            bool wasAcknowledged = isAcknowledged;
            isAcknowledged = false;
            return wasAcknowledged;
        }
    }

    /// <summary>Raises the external controller's interrupt in place of one that waits, or takes back the one that waits.</summary>
    /// <param name="vector">Its vector, null to take it back.</param>
    /// <returns>False when the guest has taken one, and the client has not said that it knows.</returns>
    internal bool TrySetExternal(byte? vector)
    {
        lock (externalLock)
        {
            if (isAcknowledged)
            {
                return false;
            }

            externalVector = vector ?? NoVector;
        }

        if (vector is not null)
        {
            gate.Interrupt();
        }

        return true;
    }

    /// <summary>Raises a line of the APIC, which then does what the guest has set it to do.</summary>
    /// <param name="isSecond">Whether it is LINT1.</param>
    /// <param name="vector">Vector for a line that stands for the external controller.</param>
    /// <returns>False when that is so, and <see cref="TrySetExternal"/> would give false.</returns>
    internal bool TryAssert(bool isSecond, byte vector)
    {
        uint line = LocalVector(isSecond ? LocalVectorLine1 : LocalVectorLine0);
        if ((line & LocalVectorMasked) != 0)
        {
            return true;
        }

        switch ((hv_interrupt_type)((line >> 8) & 7))
        {
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED:
                _ = interrupts.SendTo(vpIndex, (byte)line);
                return true;
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_NMI:
                using (EngineGate.Stop stop = gate.StopForAccess())
                {
                    _ = engine.TryQueueNmi();
                }

                return true;
            case hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT:
                return TrySetExternal(vector);
            default:
                return true;
        }
    }

    /// <summary>Gives the engine the external interrupt that waits, if any, and if the guest takes interrupts.</summary>
    /// <returns>Whether one waits still.</returns>
    internal bool DeliverExternal()
    {
        if (Volatile.Read(ref externalVector) == NoVector)
        {
            return false;
        }

        lock (externalLock)
        {
            bool isTaken = externalVector != NoVector
                && (engine.State.Rflags & X64Bits.FlagIf) != 0
                && engine.TryQueueExternalInterrupt((byte)externalVector);
            if (isTaken)
            {
                externalVector = NoVector;
                isAcknowledged = true;
            }

            return externalVector != NoVector;
        }
    }

    private uint LocalVector(int offset)
    {
        Span<byte> page = stackalloc byte[ProcessorComponents.ApicPageBytes];
        using EngineGate.Stop stop = gate.StopForAccess();
        return engine.Stored.TryReadApic(page) ? BinaryPrimitives.ReadUInt32LittleEndian(page[offset..]) : LocalVectorMasked;
    }
}
