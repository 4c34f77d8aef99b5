using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Descriptors of the driver that there are two of: duplicates, and those that a child of the process has.</summary>
internal static unsafe class DescriptorCases
{
    private const ulong Page = Probe.PageBytes;
    private const uint Base = 0x1000000;
    private const MSHV_SET_MEM_FLAGS Writable = MSHV_SET_MEM_FLAGS.WRITABLE;

    internal static IEnumerable<ConformanceCase> All() => [.. Duplicates(), .. Children()];

    private static CaseList Duplicates()
    {
        CaseList cases = [];
        cases.Add("duplicate of the device: it creates a partition when the first is closed", probe =>
        {
            int duplicate = probe.Duplicate(probe.Device);
            probe.Close(probe.Device);
            mshv_create_partition argument = new() { pt_flags = (ulong)MSHV_PT_FLAGS.LAPIC };
            Kept(probe, probe.Try(duplicate, Hv.MSHV_CREATE_PARTITION, ref argument));
        });
        cases.Add("duplicate of a partition: one initializes, the other creates a processor", probe =>
        {
            int partition = probe.NewPartition();
            int duplicate = probe.Duplicate(partition);
            probe.Try(duplicate, Hv.MSHV_INITIALIZE_PARTITION, 0);
            mshv_create_vp argument = default;
            Kept(probe, probe.Try(partition, Hv.MSHV_CREATE_VP, ref argument));
        });
        cases.Add("duplicate of a partition: it takes memory when the first is closed", probe =>
        {
            int duplicate = probe.Duplicate(probe.Partition);
            byte* memory = probe.NewMemory(Page);
            probe.Close(probe.Partition);
            probe.Note(probe.MapGuest(duplicate, Base, Page, memory, Writable));
            probe.Note(probe.MapGuest(duplicate, Base, Page, memory, MSHV_SET_MEM_FLAGS.UNMAP));
        });
        cases.Add("duplicate of a processor: both run it", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.Leave, .. GuestCode.Leave]);
            int duplicate = probe.Duplicate(processor);
            probe.Runs.Try(duplicate);
            probe.Runs.Skip(processor, 2);
            probe.Runs.Try(processor);
        });
        cases.Add("duplicate of a processor: it runs when the first is closed", probe =>
        {
            int processor = GuestCode.Load(probe, GuestCode.Leave);
            int duplicate = probe.Duplicate(processor);
            probe.Close(processor);
            probe.Runs.Try(duplicate);
        });
        cases.Add("duplicate of a processor: its register page", probe =>
            probe.TryMapPage(probe.Duplicate(probe.Processor), 0));
        return cases;
    }

    private static CaseList Children()
    {
        CaseList cases = [];
        cases.Add("child: it initializes a partition, whose processor the parent creates", probe =>
        {
            int partition = probe.NewPartition();
            probe.Child.Try(partition, Hv.MSHV_INITIALIZE_PARTITION, null);
            mshv_create_vp argument = default;
            Kept(probe, probe.Try(partition, Hv.MSHV_CREATE_VP, ref argument));
        });
        cases.Add("child: it maps memory, which the guest reads and the parent unmaps", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.Read(Base), .. GuestCode.Leave]);
            byte* memory = probe.NewMemory(Page);
            *memory = 0x5a;
            mshv_user_mem_region region = new()
            {
                size = Page,
                guest_pfn = Base / Page,
                userspace_addr = (ulong)memory,
                flags = (byte)Writable,
            };
            probe.Child.Try(probe.Partition, Hv.MSHV_SET_GUEST_MEMORY, in region);
            probe.Runs.Try(processor);
            probe.Note(probe.MapGuest(probe.Partition, Base, Page, memory, MSHV_SET_MEM_FLAGS.UNMAP));
        });
        cases.Add("child: it unmaps the parent's memory", probe =>
        {
            byte* memory = probe.NewMemory(Page);
            Probe.Require(probe.MapGuest(Base, Page, memory));
            mshv_user_mem_region region = new()
            {
                size = Page,
                guest_pfn = Base / Page,
                userspace_addr = (ulong)memory,
                flags = (byte)MSHV_SET_MEM_FLAGS.UNMAP,
            };
            probe.Child.Try(probe.Partition, Hv.MSHV_SET_GUEST_MEMORY, in region);
            probe.Note(probe.MapGuest(probe.Partition, Base, Page, memory, MSHV_SET_MEM_FLAGS.UNMAP));
        });
        cases.Add("child: it runs a processor, and then its parent does", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.Leave, .. GuestCode.Leave]);
            mshv_run_vp run = default;
            probe.Child.Try(processor, Hv.MSHV_RUN_VP, in run);
            probe.Runs.Skip(processor, 2);
            probe.Runs.Try(processor);
        });
        cases.Add("child: it reads a processor's state", probe =>
        {
            mshv_get_set_vp_state state = new()
            {
                type = (byte)Hv.MSHV_VP_STATE_SYNTHETIC_TIMERS,
                buf_sz = (uint)Page,
                buf_ptr = (ulong)probe.NewMemory(Page),
            };
            probe.Child.Try(probe.Processor, Hv.MSHV_GET_VP_STATE, in state);
        });
        cases.Add("child: what it has of the descriptors ends with it, and the parent's go on", probe =>
        {
            int processor = GuestCode.Load(probe, GuestCode.Leave);
            probe.Child.Try(probe.ClosedDescriptor(), Hv.MSHV_RUN_VP, null);
            probe.Runs.Try(processor);
        });
        cases.Add("child: it ends while the parent's guest has memory", probe =>
        {
            byte[] write = [.. GuestCode.Write(Base), .. GuestCode.Leave];
            byte[] read = [.. GuestCode.Read(Base), .. GuestCode.Leave];
            int processor = GuestCode.Load(probe, [.. write, .. read]);
            byte* memory = probe.NewMemory(Page);
            Probe.Require(probe.MapGuest(Base, Page, memory));
            probe.Runs.Try(processor);
            probe.Child.Try(probe.ClosedDescriptor(), Hv.MSHV_RUN_VP, null);
            *memory = 0x77;
            probe.Runs.Skip(processor, 2);
            probe.Runs.Try(processor);
        });
        return cases;
    }

    private static void Kept(Probe probe, IoctlResult result)
    {
        if (result.IsSuccess)
        {
            _ = probe.Kept(result.Value);
        }
    }
}
