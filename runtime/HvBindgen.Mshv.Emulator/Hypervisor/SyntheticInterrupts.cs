using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>The synthetic interrupt controller: messages and event flags in pages that the guest provides.</summary>
/// <param name="vpIndex">Index of the processor.</param>
/// <param name="partition">Its partition.</param>
/// <param name="registers">Its synthetic registers.</param>
/// <param name="status">What the client wants to hear of.</param>
internal sealed class SyntheticInterrupts(uint vpIndex, VirtualPartition partition, SyntheticState registers, RunStatus status)
{
    internal const ulong PageMask = ~0xfffUL;

    private static readonly ulong FlagsOffset =
        (ulong)Marshal.OffsetOf<hv_message_header>(nameof(hv_message_header.message_flags));

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

        ulong slot = page + (sint * Hv.HV_MESSAGE_SIZE);
        hv_message_header present = default;
        Span<byte> header = MemoryMarshal.AsBytes(new Span<hv_message_header>(ref present));
        if (partition.Memory.Map.Read(slot, header) != header.Length)
        {
            return Hv.HV_STATUS_INVALID_VP_STATE;
        }

        if (present.message_type != 0)
        {
            // The guest will say that it has emptied the slot, unless it has just done so and saw no flag yet.
            present.message_flags.msg_pending = 1;
            Span<byte> flags = MemoryMarshal.AsBytes(new Span<hv_message_flags>(ref present.message_flags));
            _ = partition.Memory.Map.Write(slot + FlagsOffset, flags);
            _ = partition.Memory.Map.Read(slot, header);
            if (present.message_type != 0)
            {
                return Hv.HV_STATUS_INSUFFICIENT_BUFFERS;
            }
        }

        // The type last: it makes the rest valid.
        _ = partition.Memory.Map.Write(slot + sizeof(uint), message[sizeof(uint)..]);
        _ = partition.Memory.Map.Write(slot, message[..sizeof(uint)]);
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
        ulong at = page + (sint * Hv.HV_EVENT_FLAGS_BYTE_COUNT) + (ulong)(flag / 8);
        byte bit = (byte)(1 << (flag % 8));
        if (partition.Memory.Map.Read(at, flags) != 1)
        {
            return Hv.HV_STATUS_INVALID_VP_STATE;
        }

        isNew = (flags[0] & bit) == 0;
        if (!isNew)
        {
            return Hv.HV_STATUS_SUCCESS;
        }

        flags[0] |= bit;
        _ = partition.Memory.Map.Write(at, flags);
        return RaiseSint(sint);
    }

    /// <summary>Which of the slots that the client waits for are free.</summary>
    internal ushort TakeFreeSints()
    {
        ushort awaited = (ushort)status.DeliverabilityNotifications.sints;
        if (awaited == 0 || !TryGetPage(hv_register_name.HV_REGISTER_SIMP, out ulong page))
        {
            return 0;
        }

        ushort free = 0;
        Span<byte> type = stackalloc byte[sizeof(uint)];
        for (int sint = 0; sint < Hv.HV_SYNIC_SINT_COUNT; sint++)
        {
            if ((awaited >> sint & 1) != 0 && partition.Memory.Map.Read(page + (ulong)(sint * Hv.HV_MESSAGE_SIZE), type) == sizeof(uint)
                && MemoryMarshal.Read<uint>(type) == 0)
            {
                free |= (ushort)(1 << sint);
            }
        }

        status.DeliverabilityNotifications.sints = (ushort)(awaited & ~free);
        return free;
    }

    private bool TryGetPage(hv_register_name register, out ulong gpa)
    {
        ulong value = registers[register];
        gpa = value & PageMask;
        return (value & 1) != 0 && (registers[hv_register_name.HV_REGISTER_SCONTROL] & Hv.HV_SYNIC_CONTROL_ENABLE) != 0;
    }

    private int RaiseSint(uint sint)
    {
        hv_synic_sint value = new() { as_uint64 = registers[hv_register_name.HV_REGISTER_SINT0 + sint] };
        bool isQuiet = value.as_uint64 == 0 || value.masked != 0 || value.polling != 0;
        return isQuiet || !partition.Options.HasApic
            ? Hv.HV_STATUS_SUCCESS
            : partition.Interrupts.SendTo(vpIndex, (byte)value.vector);
    }
}
