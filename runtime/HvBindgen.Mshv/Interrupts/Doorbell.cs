using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Interrupts;

/// <summary>An event that a guest's write to an address signals. Disposing takes it away; so does closing the partition.</summary>
public sealed class Doorbell : IDisposable
{
    private readonly PartitionInterrupts owner;
    private readonly PartitionHandle partition;
    private int isDetached;

    internal Doorbell(
        PartitionInterrupts owner, PartitionHandle partition, ulong gpa, int sizeBytes, EventHandle signal, ulong? value)
    {
        this.owner = owner;
        this.partition = partition;
        Gpa = gpa;
        SizeBytes = sizeBytes;
        Signal = signal;
        Value = value;
        IoctlResult result = Send(0);
        if (!result.IsSuccess)
        {
            throw new HypervisorException($"Attaching a doorbell at 0x{gpa:x}", result.Errno);
        }
    }

    /// <summary>Guest-physical address.</summary>
    public ulong Gpa { get; }

    /// <summary>Size of the write; 0 for any.</summary>
    public int SizeBytes { get; }

    /// <summary>Event that is signalled.</summary>
    public EventHandle Signal { get; }

    /// <summary>Value that the write must have; null for any.</summary>
    public ulong? Value { get; }

    /// <summary>Takes the doorbell away.</summary>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDetached, 1) != 0)
        {
            return;
        }

        owner.Remove(this);
        if (partition.IsClosed || Signal.IsClosed)
        {
            return;
        }

        IoctlResult result = Send(MSHV_IOEVENTFD_FLAGS.DEASSIGN);
        if (!result.IsSuccess)
        {
            throw new HypervisorException($"Taking the doorbell at 0x{Gpa:x} away", result.Errno);
        }
    }

    internal static void Check(ulong gpa, int sizeBytes, ulong? value)
    {
        if (sizeBytes is not (0 or 1 or 2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(
                nameof(sizeBytes), sizeBytes, "A doorbell takes writes of 1, 2, 4 or 8 bytes, or 0 for any.");
        }

        if (gpa > ulong.MaxValue - (ulong)sizeBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(gpa), $"{sizeBytes} bytes at 0x{gpa:x} end beyond the address space.");
        }

        if (value is { } wanted && sizeBytes is 1 or 2 or 4 && wanted >> (8 * sizeBytes) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), $"0x{wanted:x} is no value of {sizeBytes} bytes.");
        }
    }

    private IoctlResult Send(MSHV_IOEVENTFD_FLAGS flags)
    {
        // Taking it away must repeat what it was made of.
        using EventUse use = new(Signal);
        mshv_user_ioeventfd request = new()
        {
            datamatch = Value ?? 0,
            addr = Gpa,
            len = (uint)SizeBytes,
            fd = use.Fd,
            flags = (uint)(Value is null ? flags : flags | MSHV_IOEVENTFD_FLAGS.DATAMATCH),
        };
        return PartitionIoctls.MSHV_IOEVENTFD(new UninterruptedDescriptor(partition), request);
    }
}
