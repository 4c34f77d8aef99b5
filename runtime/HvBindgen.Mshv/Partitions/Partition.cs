using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Interrupts;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Partitions;

/// <summary>A virtual machine: memory, interrupts and virtual processors.</summary>
/// <remarks>
/// May be used from any thread. Disposing it disposes its processors; one that is running is closed when its run returns.
/// The kernel takes the partition down when the last of these descriptors is closed. It keeps what it needs: the device's descriptor
/// stays open for it, and guest memory stays mapped until then, also when the device or
/// <see cref="Memory.GuestMemory"/> are disposed before. Disposing the partition disposes neither: they belong to who made them.
/// </remarks>
public sealed class Partition : IDisposable
{
    private readonly PartitionView view;
    private readonly Lock processorsLock = new();
    private readonly Dictionary<uint, VirtualProcessor> processors = [];
    private bool isDisposed;

    internal Partition(
        PartitionHandle handle, GuestArchitecture architecture, MSHV_PT_FLAGS flags, bool hasChosenFeatures, HostFindings findings)
    {
        Handle = handle;
        Architecture = architecture;
        Flags = flags;
        HasChosenFeatures = hasChosenFeatures;
        Properties = new PartitionProperties(handle);
        Memory = new GuestAddressSpace(handle);
        Hypercalls = new PartitionHypercalls(handle, architecture);
        Interrupts = new PartitionInterrupts(handle, architecture, Memory, index => FindVirtualProcessor(index) is not null);
        view = new PartitionView(handle, architecture, flags, Memory, Hypercalls, Properties, findings);
    }

    /// <summary>The descriptor.</summary>
    public PartitionHandle Handle { get; }

    /// <summary>Architecture of the guest.</summary>
    public GuestArchitecture Architecture { get; }

    /// <summary>Flags that the partition was created with.</summary>
    public MSHV_PT_FLAGS Flags { get; }

    /// <summary>Whether the kernel took the choice of processor features; false: the guest has every feature there is.</summary>
    public bool HasChosenFeatures { get; }

    /// <summary>Properties.</summary>
    public PartitionProperties Properties { get; }

    /// <summary>Guest-physical memory.</summary>
    public GuestAddressSpace Memory { get; }

    /// <summary>Interrupts.</summary>
    public PartitionInterrupts Interrupts { get; }

    /// <summary>Hypercalls about the partition and its processors.</summary>
    public PartitionHypercalls Hypercalls { get; }

    /// <summary>The virtual processors created so far, in the order of their index.</summary>
    public IReadOnlyList<VirtualProcessor> Processors
    {
        get
        {
            lock (processorsLock)
            {
                VirtualProcessor[] list = [.. processors.Values];
                Array.Sort(list, (a, b) => a.Index.CompareTo(b.Index));
                return list;
            }
        }
    }

    /// <summary>Creates a virtual processor. It cannot be taken away again while the partition lives.</summary>
    /// <param name="index">Index, which is also the id of its local interrupt controller unless that is set otherwise.</param>
    /// <returns>The processor, which the caller or the partition disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The driver takes indexes below 256.</exception>
    /// <exception cref="HypervisorException">The kernel or the hypervisor refused. EEXIST: the index is taken, also after its
    /// dispose.</exception>
    /// <exception cref="ObjectDisposedException">The partition has been closed.</exception>
    public VirtualProcessor CreateVirtualProcessor(uint index)
    {
        // mshv_root's own limit; the headers have no name for it.
        const uint MaxProcessors = 256;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MaxProcessors);
        lock (processorsLock)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            VirtualProcessor processor = VirtualProcessor.Create(view, index);
            processors[index] = processor;
            return processor;
        }
    }

    /// <summary>The processor with an index, or null.</summary>
    /// <param name="index">Index.</param>
    /// <returns>Null when no processor with this index has been created.</returns>
    public VirtualProcessor? FindVirtualProcessor(uint index)
    {
        lock (processorsLock)
        {
            return processors.GetValueOrDefault(index);
        }
    }

    /// <summary>Closes the partition and its processors.</summary>
    public void Dispose()
    {
        VirtualProcessor[] children;
        lock (processorsLock)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
            children = [.. processors.Values];
        }

        foreach (VirtualProcessor processor in children)
        {
            processor.Dispose();
        }

        Handle.Dispose();
        Memory.Release();
    }
}
