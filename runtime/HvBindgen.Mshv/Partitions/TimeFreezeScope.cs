using HvBindgen.Mshv.Calls;

namespace HvBindgen.Mshv.Partitions;

/// <summary>The partition's clocks stand still as long as this lives.</summary>
public sealed class TimeFreezeScope : IDisposable
{
    private PartitionProperties? properties;

    internal TimeFreezeScope(PartitionProperties properties) => this.properties = properties;

    /// <summary>Lets time go on, unless another scope still holds it.</summary>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused.</exception>
    public void Dispose() => Interlocked.Exchange(ref properties, null)?.ThawTime();
}
