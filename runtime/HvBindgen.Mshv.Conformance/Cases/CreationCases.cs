using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Partitions and processors are created, initialized and closed.</summary>
internal static unsafe class CreationCases
{
    private const MSHV_PT_FLAGS V2 = MSHV_PT_FLAGS.CPU_AND_XSAVE_FEATURES;
    private const int MostProcessors = 256;

    internal static IEnumerable<ConformanceCase> All() =>
    [
        .. Version1().Cases(), .. Version2().Cases(), .. Processors().Cases(), .. Flags(), .. Unknown(), .. Lifetime(),
    ];

    private static Faults<Argument<mshv_create_partition>> Version1() =>
        new Faults<Argument<mshv_create_partition>>(
            "create partition",
            _ => new(new mshv_create_partition { pt_flags = (ulong)MSHV_PT_FLAGS.LAPIC }),
            (probe, argument) => Created(probe, argument.Try(probe, probe.Device, Hv.MSHV_CREATE_PARTITION)))
            .Add("unreadable", argument => argument.IsUnreadable = true)
            .Add("cut off", argument => argument.IsCutOff = true)
            .Add("unknown flag", argument => argument.Value.pt_flags |= 1 << 6)
            .Add("highest flag", argument => argument.Value.pt_flags |= 1UL << 63)
            .Add("isolation", argument => argument.Value.pt_isolation = 1);

    private static Faults<Argument<mshv_create_partition_v2>> Version2() =>
        new Faults<Argument<mshv_create_partition_v2>>(
            "create partition, version 2",
            _ => new(new mshv_create_partition_v2 { pt_flags = (ulong)(V2 | MSHV_PT_FLAGS.LAPIC), pt_num_cpu_fbanks = 2 }),
            (probe, argument) => Created(probe, argument.Try(probe, probe.Device, Hv.MSHV_CREATE_PARTITION)))
            .Add("unreadable", argument => argument.IsUnreadable = true)
            .Add("cut off", argument => argument.IsCutOff = true)
            .Add("unknown flag", argument => argument.Value.pt_flags |= 1 << 6)
            .Add("isolation", argument => argument.Value.pt_isolation = 1)
            .Add("one bank", argument => argument.Value.pt_num_cpu_fbanks = 1)
            .Add("three banks", argument => argument.Value.pt_num_cpu_fbanks = 3)
            .Add("reserved", argument => argument.Value.pt_rsvd[0] = 1)
            .Add("reserved at the end", argument => argument.Value.pt_rsvd1[1] = 1)
            .Add("features disabled", argument => argument.Value.pt_cpu_fbanks[0] = 1 << 20);

    private static Faults<Argument<mshv_create_vp>> Processors() =>
        new Faults<Argument<mshv_create_vp>>(
            "create processor",
            probe => new(new mshv_create_vp { vp_index = 0 }, probe.Partition),
            (probe, argument) => Created(probe, argument.Try(probe, argument.Fd, Hv.MSHV_CREATE_VP)))
            .Add("unreadable", argument => argument.IsUnreadable = true)
            .Add("cut off", argument => argument.IsCutOff = true)
            .Add("partition not initialized", (probe, argument) => argument.Fd = probe.NewPartition())
            .Add("index 256", argument => argument.Value.vp_index = MostProcessors)
            .Add("largest index", argument => argument.Value.vp_index = uint.MaxValue);

    private static CaseList Flags()
    {
        CaseList cases = [];
        MSHV_PT_FLAGS[] choices = [default, MSHV_PT_FLAGS.LAPIC, MSHV_PT_FLAGS.GPA_SUPER_PAGES, MSHV_PT_FLAGS.SMT_ENABLED_GUEST];
        foreach (MSHV_PT_FLAGS flags in choices)
        {
            cases.Add($"create partition: flags {flags}", probe =>
            {
                mshv_create_partition argument = new() { pt_flags = (ulong)flags };
                Created(probe, probe.Try(probe.Device, Hv.MSHV_CREATE_PARTITION, ref argument));
            });
        }

        foreach (bool isVersion2 in (bool[])[false, true])
        {
            string said = isVersion2 ? "and version 2 is said" : "as is said";
            cases.Add($"create partition: only version 1 of the argument is there, {said}", probe =>
            {
                byte* page = probe.NewMemory(2 * Probe.PageBytes);
                Probe.Protect(page + Probe.PageBytes, Probe.PageBytes, 0);
                mshv_create_partition* argument = (mshv_create_partition*)(page + Probe.PageBytes - sizeof(mshv_create_partition));
                argument->pt_flags = (ulong)(MSHV_PT_FLAGS.LAPIC | (isVersion2 ? V2 : 0));
                Created(probe, probe.Try(probe.Device, Hv.MSHV_CREATE_PARTITION, (ulong)argument));
            });
        }

        cases.Add("initialize: twice", probe =>
        {
            int partition = probe.NewPartition();
            probe.Try(partition, Hv.MSHV_INITIALIZE_PARTITION, 0);
            probe.Try(partition, Hv.MSHV_INITIALIZE_PARTITION, 0);
        });
        cases.Add("initialize: any argument", probe => probe.Try(probe.NewPartition(), Hv.MSHV_INITIALIZE_PARTITION, Probe.BadAddress));
        cases.Add("create processor: twice", probe =>
        {
            mshv_create_vp argument = new() { vp_index = 3 };
            Created(probe, probe.Try(probe.Partition, Hv.MSHV_CREATE_VP, ref argument));
            Created(probe, probe.Try(probe.Partition, Hv.MSHV_CREATE_VP, ref argument));
        });
        cases.Add("create processor: again after it was closed", probe =>
        {
            probe.Close(probe.NewProcessor(probe.Partition, 3));
            mshv_create_vp argument = new() { vp_index = 3 };
            Created(probe, probe.Try(probe.Partition, Hv.MSHV_CREATE_VP, ref argument));
        });
        cases.Add("create processor: indices with gaps", probe =>
        {
            foreach (uint index in (uint[])[255, 7, 0])
            {
                mshv_create_vp argument = new() { vp_index = index };
                Created(probe, probe.Try(probe.Partition, Hv.MSHV_CREATE_VP, ref argument));
            }
        });
        return cases;
    }

