using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Processors;

/// <summary>The clocks and timers of a machine, which several processors share.</summary>
internal interface IGuestTime
{
    /// <summary>Makes them stand still until the result is disposed. May be called again before that.</summary>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    IDisposable Freeze();
}
