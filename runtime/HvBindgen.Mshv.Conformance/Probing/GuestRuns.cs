using System.Diagnostics;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Runs of a processor, with an end to those that would have none.</summary>
internal sealed unsafe class GuestRuns(Probe probe)
{
    // Now and then there is time for a run on the slowest of machines.
    private const int LongestGapMilliseconds = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs a processor until it stops; what stopped it belongs to the outcome.</summary>
    internal hv_message Try(int processor)
    {
        (IoctlResult result, hv_message message) = Run(processor, Patience);
        Note(result, in message);
        return message;
    }

    /// <summary>Runs a processor that signals shall stop, after a while.</summary>
    internal void TryInterrupted(int processor, TimeSpan after, Action? meanwhile = null)
    {
        (IoctlResult result, hv_message message) = Run(processor, probe.Slowed(after), meanwhile);
        Note(result, in message);
    }

    /// <summary>Moves a processor behind an instruction.</summary>
    internal void Skip(int processor, uint bytes) => probe.Registers.Set(
        processor,
        hv_register_name.HV_X64_REGISTER_RIP,
        probe.Registers.Get(processor, hv_register_name.HV_X64_REGISTER_RIP) + bytes);

    /// <summary>Runs a processor again and again while signals arrive, and steps over the ports that stop it, until it has stopped so
    /// often; that belongs to the outcome, and what signals did does not.</summary>
    internal void TryDisturbed(int processor, int stops)
    {
        int done = 0;
        bool isInOrder = true;
        hv_message last = default;
        using StartedRequest runs = new(() =>
        {
            IoctlResult result = default;
            while (done < stops)
            {
                mshv_run_vp run = default;
                result = probe.Request(processor, Hv.MSHV_RUN_VP, ref run);
                if (!result.IsSuccess && result.Errno != Errno.EINTR)
                {
                    break;
                }

                if (result.IsSuccess)
                {
                    last = MemoryMarshal.Read<hv_message>(run.msg_buf);
                    isInOrder &= ++done == stops || LowByte(in last) == (byte)done;
                    Skip(processor, done == stops ? 0u : 2u);
                }
            }

            return result;
        });
        long start = Stopwatch.GetTimestamp();
        int gap = 0;
        while (!runs.HasEndedWithin(TimeSpan.FromMilliseconds(gap)) && Stopwatch.GetElapsedTime(start) < Patience)
        {
            runs.Send(KickSignal.Number);
            gap = (gap + 1) % LongestGapMilliseconds;
        }

        probe.Note("stops", (ulong)done);
        probe.Note(isInOrder ? "in order" : "not in order");
        Note(runs.Result, in last);
    }

    /// <summary>A run in a thread of its own.</summary>
    internal StartedRequest Start(int processor, bool blocksSignals = false) => new(
        () =>
        {
            mshv_run_vp run = default;
            return probe.Request(processor, Hv.MSHV_RUN_VP, ref run);
        },
        blocksSignals);

    private (IoctlResult Result, hv_message Message) Run(int processor, TimeSpan kickedAfter, Action? meanwhile = null)
    {
        mshv_run_vp run = default;
        using StartedRequest request = new(() => probe.Request(processor, Hv.MSHV_RUN_VP, ref run));
        meanwhile?.Invoke();
        if (!request.HasEndedWithin(kickedAfter))
        {
            request.EndBySignals();
        }

        return (request.Result, MemoryMarshal.Read<hv_message>(run.msg_buf));
    }

    private static byte LowByte(in hv_message message) =>
        (byte)MemoryMarshal.Read<hv_x64_io_port_intercept_message>(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)message.u.payload)).rax;

    private void Note(IoctlResult result, in hv_message message)
    {
        if (!result.IsSuccess)
        {
            probe.Note(result);
            return;
        }

        hv_message_type type = (hv_message_type)message.header.message_type;
        ReadOnlySpan<byte> payload = MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)message.u.payload);
        switch (type)
        {
            case hv_message_type.HVMSG_GPA_INTERCEPT:
            case hv_message_type.HVMSG_UNMAPPED_GPA:
                hv_x64_memory_intercept_message memory = MemoryMarshal.Read<hv_x64_memory_intercept_message>(payload);
                probe.Note(type.ToString());
                probe.Note("gpa", memory.guest_physical_address);
                probe.Note("access", memory.header.intercept_access_type);
                break;
            case hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT:
                hv_x64_io_port_intercept_message port = MemoryMarshal.Read<hv_x64_io_port_intercept_message>(payload);
                probe.Note(type.ToString());
                probe.Note("port", port.port_number);
                probe.Note("access", port.header.intercept_access_type);
                probe.Note("rip", port.header.rip);
                probe.Note("al", port.rax & 0xff);
                break;
            case hv_message_type.HVMSG_X64_APIC_EOI:
                probe.Note(type.ToString());
                probe.Note("vector", MemoryMarshal.Read<hv_x64_apic_eoi_message>(payload).interrupt_vector);
                break;
            default:
                probe.Note(type.ToString());
                break;
        }
    }
}
