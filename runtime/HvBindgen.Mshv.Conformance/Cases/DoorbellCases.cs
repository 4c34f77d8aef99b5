using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Writes of the guest that signal an event.</summary>
internal static class DoorbellCases
{
    private const uint Gpa = 0xd0000000;
    private const MSHV_IOEVENTFD_FLAGS Match = MSHV_IOEVENTFD_FLAGS.DATAMATCH;

    internal static IEnumerable<ConformanceCase> All() =>
    [
        .. Arguments("doorbell", 0).Cases(), .. Arguments("doorbell, taken back", MSHV_IOEVENTFD_FLAGS.DEASSIGN).Cases(), .. Collisions(),
        .. Ringing(),
    ];

    private static Faults<Argument<mshv_user_ioeventfd>> Arguments(string subject, MSHV_IOEVENTFD_FLAGS flags) =>
        new Faults<Argument<mshv_user_ioeventfd>>(
            subject,
            probe =>
            {
                mshv_user_ioeventfd argument = new() { addr = Gpa, len = 4, datamatch = 7, fd = probe.NewEvent(), flags = (uint)Match };
                if (flags != 0)
                {
                    Probe.Require(probe.Request(probe.Partition, Hv.MSHV_IOEVENTFD, ref argument));
                }

                argument.flags |= (uint)flags;
                return new(argument);
            },
            (probe, argument) => argument.Try(probe, probe.Partition, Hv.MSHV_IOEVENTFD))
            .Add("unreadable", argument => argument.IsUnreadable = true)
            .Add("cut off", argument => argument.IsCutOff = true)
            .Add("unknown flag", argument => argument.Value.flags |= 8)
            .Add("reserved", argument => argument.Value.rsvd[3] = 1)
            .Add("of a port", argument => argument.Value.flags |= (uint)MSHV_IOEVENTFD_FLAGS.PIO)
            .Add("length 3", argument => argument.Value.len = 3)
            .Add("length 16", argument => argument.Value.len = 16)
            .Add("address and length wrap", argument => argument.Value.addr = ulong.MaxValue - 1)
            .Add("closed", (probe, argument) => argument.Value.fd = probe.ClosedDescriptor())
            .Add("no event", (probe, argument) => argument.Value.fd = probe.NewFile())
            .Add("another event", (probe, argument) => argument.Value.fd = probe.NewEvent())
            .Add("a duplicate", (probe, argument) => argument.Value.fd = probe.Duplicate(argument.Value.fd))
            .Add("another value", argument => argument.Value.datamatch = 8)
            .Add("any value", argument => argument.Value.flags &= ~(uint)Match);

    private static CaseList Collisions()
    {
        CaseList cases = [];
        (string, uint, ulong, ulong, MSHV_IOEVENTFD_FLAGS)[] seconds =
        [
            ("the same", 4, Gpa, 7, Match), ("another value", 4, Gpa, 8, Match), ("any value", 4, Gpa, 0, 0),
            ("another length", 2, Gpa, 7, Match),
            ("any length", 0, Gpa, 7, Match), ("overlapping", 4, Gpa + 2, 7, Match),
        ];
        foreach ((string name, uint length, ulong address, ulong value, MSHV_IOEVENTFD_FLAGS flags) in seconds)
        {
            cases.Add($"doorbell beside another: {name}", probe =>
            {
                Set(probe, probe.NewEvent(), 4, Gpa, 7, Match);
                Set(probe, probe.NewEvent(), length, address, value, flags);
            });
        }

        foreach (uint length in (uint[])[0, 1, 2, 4, 8])
        {
            cases.Add($"doorbell: length {length}", probe =>
            {
                int fd = probe.NewEvent();
                Set(probe, fd, length, Gpa, 0, 0);
                Set(probe, fd, length, Gpa, 0, MSHV_IOEVENTFD_FLAGS.DEASSIGN);
                Set(probe, fd, length, Gpa, 0, MSHV_IOEVENTFD_FLAGS.DEASSIGN);
            });
        }

        cases.Add("doorbell: one event for two", probe =>
        {
            int fd = probe.NewEvent();
            Set(probe, fd, 4, Gpa, 1, Match);
            Set(probe, fd, 4, Gpa, 2, Match);
        });
        cases.Add("doorbell: before the partition is initialized", probe =>
        {
            mshv_user_ioeventfd argument = new() { addr = Gpa, len = 4, fd = probe.NewEvent() };
            probe.Try(probe.NewPartition(), Hv.MSHV_IOEVENTFD, ref argument);
        });
        return cases;
    }

