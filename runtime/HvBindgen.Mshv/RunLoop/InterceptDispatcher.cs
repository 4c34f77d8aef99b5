using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv;

/// <summary>What became of a message.</summary>
internal enum Treatment
{
    /// <summary>The guest went on: an instruction was finished, registers changed or an event was injected.</summary>
    Progressed,

    /// <summary>The message was a notice; the guest does not wait for anything.</summary>
    Noticed,

    /// <summary>Nothing was changed and the guest tries again.</summary>
    Retried,

    /// <summary>The run ends, as <see cref="InterceptDispatcher.Result"/> says.</summary>
    Ended,
}

/// <summary>Treats one message: asks the handlers, and writes back the registers that this changes. Needs no device.</summary>
internal abstract class InterceptDispatcher(ProcessorPort processor)
{
    // The number is the same on both architectures.
    protected const uint NotificationsRegister = (uint)Abi.X64.hv_register_name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS;

    private static readonly uint[] NotificationsName = [NotificationsRegister];

    protected ProcessorPort Processor { get; } = processor;

    /// <summary>Why the run ends; without the message, which the caller has.</summary>
    internal RunResult Result { get; private set; }

    internal abstract Treatment Dispatch(ref readonly hv_message message);

    /// <summary>What the processor is to tell of, and these sources too: the register has other wishes beside them.</summary>
    protected HypercallResult AddNotifications(ushort sources, out hv_deliverability_notifications_register wishes)
    {
        hv_u128 value = default;
        HypercallResult result = Processor.GetRegisters(NotificationsName, new Span<hv_u128>(ref value));
        wishes = new hv_deliverability_notifications_register { as_uint64 = value.low_part };
        wishes.sints |= sources;
        return result;
    }

    protected Treatment End(RunEnd end, string? detail = null, uint resetCode = 0)
    {
        Result = new RunResult { End = end, Detail = detail, ResetCode = resetCode };
        return Treatment.Ended;
    }

    protected Treatment EndAsRefused(string operation, in HypercallResult refusal)
    {
        HypervisorException description = new(operation, refusal.Errno, refusal.Code, refusal.Status);
        Result = new RunResult { End = RunEnd.Refused, Detail = description.Message, Errno = refusal.Errno, Refusal = refusal };
        return Treatment.Ended;
    }

    protected Treatment EndAsRefused(string operation, int errno)
    {
        Result = new RunResult { End = RunEnd.Refused, Detail = new HypervisorException(operation, errno).Message, Errno = errno };
        return Treatment.Ended;
    }
}
