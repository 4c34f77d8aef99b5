using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Recording;

namespace HvBindgen.Mshv;

/// <summary>What the run loop needs of a processor: its descriptor, its register page and the memory it sees.</summary>
internal sealed unsafe class ProcessorPort
{
    private readonly VirtualProcessor? owner;
    private readonly hv_vp_register_page* registerPage;

    /// <summary>A processor without an object of its own; the caller keeps descriptor, page and memory as long as the loop runs.</summary>
    internal ProcessorPort(
        ISystemCalls systemCalls, int fd, uint index, hv_vp_register_page* registerPage, IGuestPhysicalMemory memory,
        GuestArchitecture architecture)
    {
        Descriptor = new BorrowedDescriptor(systemCalls, fd);
        this.registerPage = registerPage;
        Index = index;
        Memory = systemCalls is RecordingSystemCalls recorder ? recorder.Watch(memory, fd) : memory;
        Architecture = architecture;
    }

    internal ProcessorPort(VirtualProcessor processor)
        : this(
            processor.Handle.SystemCalls,
            processor.Handle.Fd,
            processor.Index,
            processor.RegisterPage,
            processor.Partition.Memory,
            processor.Partition.Architecture)
    {
        owner = processor;
    }

    internal uint Index { get; }

    internal IGuestPhysicalMemory Memory { get; }

    internal GuestArchitecture Architecture { get; }

    internal BorrowedDescriptor Descriptor { get; }

    /// <summary>What freezes the partition's time; null for a processor without an object of its own.</summary>
    internal PartitionProperties? Clock => owner?.Partition.Properties;

    /// <summary>The register page; null where there is none. Shared with the driver, and with the hypervisor while the processor
    /// runs.</summary>
    internal hv_vp_register_page* RegisterPage => registerPage;

    /// <summary>Whether the page has this exit's registers. Asked at each exit: a page may be there and not be valid.</summary>
    internal bool RegisterPageIsValid => registerPage is not null && Volatile.Read(ref registerPage->isvalid) != 0;

    /// <summary>The calling thread has the processor from now on: nobody else may touch it, and it stays open.</summary>
    internal void Acquire() => owner?.BeginLoop();

    /// <summary>The calling thread gives the processor back.</summary>
    internal void Release() => owner?.EndLoop();

    internal IoctlResult Run(hv_message* message) => VpIoctls.MSHV_RUN_VP(Descriptor, (mshv_run_vp*)message);

    internal HypercallResult GetRegisters(ReadOnlySpan<uint> names, Span<hv_u128> values) =>
        RegisterHypercalls.Get(Descriptor, Index, names, values);

    internal HypercallResult SetRegisters(ReadOnlySpan<uint> names, ReadOnlySpan<hv_u128> values) =>
        RegisterHypercalls.Set(Descriptor, Index, names, values);
}
