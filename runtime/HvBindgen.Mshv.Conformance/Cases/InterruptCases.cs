using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Events that raise interrupts.</summary>
internal static unsafe class InterruptCases
{
    private const uint Gsi = 0x40;
    private const uint Vector = 0x40;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    internal static IEnumerable<ConformanceCase> All() => [.. Assigning().Cases(), .. TakingBack().Cases(), .. Events(), .. Delivery()];

    private static Faults<Argument<mshv_user_irqfd>> Assigning() => new Faults<Argument<mshv_user_irqfd>>(
        "interrupt event",
        probe => new(new mshv_user_irqfd { fd = probe.NewEvent(), gsi = Gsi }),
        (probe, argument) => argument.Try(probe, probe.Partition, Hv.MSHV_IRQFD))
        .Add("unreadable", argument => argument.IsUnreadable = true)
        .Add("cut off", argument => argument.IsCutOff = true)
        .Add("unknown flag", argument => argument.Value.flags |= 4)
        .Add("closed", (probe, argument) => argument.Value.fd = probe.ClosedDescriptor())
        .Add("no event", (probe, argument) => argument.Value.fd = probe.NewFile())
        .Add("used", (probe, argument) =>
        {
            mshv_user_irqfd first = new() { fd = argument.Value.fd, gsi = 3 };
            _ = probe.Request(probe.Partition, Hv.MSHV_IRQFD, ref first);
        })
        .Add("resampling without a route", (probe, argument) => Resample(argument, probe.NewEvent()))
        .Add("resampling, closed", (probe, argument) => Resample(argument, probe.ClosedDescriptor()))
        .Add("resampling, no event", (probe, argument) => Resample(argument, probe.NewFile()))
        .Add("largest number", argument => argument.Value.gsi = uint.MaxValue);

    private static Faults<Argument<mshv_user_irqfd>> TakingBack() => new Faults<Argument<mshv_user_irqfd>>(
        "interrupt event, taken back",
        probe =>
        {
            mshv_user_irqfd first = new() { fd = probe.NewEvent(), gsi = Gsi };
            Probe.Require(probe.Request(probe.Partition, Hv.MSHV_IRQFD, ref first));
            return new(first with { flags = (uint)MSHV_IRQFD_FLAGS.DEASSIGN });
        },
        (probe, argument) =>
        {
            argument.Try(probe, probe.Partition, Hv.MSHV_IRQFD);
            argument.Value.flags = 0;
            argument.Try(probe, probe.Partition, Hv.MSHV_IRQFD);
        })
        .Add("unknown flag", argument => argument.Value.flags |= 8)
        .Add("closed", (probe, argument) => argument.Value.fd = probe.ClosedDescriptor())
        .Add("no event", (probe, argument) => argument.Value.fd = probe.NewFile())
        .Add("another event", (probe, argument) => argument.Value.fd = probe.NewEvent())
        .Add("by a duplicate", (probe, argument) => argument.Value.fd = probe.Duplicate(argument.Value.fd))
        .Add("another number", argument => argument.Value.gsi = 9)
        .Add("resampling, closed", (probe, argument) =>
        {
            argument.Value.flags |= (uint)MSHV_IRQFD_FLAGS.RESAMPLE;
            argument.Value.resamplefd = probe.ClosedDescriptor();
        });

