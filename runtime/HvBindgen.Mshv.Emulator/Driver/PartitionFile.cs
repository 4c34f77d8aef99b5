using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Driver;

/// <summary>A partition's descriptor. One request at a time, as in the driver.</summary>
internal sealed class PartitionFile(DescriptorTable descriptors, VirtualPartition partition) : EmulatedFile, RootHypercall.ITarget
{
    private readonly GuestMemoryRequests memory = new(partition);
    private readonly AccessBitmap accessBitmap = new(partition.Memory);
    private readonly InterruptEvents interruptEvents = new(descriptors, partition);
    private readonly InterruptRoutes routes = new(partition.Interrupts);
    private readonly Doorbells doorbells = new(descriptors, partition);
    private readonly Lock mutex = new();

    public ulong PartitionId => partition.Id;

    internal override IoctlResult Ioctl(uint request, ulong argument)
    {
        lock (mutex)
        {
            return request switch
            {
                Hv.MSHV_INITIALIZE_PARTITION => Answer(Initialize()),
                Hv.MSHV_SET_GUEST_MEMORY => Answer(memory.Set(argument)),
                Hv.MSHV_IRQFD => Answer(interruptEvents.Set(argument)),
                Hv.MSHV_IOEVENTFD => Answer(doorbells.Set(argument)),
                Hv.MSHV_SET_MSI_ROUTING => Answer(routes.Set(argument)),
                Hv.MSHV_GET_GPAP_ACCESS_BITMAP => Answer(accessBitmap.Get(argument)),
                Hv.MSHV_CREATE_VP => CreateProcessor(argument),
                Hv.MSHV_ROOT_HVCALL => Answer(RootHypercall.Handle(this, argument)),
                _ => IoctlResult.Failure(Errno.ENOTTY),
            };
        }
    }

    public bool Allows(int code) => RootHypercall.IsAllowedOnPartition(code);

    public int Execute(int code, ref HypercallFrame frame) => partition.Hypercalls.Execute(code, ref frame);

    private protected override void OnReleased()
    {
        // Its events end at once, whatever still runs.
        interruptEvents.RemoveAll();
        doorbells.RemoveAll();
        partition.Release();
    }

    private int Initialize() => partition.IsInitialized ? 0 : StatusErrno.Of(partition.Initialize());

    private IoctlResult CreateProcessor(ulong argument)
    {
        if (!UserMemory.TryRead(argument, out mshv_create_vp create))
        {
            return IoctlResult.Failure(Errno.EFAULT);
        }

        if (create.vp_index >= VirtualPartition.MaxProcessors)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        if (partition.FindProcessor(create.vp_index) is not null)
        {
            return IoctlResult.Failure(Errno.EEXIST);
        }

        // The descriptor first: a processor that is there stays.
        int errno = DescriptorTable.Reserve(out int fd);
        if (errno != 0)
        {
            return IoctlResult.Failure(errno);
        }

        int status = partition.CreateProcessor(create.vp_index, out VirtualCpu? processor, out errno);
        if (processor is null)
        {
            DescriptorTable.Free(fd);
            return IoctlResult.Failure(status != Hv.HV_STATUS_SUCCESS ? StatusErrno.Of(status) : errno);
        }

        partition.AddReference();
        return descriptors.Install(fd, new VpFile(partition, processor));
    }
}
