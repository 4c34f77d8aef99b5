using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Recording;

namespace HvBindgen.Mshv;

/// <summary>What the run loop needs of a processor: its descriptor, its register page and the memory it sees.</summary>
internal sealed unsafe class ProcessorPort
{
    private readonly VirtualProcessor? owner;

    /// <summary>A processor without an object of its own; the caller keeps descriptor, page and memory as long as the loop runs.</summary>
    internal ProcessorPort(
        ISystemCalls systemCalls, int fd, uint index, RegisterPage registerPage, IGuestPhysicalMemory memory,
        GuestArchitecture architecture)
    {
        Descriptor = new BorrowedDescriptor(systemCalls, fd);
        RegisterPage = registerPage;
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

    /// <summary>The register page, if there is one. Whether it is valid is asked at each exit.</summary>
    internal RegisterPage RegisterPage { get; }

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
