using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>What became of a message.</summary>
internal enum Treatment
{
    /// <summary>The guest went on: an instruction was finished, registers changed or an event was injected.</summary>
    Progressed,

    /// <summary>The message was a notice; the guest does not wait for anything.</summary>
    Noticed,

    /// <summary>Nothing was changed and the guest tries again.</summary>
    Retried,

    /// <summary>A handler gave its waiting up, because something is asked of the thread; the message is treated once more after
    /// that.</summary>
    Postponed,

    /// <summary>The run ends, as <see cref="InterceptDispatcher.Result"/> says.</summary>
    Ended,
}

/// <summary>Treats one message: asks the handlers, and writes back the registers that this changes. Needs no device.</summary>
internal abstract class InterceptDispatcher(IProcessor processor)
{
    // The number is the same on both architectures.
    private static readonly uint[] NotificationsName = [(uint)Abi.X64.hv_register_name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS];

    protected IProcessor Processor { get; } = processor;

    /// <summary>Why the run ends; without the message, which the caller has.</summary>
    internal RunResult Result { get; private set; }

    /// <summary>What nobody took and was answered as hardware does.</summary>
    internal UnclaimedLog Unclaimed { get; } = new();

    internal abstract Treatment Dispatch(ref readonly hv_message message);

    /// <summary>
    /// Synthetic interrupt sources take messages again; those with more messages than they can take are asked for once more.
    /// </summary>
    protected Treatment TellSources(ISintHandler? handler, ushort sources)
    {
        if (handler is null)
        {
            return End(RunEnd.Unhandled, "no handler for synthetic interrupt sources");
        }

        ushort again = handler.OnSintDeliverable(Processor.Index, sources);
        if (again == 0)
        {
            return Treatment.Noticed;
        }

        // The register has other wishes beside these. It is not on the register page.
        hv_u128 value = default;
        HypercallResult result = Processor.GetRegisters(NotificationsName, new Span<hv_u128>(ref value));
        if (!result.IsSuccess)
        {
            return EndAsRefused("Reading the deliverability notifications", in result);
        }

        hv_deliverability_notifications_register wishes = new() { as_uint64 = value.low_part };
        wishes.sints |= again;
        value.low_part = wishes.as_uint64;
        result = Processor.SetRegisters(NotificationsName, new ReadOnlySpan<hv_u128>(in value));
        return result.IsSuccess ? Treatment.Noticed : EndAsRefused("Asking for deliverability notifications", in result);
    }

    /// <summary>A message that no line of the dispatcher took: one that is too short for what its type carries, or nobody's.</summary>
    protected Treatment EndAsNobodys(in Intercept intercept, int payloadSizeBytes) =>
        intercept.Payload.Length < payloadSizeBytes
            ? End(RunEnd.MalformedMessage, $"a payload of {intercept.Payload.Length} bytes is too short")
            : End(RunEnd.Unhandled, $"message type 0x{(uint)intercept.Type:x} ({Messages.NameOf(intercept.Type) ?? "unknown"})");

    /// <summary>Whether the guest goes on after an access that nobody took; if so, note is taken of it.</summary>
    protected bool Passes(UnclaimedAccess policy, UnclaimedKind kind, ulong place, bool isWrite)
    {
        if (policy == UnclaimedAccess.EndRun)
        {
            return false;
        }

        Unclaimed.Note(kind, place, isWrite);
        return true;
    }

    protected Treatment End(RunEnd end, string? detail = null, uint resetCode = 0)
    {
        Result = new RunResult { End = end, Detail = detail, ResetCode = resetCode };
        return Treatment.Ended;
    }

    protected Treatment EndAsRefused(string operation, in HypercallResult refusal)
    {
        HypervisorException description = new(operation, refusal.Errno, refusal.Code, refusal.Status, null);
        Result = new RunResult { End = RunEnd.Refused, Detail = description.Message, Errno = refusal.Errno, Refusal = refusal };
        return Treatment.Ended;
    }

    protected Treatment EndAsRefused(string operation, int errno)
    {
        Result = new RunResult { End = RunEnd.Refused, Detail = new HypervisorException(operation, errno).Message, Errno = errno };
        return Treatment.Ended;
    }
}
