using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Handlers;

/// <summary>Answers <c>CPUID</c> leaves that the hypervisor was told to intercept.</summary>
public interface ICpuidHandler
{
    /// <summary>The guest asks for a leaf.</summary>
    /// <param name="vpIndex">Processor that asks.</param>
    /// <param name="leaf">EAX.</param>
    /// <param name="subleaf">ECX.</param>
    /// <param name="hypervisorResult">What the hypervisor would answer.</param>
    /// <returns>What the guest gets.</returns>
    CpuidResult GetResult(uint vpIndex, uint leaf, uint subleaf, CpuidResult hypervisorResult);
}
