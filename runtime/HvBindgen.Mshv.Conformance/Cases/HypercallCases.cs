using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Hypercalls that the driver passes on: its own checks, which calls it lets through, and what comes back.</summary>
internal static unsafe class HypercallCases
{
    private const uint UnknownRegister = 0x00fffff0;

    private static readonly int[] Codes =
    [
        Hv.HVCALL_CREATE_PARTITION, Hv.HVCALL_INITIALIZE_PARTITION, Hv.HVCALL_FINALIZE_PARTITION, Hv.HVCALL_DELETE_PARTITION,
        Hv.HVCALL_DEPOSIT_MEMORY, Hv.HVCALL_WITHDRAW_MEMORY, Hv.HVCALL_MAP_GPA_PAGES, Hv.HVCALL_UNMAP_GPA_PAGES, Hv.HVCALL_CREATE_VP,
        Hv.HVCALL_DELETE_VP, Hv.HVCALL_READ_GPA, Hv.HVCALL_WRITE_GPA, Hv.HVCALL_POST_MESSAGE, Hv.HVCALL_SIGNAL_EVENT,
        Hv.HVCALL_GET_VP_STATE, Hv.HVCALL_SET_VP_STATE, Hv.HVCALL_MAP_VP_STATE_PAGE, Hv.HVCALL_DISPATCH_VP, Hv.HVCALL_CREATE_PORT, 0,
        0xffff,
    ];

    private static readonly (string Name, Func<Probe, int> Descriptor)[] Kinds =
        [("device", probe => probe.Device), ("partition", probe => probe.Partition), ("processor", probe => probe.Processor)];

    internal static IEnumerable<ConformanceCase> All() =>
    [
        .. Kinds.SelectMany(kind => Checks(kind.Name, kind.Descriptor).Cases()), .. PassedOn(), .. Registered(), .. Properties(),
        .. Interrupts(),
    ];

    private static Faults<Argument<mshv_root_hvcall>> Checks(string kind, Func<Probe, int> descriptor) =>
        new Faults<Argument<mshv_root_hvcall>>(
        $"hypercall of the {kind}",
        probe =>
        {
            byte* memory = probe.NewMemory(2 * Probe.PageBytes);
            *(hv_input_get_partition_property*)memory = new()
            {
                property_code = (uint)hv_partition_property_code.HV_PARTITION_PROPERTY_COMPATIBILITY_VERSION,
            };
            return new(new mshv_root_hvcall
            {
                code = Hv.HVCALL_GET_PARTITION_PROPERTY,
                in_sz = (ushort)sizeof(hv_input_get_partition_property),
                out_sz = (ushort)sizeof(hv_output_get_partition_property),
                in_ptr = (ulong)memory,
                out_ptr = (ulong)memory + Probe.PageBytes,
            });
        },
        (probe, call) =>
        {
            ulong* output = (ulong*)call.Value.out_ptr;
            call.Try(probe, descriptor(probe), Hv.MSHV_ROOT_HVCALL);
            if (call.IsUnreadable)
            {
                return;
            }

            probe.Note("status", call.Value.status);
            if ((ulong)output > Probe.BadAddress)
            {
                probe.Note("output", *output);
            }
        })
        .Add("unreadable", call => call.IsUnreadable = true)
        .Add("cut off", call => call.IsCutOff = true)
        .Add("not writable", call => call.IsReadOnly = true)
        .Add("status", call => call.Value.status = 1)
        .Add("no input", call => call.Value.in_ptr = 0)
        .Add("7 bytes of input", call => call.Value.in_sz = 7)
        .Add("4097 bytes of input", call => call.Value.in_sz = 4097)
        .Add("reserved", call => call.Value.rsvd[5] = 1)
        .Add("no bytes of output", call => call.Value.out_sz = 0)
        .Add("4097 bytes of output", call => call.Value.out_sz = 4097)
        .Add("code", call => call.Value.code = Hv.HVCALL_READ_GPA)
        .Add("asynchronous code", call => call.Value.code = Hv.HVCALL_SET_PARTITION_PROPERTY)
        .Add("input unreadable", call => call.Value.in_ptr = Probe.BadAddress)
        .Add("output not writable", call => call.Value.out_ptr = Probe.BadAddress);