    private static CaseList Ringing()
    {
        CaseList cases = [];
        (string, uint, ulong, MSHV_IOEVENTFD_FLAGS, uint, uint)[] writes =
        [
            ("any value", 4, 0, 0, Gpa, 5), ("its value", 4, 5, Match, Gpa, 5), ("another value", 4, 6, Match, Gpa, 5),
            ("another length", 2, 0, 0, Gpa, 5), ("any length", 0, 0, 0, Gpa, 5), ("any length, its value", 0, 5, Match, Gpa, 5),
            ("any length, another value", 0, 6, Match, Gpa, 5), ("another address", 4, 0, 0, Gpa + 4, 5),
            ("within its bytes", 4, 0, 0, Gpa + 1, 5),
        ];
        foreach ((string name, uint length, ulong value, MSHV_IOEVENTFD_FLAGS flags, uint at, uint written) in writes)
        {
            cases.Add($"doorbell rings: {name}", probe =>
            {
                int fd = probe.NewEvent();
                Set(probe, fd, length, Gpa, value, flags);
                probe.Runs.Try(GuestCode.Load(probe, [.. GuestCode.Load(written), .. GuestCode.Write(at), .. GuestCode.Leave]));
                probe.Note("rang", Probe.TakeSignal(fd) ? 1UL : 0);
            });
        }

        cases.Add("doorbell rings: not for a read", probe =>
        {
            int fd = probe.NewEvent();
            Set(probe, fd, 4, Gpa, 0, 0);
            probe.Runs.Try(GuestCode.Load(probe, [.. GuestCode.Read(Gpa), .. GuestCode.Leave]));
            probe.Note("rang", Probe.TakeSignal(fd) ? 1UL : 0);
        });
        cases.Add("doorbell rings: no longer, once it is taken back", probe =>
        {
            int fd = probe.NewEvent();
            Set(probe, fd, 4, Gpa, 0, 0);
            Set(probe, fd, 4, Gpa, 0, MSHV_IOEVENTFD_FLAGS.DEASSIGN);
            probe.Runs.Try(GuestCode.Load(probe, [.. GuestCode.Write(Gpa), .. GuestCode.Leave]));
            probe.Note("rang", Probe.TakeSignal(fd) ? 1UL : 0);
        });
        cases.Add("doorbell rings: a hundred times", probe =>
        {
            int fd = probe.NewEvent();
            Set(probe, fd, 4, Gpa, 0, 0);

            // mov ecx, 100; mov [gpa], eax; loop
            probe.Runs.Try(GuestCode.Load(probe, [0xb9, 100, 0, 0, 0, .. GuestCode.Write(Gpa), 0xe2, 0xf9, .. GuestCode.Leave]));
            probe.Note("rang", Probe.TakeSignal(fd) ? 1UL : 0);
        });
        cases.Add("doorbell rings: though its descriptor is closed", probe =>
        {
            int fd = probe.NewEvent();
            int given = probe.Duplicate(fd);
            Set(probe, given, 4, Gpa, 0, 0);
            probe.Close(given);
            probe.Runs.Try(GuestCode.Load(probe, [.. GuestCode.Write(Gpa), .. GuestCode.Leave]));
            probe.Note("rang", Probe.TakeSignal(fd) ? 1UL : 0);
        });
        return cases;
    }

    private static void Set(Probe probe, int fd, uint length, ulong address, ulong value, MSHV_IOEVENTFD_FLAGS flags)
    {
        mshv_user_ioeventfd argument = new() { addr = address, len = length, datamatch = value, fd = fd, flags = (uint)flags };
        probe.Try(probe.Partition, Hv.MSHV_IOEVENTFD, ref argument);
    }
}
