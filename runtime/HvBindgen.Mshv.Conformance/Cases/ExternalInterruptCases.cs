using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>The interrupt of an external controller: it waits, is replaced, taken back, taken by the guest, and cleared.</summary>
internal static unsafe class ExternalInterruptCases
{
    private const uint First = 0x40;
    private const uint Second = 0x41;
    private const ulong Flag = 0x6000;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    internal static IEnumerable<ConformanceCase> All() => [.. Waiting(), .. Taken(), .. Arguments()];

    private static CaseList Waiting()
    {
        CaseList cases = [];
        cases.Add("external interrupt: taken back though none waits", probe =>
        {
            _ = probe.Processor;
            Assert(probe, Hv.HV_INTERRUPT_VECTOR_NONE);
        });
        cases.Add("external interrupt: waits, and nothing is to be cleared", probe =>
        {
            int processor = Closed(probe);
            Assert(probe, First);
            probe.Runs.TryInterrupted(processor, Short);
            Clear(probe);
            Open(probe);
            probe.Runs.Try(processor);
            Clear(probe);
        });
        cases.Add("external interrupt: taken back before the guest takes it", probe =>
        {
            int processor = Closed(probe);
            Assert(probe, First);
            probe.Runs.TryInterrupted(processor, Short);
            Assert(probe, Hv.HV_INTERRUPT_VECTOR_NONE);
            Open(probe);
            probe.Runs.TryInterrupted(processor, Short);
            Clear(probe);
        });
        cases.Add("external interrupt: a second takes its place", probe =>
        {
            int processor = Closed(probe);
            Assert(probe, First);
            Assert(probe, Second);
            Open(probe);
            probe.Runs.Try(processor);
        });
        return cases;
    }

    private static CaseList Taken()
    {
        CaseList cases = [];
        cases.Add("external interrupt: a second before the first is cleared", probe =>
        {
            Take(probe);
            Assert(probe, Second);
            Clear(probe);
            Assert(probe, Second);
        });
        cases.Add("external interrupt: taken back after the guest took it", probe =>
        {
            Take(probe);
            Assert(probe, Hv.HV_INTERRUPT_VECTOR_NONE);
        });
        cases.Add("external interrupt: cleared twice", probe =>
        {
            Take(probe);
            Clear(probe);
            Clear(probe);
        });
        return cases;
    }

    private static CaseList Arguments()
    {
        CaseList cases = [];
        (string, hv_interrupt_type, uint, ulong)[] assertions =
        [
            ("fixed, to a processor that is not there", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, First, 9),
            ("fixed, to all", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, First, 0xff),
            ("fixed, without a vector", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, Hv.HV_INTERRUPT_VECTOR_NONE, 0),
            ("lowest priority", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_LOWESTPRIORITY, First, 0),
            ("NMI", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_NMI, 0, 0),
            ("NMI with a vector", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_NMI, First, 0),
            ("NMI to a processor that is not there", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_NMI, 0, 9),
            ("INIT with a vector", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_INIT, First, 1),
            ("start to a processor that is not there", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_SIPI, 1, 9),
            ("external, vector 256", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT, 256, 0),
        ];
        foreach ((string name, hv_interrupt_type type, uint vector, ulong destination) in assertions)
        {
            cases.Add($"interrupt: {name}", probe =>
            {
                _ = probe.Processor;
                _ = probe.NewProcessor(probe.Partition, 1);
                Assert(probe, vector, type, destination);
            });
        }

        cases.Add("interrupt: external, without a processor", probe => Assert(probe, First));
        return cases;
    }

    private static void Take(Probe probe)
    {
        int processor = Closed(probe);
        Assert(probe, First);
        Open(probe);
        probe.Runs.Try(processor);
    }

    // A guest that lets external interrupts through its APIC, and takes none before the process sets a flag.
    private static int Closed(Probe probe)
    {
        byte[] external = [0xc7, 0x05, 0x50, 0x03, 0xe0, 0xfe, 0x00, 0x07, 0, 0]; // mov dword [LINT0], 0x700
        byte[] wait = [.. GuestCode.Read((uint)Flag), 0x85, 0xc0, 0x74, 0xf7];
        int processor = GuestCode.Load(probe, [.. GuestCode.EnableApic, .. external, .. wait, .. GuestCode.WaitForInterrupt]);
        GuestCode.Handle(probe, GuestCode.Leave);

        // The second's handler leaves by another port.
        const uint SecondHandler = GuestCode.HandlerGpa + 0x40;
        *(ushort*)(probe.Ram + SecondHandler) = 0x20e6;
        *(ushort*)(probe.Ram + GuestCode.InterruptTableGpa + (8 * Second)) = (ushort)SecondHandler;
        probe.Runs.TryInterrupted(processor, Short);
        return processor;
    }

    private static void Open(Probe probe) => *(uint*)(probe.Ram + Flag) = 1;

    private static void Assert(
        Probe probe,
        uint vector,
        hv_interrupt_type type = hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT,
        ulong destination = 0)
    {
        hv_input_assert_virtual_interrupt input = new() { vector = vector, dest_addr = destination };
        input.control.interrupt_type = (uint)type;
        probe.Hypercalls.Try(
            probe.Partition,
            Hv.HVCALL_ASSERT_VIRTUAL_INTERRUPT,
            MemoryMarshal.AsBytes(new ReadOnlySpan<hv_input_assert_virtual_interrupt>(in input)),
            []);
    }

    private static void Clear(Probe probe) =>
        probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_CLEAR_VIRTUAL_INTERRUPT, new byte[8], []);
}
