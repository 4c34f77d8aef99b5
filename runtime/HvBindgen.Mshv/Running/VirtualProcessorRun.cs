using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>Running a processor in one call, where no loop object is needed.</summary>
public static class VirtualProcessorRun
{
    /// <summary>Runs the guest on the calling thread until it ends, something cannot be handled, or a stop is asked for.</summary>
    /// <param name="processor">The processor.</param>
    /// <param name="handlers">Devices, and who answers what else is intercepted.</param>
    /// <param name="stop">Ends the run from any thread.</param>
    /// <returns>Why it ended.</returns>
    public static RunResult Run(this VirtualProcessor processor, MachineHandlers handlers, CancellationToken stop = default) =>
        new RunLoop(processor, handlers).Run(stop);
}
