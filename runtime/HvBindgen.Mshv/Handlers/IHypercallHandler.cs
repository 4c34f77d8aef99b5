using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Handlers;

/// <summary>Answers hypercalls that the hypervisor was told to pass on.</summary>
public interface IHypercallHandler
{
    /// <summary>The guest makes a hypercall.</summary>
    /// <param name="vpIndex">Processor that calls.</param>
    /// <param name="call">The call and its parameters.</param>
    /// <param name="result">Status and completed count, as the call's result register takes them.</param>
    /// <returns>False when the handler does not know the call.</returns>
    bool TryCall(uint vpIndex, in HypercallIntercept call, out ulong result);
}