    private static CaseList Events()
    {
        CaseList cases = [];
        foreach (bool isLevel in (bool[])[false, true])
        {
            cases.Add($"interrupt event: resampling, {(isLevel ? "level" : "edge")} route", probe =>
            {
                Route(probe, isLevel);
                Assign(probe, probe.NewEvent(), MSHV_IRQFD_FLAGS.RESAMPLE, probe.NewEvent());
            });
            cases.Add($"interrupt event: used, resampling, {(isLevel ? "level" : "edge")} route", probe =>
            {
                Route(probe, isLevel);
                int used = probe.NewEvent();
                Assign(probe, used);
                Assign(probe, used, MSHV_IRQFD_FLAGS.RESAMPLE, probe.NewEvent());
            });
        }

        cases.Add("interrupt event: the same event for another number", probe =>
        {
            int used = probe.NewEvent();
            Assign(probe, used);
            Assign(probe, used, gsi: Gsi + 1);
            Assign(probe, probe.Duplicate(used), gsi: Gsi + 1);
        });
        cases.Add("interrupt event: two events for one number", probe =>
        {
            Assign(probe, probe.NewEvent());
            Assign(probe, probe.NewEvent());
        });
        cases.Add("interrupt event: the descriptor is closed, the event lives on in a duplicate", probe =>
        {
            int first = probe.NewEvent();
            int second = probe.Duplicate(first);
            Assign(probe, first);
            probe.Close(first);
            Assign(probe, second);
        });
        cases.Add("interrupt event: the event is gone", probe =>
        {
            int first = probe.NewEvent();
            Assign(probe, first);
            probe.Close(first);
            Assign(probe, probe.NewEvent());
        });
        cases.Add("interrupt event: before the partition is initialized", probe =>
        {
            mshv_user_irqfd argument = new() { fd = probe.NewEvent(), gsi = Gsi };
            probe.Try(probe.NewPartition(), Hv.MSHV_IRQFD, ref argument);
        });
        cases.Add("interrupt event: one event in two partitions", probe =>
        {
            int shared = probe.NewEvent();
            Assign(probe, shared);
            mshv_user_irqfd argument = new() { fd = shared, gsi = Gsi };
            probe.Try(probe.NewPartition(), Hv.MSHV_IRQFD, ref argument);
        });
        return cases;
    }

