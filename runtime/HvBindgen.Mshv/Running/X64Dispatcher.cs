using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>Treats the messages of x86-64 processors.</summary>
internal sealed partial class X64Dispatcher : InterceptDispatcher
{
    private readonly MachineHandlers handlers;
    private readonly RunOptions options;
    private readonly RegisterWriteBack registers;
    private readonly X64EventStaging events;
    private readonly X64StateReader reader;
    private readonly DeviceBus bus;
    private readonly VectorRegisters vectors;
    private readonly X64Emulator emulator;

    // State of the processor before and after an emulated instruction; fields, because they are large.
    private X64State before;
    private X64State after;

    internal X64Dispatcher(IProcessor processor, MachineHandlers handlers, RunOptions options)
        : base(processor)
    {
        this.handlers = handlers;
        this.options = options;
        registers = new RegisterWriteBack(processor);
        events = new X64EventStaging(processor, registers);
        reader = new X64StateReader(processor);
        bus = new DeviceBus(processor.Index, handlers, processor.Memory, options, Unclaimed);
        vectors = new VectorRegisters(processor, registers);
        emulator = new X64Emulator(processor.Memory, bus, vectors)
        {
            PhysicalAddressBits = processor.PhysicalAddressBits,
            DescriptorTables = new DescriptorTables(processor),
        };
    }

    /// <summary>Whether a long instruction is left in the middle, because something is asked of the thread or a handler has set
    /// RIP.</summary>
    internal Func<bool>? IsInterrupted { get; init; }

    /// <summary>The token for handlers that wait. Without a loop nothing is asked of the thread.</summary>
    internal Interruption Interruption { get; init; } = new(new ThreadKick());

    // One line for each type of message; those that the driver keeps to itself are nobody's when they arrive all the same.
    internal override Treatment Dispatch(ref readonly hv_message message)
    {
        Intercept intercept = new(in message);
        registers.Begin();
        return intercept.Type switch
        {
            hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT when intercept.TryView(out IoPortIntercept io) => OnIoPort(in io),
            hv_message_type.HVMSG_UNMAPPED_GPA or hv_message_type.HVMSG_GPA_INTERCEPT when intercept.TryView(out MemoryIntercept memory)
                => OnMemory(in memory, isUnaccepted: false),
            hv_message_type.HVMSG_UNACCEPTED_GPA when intercept.TryView(out MemoryIntercept memory)
                => OnMemory(in memory, isUnaccepted: true),
            hv_message_type.HVMSG_X64_MSR_INTERCEPT when intercept.TryView(out MsrIntercept msr) => OnMsr(in msr),
            hv_message_type.HVMSG_X64_CPUID_INTERCEPT when intercept.TryView(out CpuidIntercept cpuid) => OnCpuid(in cpuid),
            hv_message_type.HVMSG_HYPERCALL_INTERCEPT when intercept.TryView(out HypercallIntercept call) => OnHypercall(in call),
            hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT when intercept.TryView(out ExceptionIntercept exception)
                => OnException(in exception),
            hv_message_type.HVMSG_X64_APIC_EOI when intercept.TryAs(out hv_x64_apic_eoi_message eoi) => OnEndOfInterrupt(in eoi),
            hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE when intercept.TryAs(out hv_x64_sint_deliverable_message sint)
                => TellSources(handlers.Sints, sint.deliverable_sints),
            hv_message_type.HVMSG_X64_INTERRUPTION_DELIVERABLE
                when intercept.TryAs(out hv_x64_interruption_deliverable_message deliverable)
                => OnInterruptionDeliverable(in deliverable),
            hv_message_type.HVMSG_X64_SIPI_INTERCEPT when intercept.TryAs(out hv_x64_sipi_intercept_message sipi) => OnStartup(in sipi),
            hv_message_type.HVMSG_X64_HALT when intercept.TryAs(out hv_x64_halt_message _) => OnHalt(),
            hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION => End(RunEnd.TripleFault),
            hv_message_type.HVMSG_INVALID_VP_REGISTER_VALUE
                when intercept.TryAs(out hv_x64_invalid_vp_register_message invalid)
                => End(RunEnd.InvalidRegister, $"the hypervisor refuses a register's value of processor {invalid.vp_index}"),
            hv_message_type.HVMSG_UNSUPPORTED_FEATURE when intercept.TryAs(out hv_x64_unsupported_feature_message feature)
                => End(RunEnd.UnsupportedFeature, $"feature {feature.feature_code}, parameter 0x{feature.feature_parameter:x}"),
            hv_message_type.HVMSG_NONE => Treatment.Retried,
            _ => EndAsNobodys(in intercept, Abi.X64.Messages.PayloadSizeBytes(intercept.Type)),
        };
    }

    // Hands over what was gathered.
    private Treatment Commit()
    {
        HypercallResult result = registers.Commit();
        return result.IsSuccess ? Treatment.Progressed : EndAsRefused("Writing registers back after an exit", in result);
    }

    private Treatment CommitWithInterruptShadow(bool isSet)
    {
        HypercallResult result = events.StageInterruptShadow(isSet);
        return result.IsSuccess ? Commit() : EndAsRefused("Reading the interrupt state", in result);
    }
}
