using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Runs of a processor, with an end to those that would have none.</summary>
internal sealed unsafe class GuestRuns(Probe probe)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenKicks = TimeSpan.FromMilliseconds(5);

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
        (IoctlResult result, hv_message message) = Run(processor, after, meanwhile);
        Note(result, in message);
    }

    /// <summary>Moves a processor behind an instruction.</summary>
    internal void Skip(int processor, uint bytes) => probe.Registers.Set(
        processor,
        hv_register_name.HV_X64_REGISTER_RIP,
        probe.Registers.Get(processor, hv_register_name.HV_X64_REGISTER_RIP) + bytes);

    private (IoctlResult Result, hv_message Message) Run(int processor, TimeSpan kickedAfter, Action? meanwhile = null)
    {
        IoctlResult result = default;
        mshv_run_vp run = default;
        nint self = 0;
        using ManualResetEventSlim started = new();
        using ManualResetEventSlim ended = new();
        Thread thread = new(() =>
        {
            KickSignal.UnblockOnCurrentThread();
            self = KickSignal.CurrentThread();
            started.Set();
            result = probe.Request(processor, Hv.MSHV_RUN_VP, ref run);
            ended.Set();
        });
        thread.Start();
        started.Wait();
        meanwhile?.Invoke();
        TimeSpan wait = kickedAfter;

        // A signal that comes before the processor is entered is lost.
        while (!ended.Wait(wait))
        {
            _ = KickSignal.TrySend(self);
            wait = BetweenKicks;
        }

        thread.Join();
        return (result, MemoryMarshal.Read<hv_message>(run.msg_buf));
    }

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
