using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>One processor's CPUID table: given to the engine when it has changed, before it is next needed.</summary>
internal sealed class ProcessorCpuid(VirtualPartition partition, uint vpIndex, IProcessorEngine engine)
{
    private bool isStale = true;

    /// <summary>The partition's table has changed.</summary>
    internal void Invalidate() => isStale = true;

    /// <summary>Gives the engine the table, where that is still possible.</summary>
    internal void Apply()
    {
        if (isStale && !engine.TakesCpuid)
        {
            partition.Host.Refusals.Report(
                "KVM takes CPUID results only before a processor's first run; later ones do not reach the guest");
        }
        else if (isStale)
        {
            _ = engine.Stored.TrySetCpuid(partition.Cpuid.Build(vpIndex));
        }

        isStale = false;
    }
}
