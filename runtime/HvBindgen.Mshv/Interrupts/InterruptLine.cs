using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Interrupts;

/// <summary>An event attached to an interrupt route. Disposing detaches it; so does closing the partition.</summary>
public sealed class InterruptLine : IDisposable
{
    private readonly PartitionInterrupts owner;
    private readonly PartitionHandle partition;
    private readonly EventHandle? resample;
    private int isDetached;

    internal InterruptLine(PartitionInterrupts owner, PartitionHandle partition, uint gsi, EventHandle trigger, EventHandle? resample)
    {
        this.owner = owner;
        this.partition = partition;
        this.resample = resample;
        Gsi = gsi;
        Trigger = trigger;
        IoctlResult result = Send(resample is null ? 0 : MSHV_IRQFD_FLAGS.RESAMPLE);
        if (!result.IsSuccess)
        {
            throw new HypervisorException($"Attaching an event to interrupt {gsi}", result.Errno);
        }
    }

    /// <summary>Global interrupt number.</summary>
    public uint Gsi { get; }

    /// <summary>Event that triggers the interrupt.</summary>
    public EventHandle Trigger { get; }

    /// <summary>Whether the end of the interrupt is signalled.</summary>
    public bool IsResampled => resample is not null;

    /// <summary>Detaches the events.</summary>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDetached, 1) != 0)
        {
            return;
        }

        owner.Remove(this);

        // Closing the partition has detached it; closing an event everywhere does too.
        if (partition.IsClosed || Trigger.IsClosed)
        {
            return;
        }

        IoctlResult result = Send(MSHV_IRQFD_FLAGS.DEASSIGN);
        if (!result.IsSuccess)
        {
            throw new HypervisorException($"Detaching an event from interrupt {Gsi}", result.Errno);
        }
    }

    private IoctlResult Send(MSHV_IRQFD_FLAGS flags)
    {
        using EventUse triggerUse = new(Trigger);
        using EventUse resampleUse = new((flags & MSHV_IRQFD_FLAGS.RESAMPLE) != 0 ? resample : null);
        mshv_user_irqfd request = new() { fd = triggerUse.Fd, resamplefd = resampleUse.Fd, gsi = Gsi, flags = (uint)flags };
        return PartitionIoctls.MSHV_IRQFD(new UninterruptedDescriptor(partition), request);
    }
}
