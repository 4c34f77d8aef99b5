using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Handlers;

/// <summary>Answers hypercalls that the hypervisor was told to pass on.</summary>
public interface IHypercallHandler
{
    /// <summary>A guest of x86-64 makes a hypercall.</summary>
    /// <param name="vpIndex">Processor that calls.</param>
    /// <param name="call">The call and its parameters.</param>
    /// <param name="result">Status and completed count, as the call's result register takes them.</param>
    /// <returns>False when the handler does not know the call.</returns>
    bool TryCall(uint vpIndex, in HypercallIntercept call, out ulong result);

    /// <summary>A guest of arm64 executes <c>HVC</c>. A handler that does not say otherwise knows no such call.</summary>
    /// <param name="vpIndex">Processor that calls.</param>
    /// <param name="call">The call and its parameters.</param>
    /// <param name="x">X0 to X17 as the call finds them; what is changed here goes to the guest. X0 takes the status.</param>
    /// <returns>False when the handler does not know the call. Changes to the registers are dropped then.</returns>
    bool TryCall(uint vpIndex, in ArmHypercallIntercept call, Span<ulong> x) => false;
}
