using System.Text;

namespace HvBindgen.Mshv.Calls;

/// <summary>The kernel or the hypervisor refused.</summary>
/// <remarks>An error number alone says little: the hypercall and the hypervisor's status are reported with it.</remarks>
public class HypervisorException : Exception
{
    /// <summary>A refused system call or ioctl request.</summary>
    /// <param name="operation">What the caller was doing, as a sentence's beginning.</param>
    /// <param name="errno">Error number of <c>errno.h</c>.</param>
    /// <param name="advice">What to do about it; null for advice by error number.</param>
    public HypervisorException(string operation, int errno, string? advice = null)
        : this(operation, errno, null, null, advice)
    {
    }

    /// <summary>A refused hypercall.</summary>
    /// <param name="operation">What the caller was doing, as a sentence's beginning.</param>
    /// <param name="errno">Error number of <c>errno.h</c>; 0 when only the hypervisor complained.</param>
    /// <param name="hypercallCode">Hypercall code; null for a request that is no hypercall.</param>
    /// <param name="hypervisorStatus">Hypervisor status; null for a request that is no hypercall.</param>
    /// <param name="advice">What to do about it; null for advice by status and error number.</param>
    internal HypervisorException(string operation, int errno, ushort? hypercallCode, ushort? hypervisorStatus, string? advice)
        : base(Describe(
            operation, errno, hypercallCode, hypervisorStatus, advice ??= FailureAdvice.For(errno, hypercallCode, hypervisorStatus)))
    {
        Operation = operation;
        Errno = errno;
        HypercallCode = hypercallCode;
        HypervisorStatus = hypervisorStatus;
        Advice = advice;
    }

    /// <summary>What the caller was doing.</summary>
    public string Operation { get; }

    /// <summary>Error number of <c>errno.h</c>; 0 when only the hypervisor complained.</summary>
    public int Errno { get; }

    /// <summary>Name of <see cref="Errno"/>; null for a number without a known name.</summary>
    public string? ErrnoName => Interop.Errno.NameOf(Errno);

    /// <summary>Hypercall that was refused; null for a request that is no hypercall.</summary>
    public ushort? HypercallCode { get; }

    /// <summary>Name of the hypercall; null for one without a known name.</summary>
    public string? HypercallName => HypercallCode is { } code ? HypercallNames.OfCall(code) : null;

    /// <summary>The hypervisor's status; null for a request that is no hypercall, 0 when the kernel refused by itself.</summary>
    public ushort? HypervisorStatus { get; }

    /// <summary>Name of the status; null for one without a known name.</summary>
    public string? HypervisorStatusName => HypervisorStatus is { } status ? HypercallNames.OfStatus(status) : null;

    /// <summary>What to do about it; null where nothing better than the names can be said.</summary>
    public string? Advice { get; }

    private static string Describe(string operation, int errno, ushort? code, ushort? status, string? advice)
    {
        StringBuilder text = new(operation);
        text.Append(" failed: ");
        if (code is { } call)
        {
            text.Append(HypercallNames.OfCall(call) ?? "hypercall").Append($" (0x{call:x})");
            text.Append(status is { } value && value != 0
                ? $" gave {HypercallNames.OfStatus(value) ?? "an unknown status"} (0x{value:x}), "
                : errno == 0 ? " gave no status, " : " was refused by the kernel, ");
        }

        text.Append(errno == 0 ? "no error number" : Interop.Errno.Describe(errno)).Append('.');
        if (advice is not null)
        {
            text.Append(' ').Append(advice);
        }

        return text.ToString();
    }
}
