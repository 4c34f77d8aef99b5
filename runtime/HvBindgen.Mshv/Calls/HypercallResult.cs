using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Calls;

/// <summary>What a hypercall gave: the kernel's error number and the hypervisor's status, which only together say what happened.</summary>
/// <param name="Code">Hypercall code.</param>
/// <param name="Errno">Error number of the request; 0 after success.</param>
/// <param name="Status">Hypervisor status; 0 after success, and when the kernel refused by itself.</param>
/// <param name="CompletedCount">Elements of a list that the hypervisor has dealt with.</param>
public readonly record struct HypercallResult(ushort Code, int Errno, ushort Status, int CompletedCount)
{
    /// <summary>Whether the kernel and the hypervisor both did what was asked.</summary>
    public bool IsSuccess => Errno == 0 && Status == Constants.HV_STATUS_SUCCESS;

    /// <summary>Whether the kernel refused without asking the hypervisor: a hypercall that it does not pass on, or a malformed
    /// request.</summary>
    public bool IsRefusedByKernel => Errno != 0 && Status == Constants.HV_STATUS_SUCCESS;

    /// <summary>Throws unless the hypercall succeeded.</summary>
    /// <param name="operation">What the caller was doing, as a sentence's beginning: "Setting the time".</param>
    /// <param name="advice">What to do about it; null for advice by error number and status.</param>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    internal void ThrowIfFailed(string operation, string? advice = null)
    {
        if (!IsSuccess)
        {
            throw new HypervisorException(operation, Errno, Code, Status, advice);
        }
    }

    /// <inheritdoc cref="ThrowIfFailed(string, string?)"/>
    internal void ThrowIfFailed([InterpolatedStringHandlerArgument("")] ref FailureText operation, string? advice = null)
    {
        if (!IsSuccess)
        {
            ThrowIfFailed(operation.ToStringAndClear(), advice);
        }
    }
}
