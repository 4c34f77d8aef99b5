using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Messages and events that the monitor sends to the guest's synthetic interrupt controller.</summary>
internal static unsafe class SynicCases
{
    private const ulong MessagesGpa = 0x10000;
    private const ulong FlagsGpa = 0x11000;
    private const int Sint = 2;
    private const uint Vector = 0x50;
    private const uint MessageType = 0x77;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    internal static IEnumerable<ConformanceCase> All() => [.. Messages(), .. Events()];

    private static CaseList Messages()
    {
        CaseList cases = [];
        cases.Add("message: to a processor that is not there", probe =>
        {
            _ = probe.Processor;
            Post(probe, Message() with { vp_index = 9 });
        });
        cases.Add("message: to a source that there is not", probe => Post(Prepared(probe), Message() with { sint_index = 16 }));
        cases.Add("message: to another trust level", probe => Post(Prepared(probe), Message() with { vtl = 1 }));
        cases.Add("message: before the partition is initialized", probe => probe.Hypercalls.Try(
            probe.NewPartition(), Hv.HVCALL_POST_MESSAGE_DIRECT, Bytes(Message()), []));
        cases.Add("message: the device has no partition", probe => probe.Hypercalls.Try(
            probe.Device, Hv.HVCALL_POST_MESSAGE_DIRECT, Bytes(Message()), []));
        cases.Add("message: the guest has no page for it", probe =>
        {
            _ = probe.Processor;
            Post(probe, Message());
        });
        cases.Add("message: the guest's controller is off", probe =>
        {
            Prepared(probe).Registers.Set(probe.Processor, hv_register_name.HV_REGISTER_SCONTROL, 0);
            Post(probe, Message());
        });
        cases.Add("message: arrives, and the next waits until the guest has taken it", probe =>
        {
            Post(Prepared(probe), Message());
            hv_message* slot = (hv_message*)(probe.Ram + MessagesGpa) + Sint;
            probe.Note("type", slot->header.message_type);
            probe.Note("payload", slot->u.payload[0]);
            probe.Note("pending", slot->header.message_flags.msg_pending);
            Post(probe, Message());
            probe.Note("pending", slot->header.message_flags.msg_pending);
            slot->header.message_type = 0;
            Post(probe, Message());
            probe.Note("pending", slot->header.message_flags.msg_pending);
        });
        cases.Add("message: interrupts the guest", probe =>
        {
            Post(Prepared(probe), Message());
            probe.Runs.Try(probe.Processor);
        });
        cases.Add("message: of a source that is masked does not interrupt", probe =>
        {
            Prepared(probe).Registers.Set(probe.Processor, hv_register_name.HV_REGISTER_SINT0 + Sint, Vector | (1 << 16));
            Post(probe, Message());
            probe.Runs.TryInterrupted(probe.Processor, Short);
        });
        cases.Add("message: wakes a guest that halts", probe =>
        {
            Post(Prepared(probe, halts: true), Message());
            probe.Runs.Try(probe.Processor);
        });
        return cases;
    }

    private static CaseList Events()
    {
        CaseList cases = [];
        hv_input_signal_event_direct[] refused =
        [
            Event() with { target_vp = 9 }, Event() with { target_sint = 16 }, Event() with { target_vtl = 1 },
            Event() with { flag_number = (ushort)Hv.HV_EVENT_FLAGS_COUNT },
        ];
        string[] names =
        [
            "to a processor that is not there", "to a source that there is not", "to another trust level", "a flag that there is not",
        ];
        foreach ((string name, hv_input_signal_event_direct input) in names.Zip(refused))
        {
            cases.Add($"event: {name}", probe => Signal(Prepared(probe), input));
        }

        cases.Add("event: the guest has no page for it", probe =>
        {
            _ = probe.Processor;
            Signal(probe, Event());
        });
        cases.Add("event: a flag is set once", probe =>
        {
            Signal(Prepared(probe), Event());
            Signal(probe, Event());
            probe.Note("flags", probe.Ram[FlagsGpa + (ulong)(Sint * Hv.HV_EVENT_FLAGS_BYTE_COUNT) + 1]);
        });
        cases.Add("event: interrupts the guest", probe =>
        {
            Signal(Prepared(probe), Event());
            probe.Runs.Try(probe.Processor);
        });
        return cases;
    }

    private static hv_input_post_message_direct Message()
    {
        hv_input_post_message_direct input = new() { sint_index = Sint };
        hv_message message = default;
        message.header.message_type = MessageType;
        message.header.payload_size = 8;
        message.u.payload[0] = 0x1122;
        MemoryMarshal.Write(input.message, in message);
        return input;
    }

    private static hv_input_signal_event_direct Event() => new() { target_sint = Sint, flag_number = 9 };

    private static void Post(Probe probe, hv_input_post_message_direct input) =>
        probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_POST_MESSAGE_DIRECT, Bytes(in input), []);

    private static void Signal(Probe probe, hv_input_signal_event_direct input)
    {
        Span<byte> output = stackalloc byte[sizeof(hv_output_signal_event_direct)];
        output.Clear();
        IoctlResult result = probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_SIGNAL_EVENT_DIRECT, Bytes(in input), output);
        if (result.IsSuccess)
        {
            probe.Note("new", output[0]);
        }
    }

    private static ReadOnlySpan<byte> Bytes<T>(in T input)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in input));

    // A guest that has touched its two pages, has its APIC on, and waits; its controller is on.
    private static Probe Prepared(Probe probe, bool halts = false)
    {
        byte[] wait = halts ? [0xfb, 0xf4, 0xeb, 0xfd] : GuestCode.WaitForInterrupt;
        int processor = GuestCode.Load(
            probe, [.. GuestCode.EnableApic, .. GuestCode.Write((uint)MessagesGpa), .. GuestCode.Write((uint)FlagsGpa), .. wait]);
        GuestCode.Handle(probe, GuestCode.Leave);
        probe.Registers.Set(processor, hv_register_name.HV_X64_REGISTER_RAX, 0);
        probe.Runs.TryInterrupted(processor, Short);
        probe.Registers.Set(processor, hv_register_name.HV_REGISTER_SIMP, MessagesGpa | 1);
        probe.Registers.Set(processor, hv_register_name.HV_REGISTER_SIEFP, FlagsGpa | 1);
        probe.Registers.Set(processor, hv_register_name.HV_REGISTER_SCONTROL, 1);
        probe.Registers.Set(processor, hv_register_name.HV_REGISTER_SINT0 + Sint, Vector);
        return probe;
    }
}
