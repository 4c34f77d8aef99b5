using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Processor;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>A software processor's registers between its own form and the hypervisor's.</summary>
internal sealed class ProcessorExchange(ProcessorState state, X64Processor processor)
{
    /// <summary>Gives the processor what the hypervisor has.</summary>
    internal void Load()
    {
        ref X64State target = ref processor.State;
        bool keepsTranslations = target.Cr0 == state.Cr0 && target.Cr3 == state.Cr3 && target.Cr4 == state.Cr4 && target.Efer == state.Efer;
        ((ReadOnlySpan<ulong>)state.General).CopyTo(target.Gpr);
        ReadOnlySpan<X64SegmentState> segments = SegmentRegisters.AsStates(state.Segments);
        segments[..(ProcessorState.Gs + 1)].CopyTo(target.Segments);
        target.Rip = state.Rip;
        target.Rflags = state.Rflags | 2;
        target.Cr0 = state.Cr0;
        target.Cr2 = state.Cr2;
        target.Cr3 = state.Cr3;
        target.Cr4 = state.Cr4;
        target.Cr8 = state.Cr8;
        target.Efer = state.Efer;
        processor.System.Ldtr = segments[ProcessorState.Ldtr];
        processor.System.Tr = segments[ProcessorState.Tr];
        processor.System.Gdtr = new X64DescriptorTable(state.Gdtr.@base, state.Gdtr.limit);
        processor.System.Idtr = new X64DescriptorTable(state.Idtr.@base, state.Idtr.limit);
        processor.System.InterruptShadow = state.Events.InterruptShadow;
        processor.System.NmiMasked = state.Events.NmiMasked;
        processor.Pending = EventOf(in state.Events);
        if (keepsTranslations)
        {
            processor.OnModeChanged();
        }
        else
        {
            processor.OnStateChanged();
        }

        state.GeneralChanged = state.SystemChanged = state.EventsChanged = false;
    }

    /// <summary>Gives the hypervisor what the processor has.</summary>
    internal void Store()
    {
        ref X64State source = ref processor.State;
        ((ReadOnlySpan<ulong>)source.Gpr).CopyTo(state.General);
        for (int index = ProcessorState.Es; index <= ProcessorState.Gs; index++)
        {
            state.Segments[index] = SegmentRegisters.AsRegister(in source.Segments[index]);
        }

        state.Segments[ProcessorState.Ldtr] = SegmentRegisters.AsRegister(in processor.System.Ldtr);
        state.Segments[ProcessorState.Tr] = SegmentRegisters.AsRegister(in processor.System.Tr);
        state.Rip = source.Rip;
        state.Rflags = source.Rflags;
        state.Cr0 = source.Cr0;
        state.Cr2 = source.Cr2;
        state.Cr3 = source.Cr3;
        state.Cr4 = source.Cr4;
        state.Cr8 = source.Cr8;
        state.Efer = source.Efer;
        state.Gdtr = TableOf(processor.System.Gdtr);
        state.Idtr = TableOf(processor.System.Idtr);
        state.Events = EventsOf(processor.Pending);
        state.StopCount++;
    }

    private static hv_x64_table_register TableOf(X64DescriptorTable table) => new() { @base = table.Base, limit = (ushort)table.Limit };

    private static ProcessorEvent? EventOf(in ProcessorEvents events)
    {
        if (events.ExceptionInjected)
        {
            bool isTrap = events.ExceptionVector is X64Bits.VectorDb or X64Bits.VectorBp or X64Bits.VectorOf;
            return new ProcessorEvent(
                isTrap ? EventKind.Trap : EventKind.Fault,
                events.ExceptionVector,
                events.ExceptionHasErrorCode ? events.ExceptionErrorCode : null);
        }

        return events.NmiInjected ? new ProcessorEvent(EventKind.Interrupt, 2, null)
            : events.InterruptInjected
                ? new ProcessorEvent(events.InterruptIsSoft ? EventKind.Software : EventKind.Interrupt, events.InterruptVector, null)
                : null;
    }

    private ProcessorEvents EventsOf(ProcessorEvent? pending)
    {
        ProcessorEvents events = new()
        {
            InterruptShadow = processor.System.InterruptShadow,
            NmiMasked = processor.System.NmiMasked,
            NmiPending = processor.NmiPending,
        };

        switch (pending)
        {
            case { Kind: EventKind.Fault or EventKind.Trap } exception:
                events.InjectException(exception.Vector, exception.ErrorCode);
                break;
            case { Kind: EventKind.Interrupt, Vector: 2 }:
                events.NmiInjected = true;
                break;
            case { } interrupt:
                events.InterruptInjected = true;
                events.InterruptVector = interrupt.Vector;
                events.InterruptIsSoft = interrupt.Kind == EventKind.Software;
                break;
        }

        return events;
    }
}
