using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Processors;

/// <summary>A virtual processor: runs guest code, and holds registers and state between runs.</summary>
/// <remarks>
/// One thread at a time runs it; while it runs, access to its registers and state from other threads is refused. Disposing closes
/// the descriptor, once a run in progress returns; the processor itself lives as long as its partition.
/// </remarks>
public sealed unsafe partial class VirtualProcessor : IProcessor, IDisposable
{
    private readonly ISystemCalls systemCalls;
    private readonly int fd;
    private readonly SharedMapping? registerPage;
    private readonly int physicalAddressBits;
    private ProcessorGate gate;
    private int loopThreadId;

    private VirtualProcessor(PartitionView partition, uint index, VpHandle handle, SharedMapping? registerPage)
    {
        Partition = partition;
        Index = index;
        Handle = handle;
        this.registerPage = registerPage;
        systemCalls = handle.SystemCalls;

        // Held until this object closes, so that a run needs no reference count of its own, whatever is done to the handle.
        bool added = false;
        handle.DangerousAddRef(ref added);
        fd = handle.Fd;
        RegisterPage = registerPage is null ? default : new RegisterPage((Abi.X64.hv_vp_register_page*)registerPage.Pointer);
        Registers = new VpRegisters(this);
        X64 = new X64Registers(this);
        Arm64 = new Arm64Registers(this);
        Components = new VpComponents(this);
        partition.Memory.AddUser();

        // Asked for now: the partition may be closed before the processor is run. 0 where the hypervisor does not know it.
        _ = PropertyHypercalls.Get(
            partition.Handle, hv_partition_property_code.HV_PARTITION_PROPERTY_PHYSICAL_ADDRESS_WIDTH, out ulong bits);
        physicalAddressBits = (int)bits;
    }

    /// <summary>Closes the descriptor when the processor was dropped without being disposed.</summary>
    ~VirtualProcessor()
    {
        if (gate.TryClose())
        {
            ReleaseDescriptor();
        }
    }

    /// <summary>Index within the partition.</summary>
    public uint Index { get; }

    /// <summary>Architecture of the guest.</summary>
    public GuestArchitecture Architecture => Partition.Architecture;

    /// <summary>The descriptor.</summary>
    public VpHandle Handle { get; }

    /// <summary>Registers by name.</summary>
    public VpRegisters Registers { get; }

    /// <summary>Registers of an x86-64 processor by group.</summary>
    public X64Registers X64 { get; }

    /// <summary>Registers of an arm64 processor by group.</summary>
    public Arm64Registers Arm64 { get; }

    /// <summary>Parts of the state that are no registers.</summary>
    public VpComponents Components { get; }

    /// <summary>Whether a run is in progress.</summary>
    public bool IsRunning => gate.IsRunning;

    /// <summary>Whether there is a register page: registers shared with the hypervisor, without a hypercall.</summary>
    public bool HasRegisterPage => RegisterPage.Exists;

    /// <summary>Whether the register page holds the processor's registers just now; the hypervisor decides at every exit.</summary>
    public bool RegisterPageIsValid => RegisterPage.IsValid;

    /// <summary>The register page, mapped until this object closes. For the thread that runs the processor, between runs.</summary>
    internal RegisterPage RegisterPage { get; }

    /// <summary>What it knows of its partition, which may have been closed.</summary>
    internal PartitionView Partition { get; }

    /// <summary>Whether the instruction pointer was written since the last exit.</summary>
    internal Redirection Redirection { get; } = new();

    BorrowedDescriptor IProcessor.Descriptor => new(systemCalls, fd);

    RegisterPage IProcessor.RegisterPage => RegisterPage;

    IGuestPhysicalMemory IProcessor.Memory => systemCalls.ViewMemory(fd, Partition.Memory);

    Redirection IProcessor.Redirection => Redirection;

    int IProcessor.PhysicalAddressBits => physicalAddressBits;

    IGuestTime IProcessor.Time => Partition.Time;

    /// <summary>Closes the processor now, or when the run in progress returns.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (gate.TryClose())
        {
            Close();
        }
    }

    internal static VirtualProcessor Create(PartitionView partition, uint index)
    {
        IoctlResult created = PartitionIoctls.MSHV_CREATE_VP(
            new UninterruptedDescriptor(partition.Handle), new mshv_create_vp { vp_index = index });
        if (!created.IsSuccess)
        {
            throw new HypervisorException(
                $"Creating virtual processor {index}",
                created.Errno,
                created.Errno == Errno.EEXIST ? "The index is taken; a processor lives as long as its partition." : null);
        }

        VpHandle handle = new(partition.Handle, created.Value);
        try
        {
            SharedMapping? registerPage = MapRegisterPage(partition, index, handle);
            partition.Findings.HasRegisterPage = registerPage is not null;
            return new VirtualProcessor(partition, index, handle, registerPage);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    void IProcessor.Acquire()
    {
        gate.EnterRun(this);
        Volatile.Write(ref loopThreadId, Environment.CurrentManagedThreadId);
    }

    /// <inheritdoc/>
    void IProcessor.Release()
    {
        if (!IsLoopThread)
        {
            return;
        }

        Volatile.Write(ref loopThreadId, 0);
        if (gate.LeaveRun())
        {
            Close();
        }
    }

    private bool IsLoopThread => Volatile.Read(ref loopThreadId) == Environment.CurrentManagedThreadId;

    /// <summary>Enters for a short access to registers or state; the result is disposed to leave.</summary>
    internal Access Enter()
    {
        // A handler that the loop calls is in already.
        bool isInside = IsLoopThread;
        if (!isInside)
        {
            gate.EnterAccess(this);
        }

        return new Access(this, isInside);
    }

    // arm64 has no register page, and neither have encrypted guests.
    private static SharedMapping? MapRegisterPage(PartitionView partition, uint index, VpHandle handle)
    {
        if (partition.Architecture != GuestArchitecture.X64)
        {
            return null;
        }

        const nuint PageBytes = Constants.MSHV_HV_PAGE_SIZE;
        const long Offset = Constants.MSHV_VP_MMAP_OFFSET_REGISTERS * (long)PageBytes;

        // Two pages, which both are the register page. Linux joins mappings whose offsets follow each other, and the driver of Linux 7.3
        // goes by where a joined one begins: a message page right behind a single register page would show the registers.
        const nuint Length = 2 * PageBytes;
        SystemCallResult mapped = handle.SystemCalls.Map(
            Length, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapShared, handle.Fd, Offset);
        return mapped.IsSuccess ? new SharedMapping(handle.SystemCalls, mapped.Value, Length)
            : mapped.Errno == Errno.ENODEV ? null
            : throw new HypervisorException($"Mapping the register page of virtual processor {index}", mapped.Errno);
    }

    // Runs once: the gate gives it to one caller.
    private void Close()
    {
        ReleaseDescriptor();
        registerPage?.Dispose();
        Partition.Memory.Release();
    }

    private void ReleaseDescriptor()
    {
        Handle?.Dispose();
        Handle?.DangerousRelease();
    }

    /// <summary>A short access; other threads wait for its end.</summary>
    internal readonly ref struct Access(VirtualProcessor processor, bool isNested)
    {
        /// <summary>The processor's descriptor, open until the access ends.</summary>
        internal BorrowedDescriptor Descriptor => new(processor.systemCalls, processor.fd);

        /// <summary>Ends the access.</summary>
        internal void Dispose()
        {
            if (!isNested && processor.gate.LeaveAccess())
            {
                processor.Close();
            }
        }
    }
}
