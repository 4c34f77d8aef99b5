using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>A processor runs, stops, is stopped by signals, and goes on.</summary>
internal static unsafe class RunCases
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    internal static IEnumerable<ConformanceCase> All() => [.. Stops(), .. Signals(), .. Time()];

    private static CaseList Stops()
    {
        CaseList cases = [];
        cases.Add("run: a port", probe => probe.Runs.Try(GuestCode.Load(probe, [.. GuestCode.Load(0x41), .. GuestCode.Leave])));
        cases.Add("run: again without moving on", probe =>
        {
            int processor = GuestCode.Load(probe, GuestCode.Leave);
            probe.Runs.Try(processor);
            probe.Runs.Try(processor);
        });
        cases.Add("run: behind the port", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.Leave, 0xe4, 0x20]);
            probe.Runs.Try(processor);
            probe.Runs.Skip(processor, 2);
            probe.Runs.Try(processor);
        });
        cases.Add("run: a port's value", probe =>
        {
            int processor = GuestCode.Load(probe, [0xe4, 0x20, .. GuestCode.Leave]);
            probe.Runs.Try(processor);
            probe.Registers.Set(processor, hv_register_name.HV_X64_REGISTER_RAX, 0x99);
            probe.Runs.Skip(processor, 2);
            probe.Runs.Try(processor);
        });
        cases.Add("run: device memory, read", probe =>
            probe.Runs.Try(GuestCode.Load(probe, GuestCode.Read(0xd0000000))));
        cases.Add("run: device memory, written", probe =>
            probe.Runs.Try(GuestCode.Load(probe, GuestCode.Write(0xd0000000))));
        cases.Add("run: code where no memory is", probe => probe.Runs.Try(GuestCode.Load(probe, GuestCode.Jump(0x2000000))));
        cases.Add("run: an argument that cannot be written", probe =>
            probe.Try(GuestCode.Load(probe, GuestCode.Leave), Hv.MSHV_RUN_VP, Probe.BadAddress));
        cases.Add("run: an argument that cannot be written to its end", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.Leave, .. GuestCode.Leave]);
            byte* memory = probe.NewMemory(2 * Probe.PageBytes);
            Probe.Protect(memory + Probe.PageBytes, Probe.PageBytes, 0);
            probe.Try(processor, Hv.MSHV_RUN_VP, (ulong)memory + Probe.PageBytes - 8);
            probe.Runs.Skip(processor, 2);
            probe.Runs.Try(processor);
        });
        cases.Add("run: halted without an APIC", probe =>
        {
            int partition = probe.NewPartition(MSHV_PT_FLAGS.GPA_SUPER_PAGES);
            Probe.Require(probe.Request(partition, Hv.MSHV_INITIALIZE_PARTITION, 0));
            byte* memory = probe.NewMemory(0x10000);
            memory[GuestCode.CodeGpa] = 0xf4;
            Probe.Require(probe.MapGuest(partition, 0, 0x10000, memory, MSHV_SET_MEM_FLAGS.WRITABLE | MSHV_SET_MEM_FLAGS.EXECUTABLE));
            int processor = probe.NewProcessor(partition, 0);
            GuestCode.Start(probe, processor, GuestCode.CodeGpa);
            probe.Runs.Try(processor);
        });
        return cases;
    }

    private static CaseList Signals()
    {
        CaseList cases = [];
        cases.Add("run: a signal ends a loop", probe =>
            probe.Runs.TryInterrupted(GuestCode.Load(probe, [0xeb, 0xfe]), Short));
        cases.Add("run: a signal ends a halt", probe => probe.Runs.TryInterrupted(GuestCode.Load(probe, [0xf4]), Short));
        cases.Add("run: two signals, and then a port", probe =>
        {
            // mov eax, [0x6000]; test eax, eax; jz; out
            int processor = GuestCode.Load(probe, [.. GuestCode.Read(0x6000), 0x85, 0xc0, 0x74, 0xf7, .. GuestCode.Leave]);
            probe.Runs.TryInterrupted(processor, Short);
            probe.Runs.TryInterrupted(processor, Short);
            *(uint*)(probe.Ram + 0x6000) = 1;
            probe.Runs.Try(processor);
        });
        cases.Add("run: registers after a signal", probe =>
        {
            int processor = GuestCode.Load(probe, [0xeb, 0xfe]);
            probe.Runs.TryInterrupted(processor, Short);
            probe.Note("rip", probe.Registers.Get(processor, hv_register_name.HV_X64_REGISTER_RIP));
            probe.Registers.Set(processor, hv_register_name.HV_X64_REGISTER_RIP, GuestCode.CodeGpa);
            probe.Runs.TryInterrupted(processor, Short);
        });
        cases.Add("run: not suspended by an intercept when a signal ended it", probe =>
        {
            int processor = GuestCode.Load(probe, [0xeb, 0xfe]);
            probe.Runs.TryInterrupted(processor, Short);
            probe.Note("intercept", probe.Registers.Get(processor, hv_register_name.HV_REGISTER_INTERCEPT_SUSPEND));
        });
        cases.Add("run: suspended by an intercept", probe =>
        {
            int processor = GuestCode.Load(probe, GuestCode.Leave);
            probe.Note("explicit", probe.Registers.Get(processor, hv_register_name.HV_REGISTER_EXPLICIT_SUSPEND));
            probe.Runs.Try(processor);
            probe.Note("explicit", probe.Registers.Get(processor, hv_register_name.HV_REGISTER_EXPLICIT_SUSPEND));
            probe.Note("intercept", probe.Registers.Get(processor, hv_register_name.HV_REGISTER_INTERCEPT_SUSPEND));
        });
        return cases;
    }

    private static CaseList Time()
    {
        CaseList cases = [];
        cases.Add("run: no processor runs while time stands still", probe =>
        {
            int processor = GuestCode.Load(probe, GuestCode.Leave);
            HypercallCases.SetProperty(probe, probe.Partition, hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 1);
            probe.Runs.TryInterrupted(processor, Short);
            HypercallCases.SetProperty(probe, probe.Partition, hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 0);
            probe.Runs.Try(processor);
        });
        cases.Add("run: other requests go on while a processor runs", probe =>
        {
            int processor = GuestCode.Load(probe, [0xeb, 0xfe]);
            probe.Runs.TryInterrupted(processor, Short, () => probe.Note(probe.MapGuest(0x1000000, 4096, probe.NewMemory(4096))));
        });
        return cases;
    }
}
