using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Running;

/// <content>Messages that no instruction waits for.</content>
internal sealed partial class X64Dispatcher
{
    private Treatment OnEndOfInterrupt(in hv_x64_apic_eoi_message eoi)
    {
        handlers.EndOfInterrupt?.OnEndOfInterrupt(Processor.Index, eoi.interrupt_vector);
        return Treatment.Noticed;
    }

    private Treatment OnInterruptionDeliverable(in hv_x64_interruption_deliverable_message notice)
    {
        bool isNonMaskable = notice.deliverable_type == Abi.X64.Constants.HV_X64_PENDING_NMI;
        if (handlers.Interruptions is not { } handler)
        {
            return End(RunEnd.Unhandled, "no handler for interrupts that become deliverable");
        }

        if (handler.OnInterruptionDeliverable(Processor.Index, isNonMaskable) is not { } vector)
        {
            return Treatment.Noticed;
        }

        if (notice.header.execution_state.interruption_pending != 0)
        {
            return EndAsInterrupted();
        }

        events.StageInterrupt(vector, isNonMaskable);
        return CommitNotice();
    }

    private Treatment OnStartup(in hv_x64_sipi_intercept_message sipi)
    {
        if (handlers.Startup is not { } handler)
        {
            return End(RunEnd.Unhandled, $"no handler to start processor {sipi.target_vp_index} at page 0x{sipi.interrupt_vector:x}");
        }

        handler.OnStartup(Processor.Index, sipi.target_vp_index, sipi.interrupt_vector);
        return Treatment.Noticed;
    }

    // HLT has been carried out when it is reported: there is nothing to move RIP over.
    private Treatment OnHalt()
    {
        if (handlers.Halts is not { } handler)
        {
            return End(RunEnd.Halted);
        }

        CancellationToken interrupted = Interruption.Token;
        return handler.OnHalt(Processor.Index, interrupted) ? Treatment.Noticed
            : interrupted.IsCancellationRequested ? Treatment.Postponed : End(RunEnd.Halted);
    }

    private Treatment CommitNotice() => Commit() == Treatment.Progressed ? Treatment.Noticed : Treatment.Ended;
}
