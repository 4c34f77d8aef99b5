using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>A partition as the hypervisor knows it. It ends when the last descriptor that refers to it is closed.</summary>
internal sealed unsafe partial class VirtualPartition
{
    internal const uint MaxProcessors = 256;

    private readonly VirtualCpu?[] processors = new VirtualCpu?[MaxProcessors];
    private readonly int thawEvent;
    private volatile VirtualCpu[] created = [];
    private int references = 1;
    private volatile bool isTimeFrozen;

    private VirtualPartition(Host host, PartitionOptions options, IMachineEngine engine, int thawEvent)
    {
        Host = host;
        Options = options;
        Engine = engine;
        Id = host.NextPartitionId();
        this.thawEvent = thawEvent;
        Properties = new PartitionProperties(this);
        Cpuid = new CpuidTable(this);
        Interrupts = new InterruptRouting(this);
        Synthetic = new SyntheticState();
    }

    internal Host Host { get; }

    internal PartitionOptions Options { get; }

    internal IMachineEngine Engine { get; }

    internal ulong Id { get; }

    internal PartitionProperties Properties { get; }

    internal CpuidTable Cpuid { get; }

    internal InterruptRouting Interrupts { get; }

    /// <summary>Synthetic registers that all processors share.</summary>
    internal SyntheticState Synthetic { get; }

    internal GuestMemoryMap Memory { get; } = new();

    internal bool IsInitialized { get; private set; }

    internal bool IsTimeFrozen => isTimeFrozen;

    /// <summary>Creates a partition.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal static int Create(Host host, PartitionOptions options, out VirtualPartition? partition)
    {
        partition = null;
        int thawEvent = CLibrary.EventFd(1, LibC.FdCloseOnExec);
        if (thawEvent < 0)
        {
            return Marshal.GetLastSystemError();
        }

        int errno = host.CreateMachine(options, out IMachineEngine? engine);
        if (engine is null)
        {
            _ = CLibrary.Close(thawEvent);
            return errno;
        }

        partition = new VirtualPartition(host, options, engine, thawEvent);
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

        foreach (VirtualCpu processor in created)
        {
            processor.Dispose();
        }

        Engine.Dispose();
        _ = CLibrary.Close(thawEvent);
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
                if (processor.WaitsForStartup)
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

        errno = Engine.CreateProcessor(index, Memory, out IProcessorEngine? engine);
        if (engine is null)
        {
            return Hv.HV_STATUS_SUCCESS;
        }

        processor = VirtualCpu.Create(this, index, engine, out errno);
        processors[index] = processor;
        created = processor is null ? created : [.. created, processor];
        return Hv.HV_STATUS_SUCCESS;
    }

    internal void SetTimeFrozen(bool freeze)
    {
        isTimeFrozen = freeze;
        ulong counter = 1;
        if (freeze)
        {
            _ = CLibrary.Read(thawEvent, &counter, sizeof(ulong));
            foreach (VirtualCpu processor in Processors)
            {
                processor.Interrupt();
            }
        }
        else
        {
            _ = CLibrary.Write(thawEvent, &counter, sizeof(ulong));
        }
    }

    /// <summary>Waits while time is frozen.</summary>
    /// <returns>False when a signal ended the wait.</returns>
    internal bool WaitUntilThawed()
    {
        while (isTimeFrozen)
        {
            CLibrary.PollEntry descriptor = new() { Fd = thawEvent, Events = LibC.PollIn };
            if (CLibrary.Poll(&descriptor, 1, -1) < 0)
            {
                return false;
            }
        }

        return true;
    }
}
