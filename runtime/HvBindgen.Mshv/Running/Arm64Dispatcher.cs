using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>Treats the messages of arm64 processors.</summary>
internal sealed partial class Arm64Dispatcher : InterceptDispatcher
{
    private readonly MachineHandlers handlers;
    private readonly RunOptions options;
    private readonly ArmRegisters registers;
    private readonly DeviceBus bus;

    internal Arm64Dispatcher(IProcessor processor, MachineHandlers handlers, RunOptions options)
        : base(processor)
    {
        this.handlers = handlers;
        this.options = options;
        registers = new ArmRegisters(processor);
        bus = new DeviceBus(processor.Index, handlers, processor.Memory, options, Unclaimed);
    }

    // One line for each type of message; those that the driver keeps to itself are nobody's when they arrive all the same.
    internal override Treatment Dispatch(ref readonly hv_message message)
    {
        Intercept intercept = new(in message);
        registers.Begin();
        return intercept.Type switch
        {
            hv_message_type.HVMSG_UNMAPPED_GPA or hv_message_type.HVMSG_GPA_INTERCEPT
                when intercept.TryView(out ArmMemoryIntercept memory)
                => OnMemory(in memory, isUnaccepted: false),
            hv_message_type.HVMSG_UNACCEPTED_GPA when intercept.TryView(out ArmMemoryIntercept memory)
                => OnMemory(in memory, isUnaccepted: true),
            hv_message_type.HVMSG_ARM64_RESET_INTERCEPT when intercept.TryAs(out hv_arm64_reset_intercept_message reset)
                => OnReset(in reset),
            hv_message_type.HVMSG_HYPERCALL_INTERCEPT when intercept.TryView(out ArmHypercallIntercept call)
                => OnHypercall(in call),
            hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE when intercept.TryAs(out hv_arm64_sint_deliverable_message sint)
                => TellSources(handlers.Sints, sint.deliverable_sints),
            hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION => End(RunEnd.TripleFault),
            hv_message_type.HVMSG_NONE => Treatment.Retried,
            _ => EndAsNobodys(in intercept, Abi.Arm64.Messages.PayloadSizeBytes(intercept.Type)),
        };
    }

    private Treatment OnReset(in hv_arm64_reset_intercept_message reset) => (hv_arm64_reset_type)reset.reset_type switch
    {
        hv_arm64_reset_type.HV_ARM64_RESET_TYPE_POWER_OFF => End(RunEnd.PowerOff, resetCode: reset.reset_code),
        hv_arm64_reset_type.HV_ARM64_RESET_TYPE_HIBERNATE => End(RunEnd.PowerOff, "hibernation", reset.reset_code),
        hv_arm64_reset_type.HV_ARM64_RESET_TYPE_REBOOT or hv_arm64_reset_type.HV_ARM64_RESET_TYPE_SYSTEM_RESET2
            => End(RunEnd.Reset, resetCode: reset.reset_code),
        hv_arm64_reset_type other => End(RunEnd.Unhandled, $"reset of type {(uint)other}"),
    };
}
