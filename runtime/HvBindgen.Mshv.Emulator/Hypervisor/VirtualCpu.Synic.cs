using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <content>The synthetic interrupt controller: messages and event flags in pages that the guest provides.</content>
internal sealed partial class VirtualCpu
{
    private const int MessageBytes = 256;
    private const int EventFlagBytes = 256;
    private const ulong PageMask = ~0xfffUL;
    private const int SintNotificationShift = 48;
    private const ulong InterruptNotification = 2;
    private const ulong SintPolling = 0x40000;

    /// <summary>Synthetic registers of this processor.</summary>
    internal SyntheticState Synthetic { get; } = new();

    /// <summary>Puts a message into a slot and interrupts the guest.</summary>
    /// <returns>A status.</returns>
    internal int PostMessage(uint sint, ReadOnlySpan<byte> message)
    {
        if (sint >= Hv.HV_SYNIC_SINT_COUNT)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        if (!TryGetPage(hv_register_name.HV_REGISTER_SIMP, out ulong page))
        {
            return Hv.HV_STATUS_INVALID_VP_STATE;
        }

        ulong slot = page + (sint * MessageBytes);
        Span<byte> header = stackalloc byte[Marshal.SizeOf<hv_message_header>()];
        if (Partition.Memory.Read(slot, header) != header.Length)
        {
            return Hv.HV_STATUS_INVALID_VP_STATE;
        }

        if (MemoryMarshal.Read<uint>(header) != 0)
        {
            // The guest will say that it has emptied the slot.
            header[5] |= 1;
            _ = Partition.Memory.Write(slot, header);
            return Hv.HV_STATUS_INSUFFICIENT_BUFFERS;
        }

        // The type last: it makes the rest valid.
        _ = Partition.Memory.Write(slot + sizeof(uint), message[sizeof(uint)..]);
        _ = Partition.Memory.Write(slot, message[..sizeof(uint)]);
        return RaiseSint(sint);
    }

    /// <summary>Sets an event flag and interrupts the guest.</summary>
    /// <returns>A status.</returns>
    internal int SignalEvent(uint sint, int flag, out bool isNew)
    {
        isNew = false;
        if (sint >= Hv.HV_SYNIC_SINT_COUNT || flag >= Hv.HV_EVENT_FLAGS_COUNT)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        if (!TryGetPage(hv_register_name.HV_REGISTER_SIEFP, out ulong page))
        {
            return Hv.HV_STATUS_INVALID_VP_STATE;
        }

        Span<byte> flags = stackalloc byte[1];
        ulong at = page + (sint * EventFlagBytes) + (ulong)(flag / 8);
        byte bit = (byte)(1 << (flag % 8));
        if (Partition.Memory.Read(at, flags) != 1)
        {
            return Hv.HV_STATUS_INVALID_VP_STATE;
        }

        isNew = (flags[0] & bit) == 0;
        if (!isNew)
        {
            return Hv.HV_STATUS_SUCCESS;
        }

        flags[0] |= bit;
        _ = Partition.Memory.Write(at, flags);
        return RaiseSint(sint);
    }

    /// <summary>Which of the slots that the client waits for are free.</summary>
    private ushort TakeFreeSints()
    {
        ushort awaited = (ushort)(DeliverabilityNotifications >> SintNotificationShift);
        if (awaited == 0 || !TryGetPage(hv_register_name.HV_REGISTER_SIMP, out ulong page))
        {
            return 0;
        }

        ushort free = 0;
        Span<byte> type = stackalloc byte[sizeof(uint)];
        for (int sint = 0; sint < Hv.HV_SYNIC_SINT_COUNT; sint++)
        {
            if ((awaited >> sint & 1) != 0 && Partition.Memory.Read(page + (ulong)(sint * MessageBytes), type) == sizeof(uint)
                && MemoryMarshal.Read<uint>(type) == 0)
            {
                free |= (ushort)(1 << sint);
            }
        }

        DeliverabilityNotifications &= ~((ulong)free << SintNotificationShift);
        return free;
    }

    private bool TryGetPage(hv_register_name register, out ulong gpa)
    {
        ulong value = Synthetic[register];
        gpa = value & PageMask;
        return (value & 1) != 0 && (Synthetic[hv_register_name.HV_REGISTER_SCONTROL] & Hv.HV_SYNIC_CONTROL_ENABLE) != 0;
    }

    private int RaiseSint(uint sint)
    {
        ulong value = Synthetic[hv_register_name.HV_REGISTER_SINT0 + sint];
        bool isQuiet = value == 0 || (value & (Hv.HV_SYNIC_SINT_MASKED | SintPolling)) != 0;
        return isQuiet || !Partition.Options.HasApic
            ? Hv.HV_STATUS_SUCCESS
            : Partition.Interrupts.SendTo(this, (byte)(value & Hv.HV_SYNIC_SINT_VECTOR_MASK));
    }
}
