using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Tests.Fakes;

/// <content>Requests, with the checks of the driver that matter here.</content>
internal sealed unsafe partial class FakeSystemCalls
{
    public bool KnowsFeatures { get; set; } = true;

    public Abi.X64.mshv_create_partition_v2 LastCreation { get; private set; }

    public mshv_user_mem_region LastRegion { get; private set; }

    public mshv_user_irqfd LastIrqfd { get; private set; }

    public mshv_user_ioeventfd LastDoorbell { get; private set; }

    public mshv_user_irq_entry[] LastRoutes { get; private set; } = [];

    public List<(byte Type, byte Operation, ulong Base, ulong Count)> BitmapRequests { get; } = [];

    public Dictionary<byte, byte[]> States { get; } = [];

    public Dictionary<byte, int> StateErrno { get; } = [];

    private IoctlResult CreatePartition(FakeDescriptor device, Abi.X64.mshv_create_partition_v2* argument)
    {
        bool hasFeatures = (argument->pt_flags & (ulong)MSHV_PT_FLAGS.CPU_AND_XSAVE_FEATURES) != 0;
        ulong known = KnowsFeatures ? (ulong)Constants.MSHV_PT_FLAGS_MASK : 7;
        if ((argument->pt_flags & ~known) != 0 || argument->pt_isolation != 0)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        LastCreation = hasFeatures
            ? *argument
            : new Abi.X64.mshv_create_partition_v2 { pt_flags = argument->pt_flags, pt_isolation = argument->pt_isolation };
        Note($"create 0x{argument->pt_flags:x}");
        return IoctlResult.Success(Add(DescriptorKind.Partition, device, 0).Fd);
    }

    private IoctlResult CreateProcessor(FakeDescriptor partition, mshv_create_vp argument)
    {
        if (argument.vp_index >= 256)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        if (!processors.Add((partition, argument.vp_index)))
        {
            return IoctlResult.Failure(Errno.EEXIST);
        }

        Note($"create vp {argument.vp_index}");
        return IoctlResult.Success(Add(DescriptorKind.Vp, partition, argument.vp_index).Fd);
    }

    private IoctlResult SetMemory(mshv_user_mem_region argument)
    {
        if (argument.size == 0 || argument.size % 4096 != 0 || argument.userspace_addr % 4096 != 0 || argument.flags > 7)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        LastRegion = argument;
        return Done($"memory 0x{argument.guest_pfn:x} 0x{argument.size:x} flags {argument.flags}");
    }

    private IoctlResult SetIrqfd(mshv_user_irqfd argument)
    {
        if (argument.flags > 3)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        LastIrqfd = argument;
        return Done($"irqfd {argument.gsi} flags {argument.flags}");
    }

    private IoctlResult SetDoorbell(mshv_user_ioeventfd argument)
    {
        if (argument.flags > 7)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        LastDoorbell = argument;
        return Done($"doorbell 0x{argument.addr:x} len {argument.len} flags {argument.flags}");
    }

    private IoctlResult SetRoutes(mshv_user_irq_table* argument)
    {
        if (argument->nr > 4096)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        LastRoutes = View<mshv_user_irq_entry>((ulong)mshv_user_irq_table.entries(argument), (int)argument->nr).ToArray();
        return Done($"routes {argument->nr}");
    }

    private IoctlResult GetBitmap(mshv_gpap_access_bitmap argument)
    {
        if (argument.access_type >= 2 || argument.access_op >= 3 || argument.page_count == 0)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        // All ones, with the stray bits past the end that the real driver was seen to give.
        BitmapRequests.Add((argument.access_type, argument.access_op, argument.gpap_base, argument.page_count));
        new Span<byte>((void*)argument.bitmap_ptr, (int)((argument.page_count + 7) / 8)).Fill(0xff);
        return Done("bitmap");
    }

    private IoctlResult GetState(mshv_get_set_vp_state* argument)
    {
        if (argument->type >= 5 || argument->buf_sz == 0 || argument->buf_sz % 4096 != 0 || argument->buf_ptr % 4096 != 0)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        if (StateErrno.TryGetValue(argument->type, out int errno))
        {
            return IoctlResult.Failure(errno);
        }

        byte[] state = States.GetValueOrDefault(argument->type) ?? new byte[4096];
        uint room = argument->buf_sz;
        argument->buf_sz = (uint)state.Length;
        if (state.Length > room)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        state.CopyTo(new Span<byte>((void*)argument->buf_ptr, (int)room));
        return Done($"get state {argument->type}");
    }

    private IoctlResult SetState(mshv_get_set_vp_state* argument)
    {
        if (argument->type >= 5 || argument->buf_sz == 0 || argument->buf_sz % 4096 != 0 || argument->buf_ptr % 4096 != 0)
        {
            return IoctlResult.Failure(Errno.EINVAL);
        }

        States[argument->type] = View<byte>(argument->buf_ptr, (int)argument->buf_sz).ToArray();
        return Done($"set state {argument->type}");
    }
}