    private static CaseList Delivery()
    {
        CaseList cases = [];
        cases.Add("interrupt: by event, edge", probe =>
        {
            int raise = Prepared(probe, isLevel: false, resample: -1, GuestCode.Leave);
            Probe.Signal(raise);
            probe.Runs.Try(probe.Processor);
            probe.Note("left in the event", Probe.TakeSignal(raise) ? 1UL : 0);
        });
        cases.Add("interrupt: by event, signalled before it was assigned", probe =>
        {
            _ = GuestCode.Load(probe, [.. GuestCode.EnableApic, .. GuestCode.WaitForInterrupt]);
            GuestCode.Handle(probe, GuestCode.Leave);
            Route(probe, isLevel: false);
            probe.Runs.TryInterrupted(probe.Processor, Short);
            Assign(probe, probe.NewEvent(1));
            probe.Runs.Try(probe.Processor);
        });
        cases.Add("interrupt: by event, while the processor runs", probe =>
        {
            int raise = Prepared(probe, isLevel: false, resample: -1, GuestCode.Leave);
            probe.Runs.TryInterrupted(probe.Processor, TimeSpan.FromSeconds(20), () => Probe.Signal(raise));
        });
        foreach ((string name, uint address, uint data) in ((string, uint, uint)[])
            [("lowest priority", 0xfee00000, Vector | (1 << 8)), ("to a logical destination", 0xfee01004, Vector)])
        {
            cases.Add($"interrupt: by event, {name}", probe =>
            {
                // mov dword [LDR], 1 << 24: the processor's part of logical destinations
                byte[] logical = [0xc7, 0x05, 0xd0, 0x00, 0xe0, 0xfe, 0, 0, 0, 1];
                int processor = GuestCode.Load(probe, [.. GuestCode.EnableApic, .. logical, .. GuestCode.WaitForInterrupt]);
                GuestCode.Handle(probe, GuestCode.Leave);
                RouteCases.Set(probe, probe.Partition, [new() { gsi = 1, address_lo = address, data = data }]);
                int raise = probe.NewEvent();
                Assign(probe, raise, gsi: 1);
                probe.Runs.TryInterrupted(processor, Short);
                Probe.Signal(raise);
                probe.Runs.Try(processor);
            });
        }

        cases.Add("interrupt: by event, routed nowhere below another's route", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.EnableApic, .. GuestCode.WaitForInterrupt]);
            GuestCode.Handle(probe, GuestCode.Leave);
            RouteCases.Set(probe, probe.Partition, [RouteCases.Entry(20, Vector)]);
            int raise = probe.NewEvent();
            Assign(probe, raise, gsi: 10);
            Probe.Signal(raise);
            probe.Runs.TryInterrupted(processor, Short);
            probe.Note("left in the event", Probe.TakeSignal(raise) ? 1UL : 0);
        });
        cases.Add("interrupt: by event, route taken away", probe =>
        {
            int raise = Prepared(probe, isLevel: false, resample: -1, GuestCode.Leave);
            RouteCases.Set(probe, probe.Partition, []);
            Probe.Signal(raise);
            probe.Runs.TryInterrupted(probe.Processor, Short);
        });
        cases.Add("interrupt: by event, taken back", probe =>
        {
            int raise = Prepared(probe, isLevel: false, resample: -1, GuestCode.Leave);
            Assign(probe, raise, MSHV_IRQFD_FLAGS.DEASSIGN);
            Probe.Signal(raise);
            probe.Runs.TryInterrupted(probe.Processor, Short);
            probe.Note("left in the event", Probe.TakeSignal(raise) ? 1UL : 0);
        });
        cases.Add("interrupt: level, its end is told to the event", probe =>
        {
            int resample = probe.NewEvent();
            int raise = Prepared(probe, isLevel: true, resample, [.. GuestCode.EndInterrupt, .. GuestCode.Leave]);
            Probe.Signal(raise);
            probe.Runs.Try(probe.Processor);

            // Some hosts' KVM executes a few instructions more before it reports the end.
            probe.Runs.Try(probe.Processor);
            probe.Note("told", Probe.TakeSignal(resample) ? 1UL : 0);
        });
        cases.Add("interrupt: asserted, a halted processor goes on", probe =>
        {
            int processor = GuestCode.Load(probe, [.. GuestCode.EnableApic, 0xfb, 0xf4, .. GuestCode.Leave]);
            GuestCode.Handle(probe, [0xcf]);
            probe.Runs.TryInterrupted(processor, Short);
            hv_input_assert_virtual_interrupt input = new() { vector = Vector };
            probe.Hypercalls.Try(
                probe.Partition,
                Hv.HVCALL_ASSERT_VIRTUAL_INTERRUPT,
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<hv_input_assert_virtual_interrupt>(in input)),
                []);
            probe.Runs.Try(processor);
        });
        return cases;
    }

    // A guest that has its APIC on and waits, and an event that raises its interrupt.
    private static int Prepared(Probe probe, bool isLevel, int resample, ReadOnlySpan<byte> handler)
    {
        _ = GuestCode.Load(probe, [.. GuestCode.EnableApic, .. GuestCode.WaitForInterrupt]);
        GuestCode.Handle(probe, handler);
        Route(probe, isLevel);
        int raise = probe.NewEvent();
        Assign(probe, raise, resample < 0 ? 0 : MSHV_IRQFD_FLAGS.RESAMPLE, resample);
        probe.Runs.TryInterrupted(probe.Processor, Short);
        return raise;
    }

    private static void Route(Probe probe, bool isLevel)
    {
        // Numbers below the highest that are routed nowhere are the next case's.
        mshv_user_irq_entry[] table = [.. Enumerable.Range(0, (int)Gsi + 1).Select(gsi => RouteCases.Entry((uint)gsi, Vector, isLevel))];
        RouteCases.Set(probe, probe.Partition, table);
    }

    private static void Assign(Probe probe, int fd, MSHV_IRQFD_FLAGS flags = 0, int resample = -1, uint gsi = Gsi)
    {
        mshv_user_irqfd argument = new() { fd = fd, resamplefd = resample, gsi = gsi, flags = (uint)flags };
        probe.Try(probe.Partition, Hv.MSHV_IRQFD, ref argument);
    }

    private static void Resample(Argument<mshv_user_irqfd> argument, int fd)
    {
        argument.Value.flags |= (uint)MSHV_IRQFD_FLAGS.RESAMPLE;
        argument.Value.resamplefd = fd;
    }
}
