using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Signals at each point of a run, of every kind, and requests that wait for a run's end.</summary>
internal static unsafe class SignalCases
{
    private const int Urgent = 23; // SIGURG: nothing comes of it
    private const ulong Flag = 0x6000;
    private const int Ports = 0x60;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    // mov eax, [flag]; test eax, eax; jz: until the process sets the flag. Then a port.
    private static byte[] WaitForFlag => [.. GuestCode.Read((uint)Flag), 0x85, 0xc0, 0x74, 0xf7, .. GuestCode.Leave];

    internal static IEnumerable<ConformanceCase> All() => [.. Disturbed(), .. Kinds(), .. Waiting()];

    private static CaseList Disturbed()
    {
        CaseList cases = [];
        cases.Add("signals: at any time of many runs, and no port is lost", probe =>
        {
            // again: inc eax; out 0x10, al; jmp again
            int processor = GuestCode.Load(probe, [0x40, .. GuestCode.Leave, 0xeb, 0xfb]);
            probe.Registers.Set(processor, hv_register_name.HV_X64_REGISTER_RAX, 0);
            probe.Runs.TryDisturbed(processor, Ports);
        });
        cases.Add("signals: at any time, and all memory is faulted in", probe =>
        {
            const uint Start = 0x1000000;
            const int Regions = 24;
            List<byte> code = [.. GuestCode.Load(0x11)];
            byte* memory = probe.NewMemory(Regions * Probe.PageBytes);
            for (uint region = 0; region < Regions; region++)
            {
                uint gpa = Start + (region * 0x10000);
                code.AddRange(GuestCode.Write(gpa));
                Probe.Require(probe.MapGuest(gpa, Probe.PageBytes, memory + (region * Probe.PageBytes)));
            }

            probe.Runs.TryDisturbed(GuestCode.Load(probe, [.. code, .. GuestCode.Leave]), 1);
            probe.Note("written", (ulong)Enumerable.Range(0, Regions).Count(region => memory[region * (int)Probe.PageBytes] == 0x11));
        });
        return cases;
    }

    private static CaseList Kinds()
    {
        CaseList cases = [];
        cases.Add("signals: one before the run does not end it", probe =>
        {
            int processor = GuestCode.Load(probe, GuestCode.Leave);
            using StartedRequest run = new(() =>
            {
                _ = KickSignal.TrySend(KickSignal.CurrentThread());
                mshv_run_vp argument = default;
                return probe.Request(processor, Hv.MSHV_RUN_VP, ref argument);
            });
            run.HasEndedWithin(Long);
            probe.Note(run.Result);
        });
        cases.Add("signals: one that is blocked does not end a run", probe =>
            Undisturbed(probe, run => run.Send(KickSignal.Number), blocksSignals: true));
        cases.Add("signals: one that nobody wants does not end a run", probe => Undisturbed(probe, run => run.Send(Urgent)));
        cases.Add("signals: one whose handler lets calls go on ends a run", probe =>
        {
            int number = KickSignal.Number + 1;
            nint handler = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(KickSignal).Assembly, null), "ntohl");
            _ = CLibrary.Signal(number, handler);
            using (StartedRequest run = probe.Runs.Start(GuestCode.Load(probe, [0xeb, 0xfe])))
            {
                run.EndBySignals(number);
                probe.Note(run.Result);
            }

            _ = CLibrary.Signal(number, 0);
        });
        return cases;
    }

    private static CaseList Waiting()
    {
        CaseList cases = [];
        cases.Add("signals: a second run of the processor waits for the first, whatever signals come", probe =>
        {
            int processor = GuestCode.Load(probe, [0xeb, 0xfe]);
            using StartedRequest first = probe.Runs.Start(processor);
            _ = first.HasEndedWithin(probe.Slowed(Short));
            using StartedRequest second = probe.Runs.Start(processor);
            for (int signals = 0; signals < 10 && !second.HasEndedWithin(probe.Slowed(Short / 10)); signals++)
            {
                second.Send(KickSignal.Number);
            }

            probe.Note(second.HasEndedWithin(default) ? "ended" : "waits");
            first.EndBySignals();
            probe.Note(first.Result);
            second.EndBySignals();
            probe.Note(second.Result);
        });
        (string, TimeSpan, Func<Probe, int, IoctlResult>)[] requests =
        [
            ("state", Short * 3, (probe, processor) =>
            {
                mshv_get_set_vp_state argument = new()
                {
                    type = (byte)Hv.MSHV_VP_STATE_LAPIC,
                    buf_sz = (uint)Probe.PageBytes,
                    buf_ptr = (ulong)probe.NewMemory(Probe.PageBytes),
                };
                return probe.Request(processor, Hv.MSHV_GET_VP_STATE, ref argument);
            }),
            ("a hypercall of the processor", Short * 3, (probe, processor) => Registers(probe, processor)),
            ("an unknown request", Short * 3, (probe, processor) => probe.Request(processor, 0xb8ff, 0)),
            ("a hypercall of the partition", Long, (probe, _) => Registers(probe, probe.Partition)),
        ];
        foreach ((string name, TimeSpan patience, Func<Probe, int, IoctlResult> make) in requests)
        {
            cases.Add($"while a processor runs: {name}", probe =>
            {
                int processor = GuestCode.Load(probe, [0xeb, 0xfe]);
                using StartedRequest run = probe.Runs.Start(processor);
                _ = run.HasEndedWithin(probe.Slowed(Short));
                using StartedRequest other = new(() => make(probe, processor));
                bool hasEnded = other.HasEndedWithin(probe.Slowed(patience));
                probe.Note(hasEnded ? "goes on" : "waits");
                run.EndBySignals();
                probe.Note(run.Result);
                _ = other.HasEndedWithin(Long);
                probe.Note(other.Result);
            });
        }

        return cases;
    }

    private static IoctlResult Registers(Probe probe, int fd)
    {
        Span<byte> input = stackalloc byte[hv_input_get_vp_registers.AllocationSize(1)];
        input.Clear();
        hv_input_get_vp_registers.names(input)[0] = (uint)hv_register_name.HV_X64_REGISTER_RFLAGS;
        Span<byte> output = stackalloc byte[sizeof(hv_register_value)];
        return probe.Hypercalls.Make(fd, Hv.HVCALL_GET_VP_REGISTERS, input, output, 1, out _);
    }

    // The guest waits for the process, and a run that signals end would not live to see it.
    private static void Undisturbed(Probe probe, Action<StartedRequest> signal, bool blocksSignals = false)
    {
        int processor = GuestCode.Load(probe, WaitForFlag);
        using StartedRequest run = probe.Runs.Start(processor, blocksSignals);
        for (int signals = 0; signals < 4 && !run.HasEndedWithin(probe.Slowed(Short / 4)); signals++)
        {
            signal(run);
        }

        *(uint*)(probe.Ram + Flag) = 1;
        probe.Note(run.HasEndedWithin(Long) ? "ended" : "goes on");
        probe.Note(run.Result);
    }
}