    private static CaseList Unknown()
    {
        CaseList cases = [];
        (string, Func<Probe, int>)[] kinds =
        [
            ("device", p => p.Device), ("partition", p => p.Partition), ("processor", p => GuestCode.Load(p, GuestCode.Leave)),
        ];
        (string, uint)[] requests =
        [
            ("unknown number", 0xb8ff), ("a run of another size", Hv.MSHV_RUN_VP ^ (1 << 16)),
            ("a processor's creation of another size", Hv.MSHV_CREATE_VP ^ (1 << 16)),
            ("a partition's creation that reads", Hv.MSHV_CREATE_PARTITION ^ (1u << 31)), ("another driver's", 0xae00), ("number 0", 0),
            ("partition's creation", Hv.MSHV_CREATE_PARTITION),
            ("processor's creation", Hv.MSHV_CREATE_VP), ("memory", Hv.MSHV_SET_GUEST_MEMORY), ("run", Hv.MSHV_RUN_VP),
            ("state", Hv.MSHV_GET_VP_STATE), ("event", Hv.MSHV_IRQFD), ("hypercall", Hv.MSHV_ROOT_HVCALL),
        ];
        foreach ((string kind, Func<Probe, int> descriptor) in kinds)
        {
            foreach ((string what, uint request) in requests)
            {
                cases.Add($"request to the {kind}: {what}, unreadable", probe => probe.Try(descriptor(probe), request, Probe.BadAddress));
            }

            cases.Add($"map the {kind}: a page", probe => probe.TryMapPage(descriptor(probe), 0));
            cases.Add($"map the {kind}: page 3", probe => probe.TryMapPage(descriptor(probe), 3 * 4096));
        }
        return cases;
    }

    private static CaseList Lifetime()
    {
        CaseList cases = [];
        cases.Add("lifetime: the device is closed before its partition is used", probe =>
        {
            int partition = probe.NewPartition();
            probe.Close(probe.Device);
            probe.Try(partition, Hv.MSHV_INITIALIZE_PARTITION, 0);
        });
        cases.Add("lifetime: a processor goes on when its partition is closed", probe =>
        {
            int processor = probe.Processor;
            _ = GuestCode.Load(probe, [0xe6, 0x10, 0xf4]);
            probe.Close(probe.Partition);
            probe.Runs.Try(processor);
        });
        cases.Add("lifetime: a processor's page outlives every descriptor", LastPage);
        cases.Add("lifetime: a hundred partitions come and go", probe =>
        {
            for (int i = 0; i < 100; i++)
            {
                int partition = probe.NewPartition();
                Probe.Require(probe.Request(partition, Hv.MSHV_INITIALIZE_PARTITION, 0));
                _ = probe.NewProcessor(partition, 0);
                probe.Close(partition);
            }

            probe.Note("done");
        });
        cases.Add("lifetime: memory is given back before the partition is closed", probe =>
        {
            byte* memory = probe.NewMemory(0x200000);
            probe.Note(probe.MapGuest(0x400000, 0x200000, memory));
            probe.Unmap(memory, 0x200000);
            probe.Close(probe.Partition);
            probe.Note("closed");
        });
        return cases;
    }

    private static void LastPage(Probe probe)
    {
        int processor = probe.Processor;
        byte* page = probe.TryMapPage(processor, 0);
        probe.Close(processor);
        probe.Close(probe.Partition);
        hv_vp_register_page* registers = (hv_vp_register_page*)page;
        probe.Note("version", registers->version);
        probe.Unmap(page, Probe.PageBytes);
        probe.Note("unmapped");
    }

    private static void Created(Probe probe, IoctlResult result)
    {
        if (result.IsSuccess)
        {
            _ = probe.Kept(result.Value);
        }
    }
}
