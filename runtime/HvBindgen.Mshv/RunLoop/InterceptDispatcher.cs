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
    protected ProcessorPort Processor { get; } = processor;

    /// <summary>Why the run ends; without the message, which the caller has.</summary>
    internal RunResult Result { get; private set; }

    internal abstract Treatment Dispatch(ref readonly hv_message message);

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