    private static CaseList PassedOn()
    {
        CaseList cases = [];
        foreach (int code in Codes)
        {
            foreach ((string kind, Func<Probe, int> descriptor) in Kinds)
            {
                cases.Add($"hypercall of the {kind}: code {code:x}", probe =>
                    probe.Hypercalls.Try(descriptor(probe), code, new byte[64], new byte[64]));
            }
        }

        foreach (int code in (int[])[Hv.HVCALL_GET_VP_REGISTERS, Hv.HVCALL_TRANSLATE_VIRTUAL_ADDRESS, Hv.HVCALL_ASSERT_VIRTUAL_INTERRUPT])
        {
            cases.Add($"hypercall of the device: code {code:x}", probe =>
                probe.Hypercalls.Try(probe.Device, code, new byte[64], new byte[64]));
        }

        cases.Add("hypercall: no output though its size is given", probe =>
        {
            Span<byte> input = new byte[sizeof(hv_input_set_partition_property)];
            MemoryMarshal.Write(input, new hv_input_set_partition_property
            {
                property_code = (uint)hv_partition_property_code.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION,
            });
            fixed (byte* from = input)
            {
                mshv_root_hvcall call = new()
                {
                    code = Hv.HVCALL_SET_PARTITION_PROPERTY,
                    in_sz = (ushort)input.Length,
                    in_ptr = (ulong)from,
                    out_sz = 8,
                };
                probe.Try(probe.Partition, Hv.MSHV_ROOT_HVCALL, ref call);
                probe.Note("status", call.status);
            }
        });
        cases.Add("hypercall: a whole page of input and output", probe =>
            probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_GET_PARTITION_PROPERTY, Property(
                hv_partition_property_code.HV_PARTITION_PROPERTY_COMPATIBILITY_VERSION, 4096), new byte[4096]));
        cases.Add("hypercall: the partition in the input is not looked at", probe =>
        {
            byte[] input = Property(hv_partition_property_code.HV_PARTITION_PROPERTY_COMPATIBILITY_VERSION, 16);
            MemoryMarshal.Write(input, ulong.MaxValue);
            probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_GET_PARTITION_PROPERTY, input, new byte[8]);
        });
        return cases;
    }

    private static CaseList Registered()
    {
        CaseList cases = [];
        cases.Add("registers: get of two", probe => Get(
            probe, probe.Processor, 0, 2, (uint)hv_register_name.HV_X64_REGISTER_RIP, (uint)hv_register_name.HV_X64_REGISTER_RFLAGS));
        cases.Add("registers: get by the partition", probe =>
        {
            _ = probe.Processor;
            Get(probe, probe.Partition, 0, 1, (uint)hv_register_name.HV_X64_REGISTER_RIP);
        });
        cases.Add("registers: get of an unknown one behind a known one", probe =>
            Get(probe, probe.Processor, 0, 2, (uint)hv_register_name.HV_X64_REGISTER_RIP, UnknownRegister));
        cases.Add("registers: get of a processor that is not there", probe =>
            Get(probe, probe.Processor, 9, 1, (uint)hv_register_name.HV_X64_REGISTER_RIP));
        cases.Add("registers: get without repetitions", probe =>
            Get(probe, probe.Processor, 0, 0, (uint)hv_register_name.HV_X64_REGISTER_RIP));
        cases.Add("registers: set of an unknown one behind a known one", probe =>
        {
            int processor = probe.Processor;
            Span<byte> input = new byte[hv_input_set_vp_registers.AllocationSize(2)];
            hv_input_set_vp_registers.elements(input)[0] = new() { name = (uint)hv_register_name.HV_X64_REGISTER_RBX };
            hv_input_set_vp_registers.elements(input)[0].value.reg64 = 77;
            hv_input_set_vp_registers.elements(input)[1] = new() { name = UnknownRegister };
            probe.Hypercalls.Try(processor, Hv.HVCALL_SET_VP_REGISTERS, input, [], 2);
            probe.Note("rbx", probe.Registers.Get(processor, hv_register_name.HV_X64_REGISTER_RBX));
        });
        cases.Add("registers: set with a reserved word", probe =>
        {
            Span<byte> input = new byte[hv_input_set_vp_registers.AllocationSize(1)];
            hv_input_set_vp_registers.elements(input)[0] = new() { name = (uint)hv_register_name.HV_X64_REGISTER_RBX, reserved2 = 1 };
            probe.Hypercalls.Try(probe.Processor, Hv.HVCALL_SET_VP_REGISTERS, input, [], 1);
        });
        cases.Add("registers: get before the partition is initialized", probe =>
            Get(probe, probe.NewPartition(), 0, 1, (uint)hv_register_name.HV_X64_REGISTER_RIP));
        return cases;
    }

    private static CaseList Properties()
    {
        CaseList cases = [];
        cases.Add("properties: unknown", probe => probe.Hypercalls.Try(
            probe.Partition, Hv.HVCALL_GET_PARTITION_PROPERTY, Property((hv_partition_property_code)0x12345678, 16), new byte[8]));
        cases.Add("properties: unknown, of the host", probe => probe.Hypercalls.Try(
            probe.Device, Hv.HVCALL_GET_PARTITION_PROPERTY, Property((hv_partition_property_code)0x12345678, 16), new byte[8]));
        cases.Add("properties: with repetitions", probe => probe.Hypercalls.Try(
            probe.Partition,
            Hv.HVCALL_GET_PARTITION_PROPERTY,
            Property(hv_partition_property_code.HV_PARTITION_PROPERTY_COMPATIBILITY_VERSION, 16),
            new byte[8],
            1));
        (string, hv_partition_property_code, ulong, bool)[] settings =
        [
            ("time stands still", hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 1, true),
            ("time stands still, value 2", hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 2, true),
            ("early one too late", hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES, 1, true),
            ("early one in time", hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES, 1, false),
            ("late one too early", hv_partition_property_code.HV_PARTITION_PROPERTY_TIME_FREEZE, 1, false),
            ("clock that runs", hv_partition_property_code.HV_PARTITION_PROPERTY_REFERENCE_TIME, 1000, true),
            ("unimplemented MSRs", hv_partition_property_code.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION, 1, true),
            ("unimplemented MSRs, value 2", hv_partition_property_code.HV_PARTITION_PROPERTY_UNIMPLEMENTED_MSR_ACTION, 2, true),
            ("the machine's", hv_partition_property_code.HV_PARTITION_PROPERTY_COMPATIBILITY_VERSION, 2, true),
            ("unknown", (hv_partition_property_code)0x12345678, 1, true),
        ];
        foreach ((string name, hv_partition_property_code code, ulong value, bool isInitialized) in settings)
        {
            cases.Add($"properties: set, {name}", probe =>
            {
                int partition = isInitialized ? probe.Partition : probe.NewPartition();
                SetProperty(probe, partition, code, value);
                SetProperty(probe, partition, code, value);
            });
        }
        return cases;
    }

    private static CaseList Interrupts()
    {
        CaseList cases = [];
        (string, hv_interrupt_type, uint, ulong)[] assertions =
        [
            ("fixed", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, 0x40, 0),
            ("vector 15", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, 15, 0),
            ("vector 256", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, 256, 0),
            ("unknown type", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_MAXIMUM, 0x40, 0),
            ("external", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT, 0x40, 0),
            ("external, to processor 1", hv_interrupt_type.HV_X64_INTERRUPT_TYPE_EXTINT, 0x40, 1),
        ];
        foreach ((string name, hv_interrupt_type type, uint vector, ulong destination) in assertions)
        {
            cases.Add($"interrupt: {name}", probe =>
            {
                _ = probe.Processor;
                _ = probe.NewProcessor(probe.Partition, 1);
                hv_input_assert_virtual_interrupt input = new() { vector = vector, dest_addr = destination };
                input.control.interrupt_type = (uint)type;
                probe.Hypercalls.Try(
                    probe.Partition, Hv.HVCALL_ASSERT_VIRTUAL_INTERRUPT, Bytes(in input), []);
            });
        }

        foreach (uint access in (uint[])[0, Hv.HV_INTERCEPT_ACCESS_MASK_READ, Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE])
        {
            cases.Add($"intercept of exception 3: access {access}", probe =>
            {
                _ = probe.Processor;
                hv_input_install_intercept input = new()
                {
                    access_type = access,
                    intercept_type = (uint)hv_intercept_type.HV_INTERCEPT_TYPE_EXCEPTION,
                };
                input.intercept_parameter.exception_vector = 3;
                probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_INSTALL_INTERCEPT, Bytes(in input), []);
            });
        }

        cases.Add("interrupt: cleared though none was acknowledged", probe =>
        {
            _ = probe.Processor;
            probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_CLEAR_VIRTUAL_INTERRUPT, new byte[8], []);
        });
        cases.Add("interrupt: without an APIC", probe =>
        {
            int partition = probe.NewPartition(MSHV_PT_FLAGS.GPA_SUPER_PAGES);
            Probe.Require(probe.Request(partition, Hv.MSHV_INITIALIZE_PARTITION, 0));
            _ = probe.NewProcessor(partition, 0);
            hv_input_assert_virtual_interrupt input = new() { vector = 0x40 };
            probe.Hypercalls.Try(
                partition, Hv.HVCALL_ASSERT_VIRTUAL_INTERRUPT, Bytes(in input), []);
        });
        return cases;
    }

    private static void Get(Probe probe, int fd, uint processor, int reps, params ReadOnlySpan<uint> names)
    {
        Span<byte> input = new byte[hv_input_get_vp_registers.AllocationSize(names.Length)];
        MemoryMarshal.Write(input, new hv_input_get_vp_registers { vp_index = processor });
        names.CopyTo(hv_input_get_vp_registers.names(input));
        probe.Hypercalls.Try(fd, Hv.HVCALL_GET_VP_REGISTERS, input, new byte[16 * names.Length], reps);
    }

    private static ReadOnlySpan<byte> Bytes<T>(in T input)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in input));

    private static byte[] Property(hv_partition_property_code code, int sizeBytes)
    {
        byte[] input = new byte[sizeBytes];
        MemoryMarshal.Write(input, new hv_input_get_partition_property { property_code = (uint)code });
        return input;
    }

    internal static void SetProperty(Probe probe, int partition, hv_partition_property_code code, ulong value)
    {
        hv_input_set_partition_property input = new() { property_code = (uint)code, property_value = value };
        probe.Hypercalls.Try(
            partition, Hv.HVCALL_SET_PARTITION_PROPERTY, Bytes(in input), []);
    }
}
