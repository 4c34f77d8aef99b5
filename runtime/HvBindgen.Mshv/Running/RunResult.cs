using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Running;

/// <summary>How a run ended. Unless the guest itself ended it, the run may be taken up again.</summary>
/// <remarks>
/// After <see cref="RunEnd.Unhandled"/> and its like the processor still stands before the instruction: the caller deals with
/// <see cref="Message"/>, moves RIP or removes the cause, and runs again.
/// </remarks>
public readonly struct RunResult
{
    /// <summary>Why the run ended.</summary>
    public RunEnd End { get; init; }

    /// <summary>The last message; of type <c>HVMSG_NONE</c> when the run ended without one.</summary>
    public hv_message Message { get; init; }

    /// <summary>What more there is to say; null where the reason says it all.</summary>
    public string? Detail { get; init; }

    /// <summary>The handler's exception, after <see cref="RunEnd.DeviceFault"/>.</summary>
    public Exception? Fault { get; init; }

    /// <summary>Error number of <c>errno.h</c> after <see cref="RunEnd.Refused"/>, else 0.</summary>
    public int Errno { get; init; }

    /// <summary>The hypercall that was refused, if it was one.</summary>
    public HypercallResult? Refusal { get; init; }

    /// <summary>What nobody took and was answered as hardware does, in all runs of the loop; see <see cref="RunLoop.Unclaimed"/>.</summary>
    public IReadOnlyList<UnclaimedEntry> Unclaimed { get => field ?? []; init; }

    /// <summary>Code that the guest gave with its wish to restart (arm64), else 0.</summary>
    public uint ResetCode { get; init; }

    /// <summary>Reason, message type and detail, and what nobody took.</summary>
    /// <returns>A sentence.</returns>
    public override string ToString()
    {
        hv_message copy = Message;
        Intercept intercept = new(in copy);
        string message = intercept.Type == hv_message_type.HVMSG_NONE ? "" : $" at {intercept.Type}";
        string place = intercept.TryAs(out hv_x64_intercept_message_header header) ? $", RIP 0x{header.rip:x}" : "";
        string errno = Errno == 0 ? "" : $", {Interop.Errno.Describe(Errno)}";
        string detail = Detail is null ? "" : $": {Detail}";
        string fault = Fault is null ? "" : $" ({Fault.GetType().Name}: {Fault.Message})";
        return $"{End}{message}{place}{errno}{detail}{fault}{DescribeUnclaimed()}";
    }

    private string DescribeUnclaimed()
    {
        const int Named = 8;
        string more = Unclaimed.Count > Named ? $" and {Unclaimed.Count - Named} more" : "";
        return Unclaimed.Count == 0 ? "" : $"; nobody took {string.Join(", ", Unclaimed.Take(Named))}{more}";
    }
}
