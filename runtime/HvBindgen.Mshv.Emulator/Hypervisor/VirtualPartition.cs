using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A partition as the hypervisor knows it. It ends when the last descriptor that refers to it is closed.</summary>
internal sealed class VirtualPartition
{
    internal const uint MaxProcessors = 256;

    private readonly VirtualCpu?[] processors = new VirtualCpu?[MaxProcessors];
    private volatile VirtualCpu[] created = [];
    private int references = 1;

    private VirtualPartition(Host host, PartitionOptions options, IMachineEngine engine, TimeFreeze freeze)
    {
        Host = host;
        Options = options;
        Engine = engine;
        Id = host.NextPartitionId();
        Freeze = freeze;
        Memory = new PartitionMemory(engine, host.Refusals);
        Properties = new PartitionProperties(this);
        Cpuid = new CpuidTable(this);
        Interrupts = new InterruptRouting(this);
        Intercepts = new InstalledIntercepts(this);
        Hypercalls = new PartitionHypercalls(this);
        ReferencePage = new ReferencePage(this);
        Timers = new TimerThread(this);
    }

    internal Host Host { get; }

    internal PartitionOptions Options { get; }

    internal IMachineEngine Engine { get; }

    internal ulong Id { get; }

    internal PartitionProperties Properties { get; }

    internal CpuidTable Cpuid { get; }

    internal InterruptRouting Interrupts { get; }

    /// <summary>Synthetic registers that all processors share.</summary>
    internal SyntheticState Synthetic { get; } = new();

    /// <summary>The page of reference time.</summary>
    internal ReferencePage ReferencePage { get; }

    /// <summary>What lets synthetic timers expire.</summary>
    internal TimerThread Timers { get; }

    internal PartitionMemory Memory { get; }

    internal InstalledIntercepts Intercepts { get; }

    internal PartitionHypercalls Hypercalls { get; }

    internal TimeFreeze Freeze { get; }

    internal bool IsInitialized { get; private set; }

    /// <summary>Creates a partition.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal static int Create(Host host, PartitionOptions options, out VirtualPartition? partition)
    {
        partition = null;
        int errno = HostEvent.Create(isSet: true, out HostEvent? thaw);
        if (thaw is null)
        {
            return errno;
        }

        errno = host.CreateMachine(options, out IMachineEngine? engine);
        if (engine is null)
        {
            thaw.Dispose();
            return errno;
        }

        partition = new VirtualPartition(host, options, engine, new TimeFreeze(thaw));
        return 0;
    }

    internal int Initialize()
    {
        IsInitialized = true;
        return Hv.HV_STATUS_SUCCESS;
    }

    internal void AddReference() => Interlocked.Increment(ref references);

    internal void Release()
    {
        if (Interlocked.Decrement(ref references) != 0)
        {
            return;
        }

        Timers.Dispose();
        foreach (VirtualCpu processor in created)
        {
            processor.Dispose();
        }

        Engine.Dispose();
        Freeze.Dispose();
    }

    /// <summary>The processor with an index.</summary>
    internal VirtualCpu? FindProcessor(uint index) => index < MaxProcessors ? processors[index] : null;

    /// <summary>All processors there are.</summary>
    internal IReadOnlyList<VirtualCpu> Processors => created;

    /// <summary>Whether a processor waits for a startup interrupt that the emulator has to deliver.</summary>
    internal bool HasWaitingProcessor
    {
        get
        {
            foreach (VirtualCpu processor in created)
            {
                if (processor.Startup.IsAwaited)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Creates a processor.</summary>
    /// <returns>A status; an error number where the engine, not the hypervisor, is out of something.</returns>
    internal int CreateProcessor(uint index, out VirtualCpu? processor, out int errno)
    {
        processor = null;
        errno = 0;
        if (!IsInitialized)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        errno = SharedPages.Create(out SharedPages? pages);
        return pages is null ? Hv.HV_STATUS_SUCCESS : CreateProcessor(index, pages, out processor, out errno);
    }

    /// <summary>Creates a processor that has its pages already, and takes them over.</summary>
    /// <inheritdoc cref="CreateProcessor(uint, out VirtualCpu, out int)"/>
    internal int CreateProcessor(uint index, SharedPages pages, out VirtualCpu? processor, out int errno)
    {
        errno = VirtualCpu.Create(this, index, pages, out processor);
        if (processor is not null)
        {
            processors[index] = processor;
            created = [.. created, processor];
            Intercepts.ApplyTo(processor);
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    /// <summary>Stops time and processors, or lets them go on.</summary>
    internal void SetTimeFrozen(bool freeze)
    {
        if (!freeze)
        {
            if (created is [var first, ..])
            {
                first.RefreshReferencePage();
            }

            Freeze.Thaw();
            Timers.Wake();
            return;
        }

        Freeze.Freeze();
        foreach (VirtualCpu processor in Processors)
        {
            processor.Interrupt();
        }
    }
}
