using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using Hv = HvBindgen.Mshv.Abi.Constants;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Types of intercepts that a monitor asks for: taken, refused by name, or none at all.</summary>
public sealed class InterceptTypes
{
    private static readonly hv_intercept_type[] Refused =
    [
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_MSR,
        hv_intercept_type.HV_INTERCEPT_TYPE_RESERVED0,
        hv_intercept_type.HV_INTERCEPT_TYPE_MMIO,
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_GLOBAL_CPUID,
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_APIC_SMI,
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_APIC_INIT_SIPI,
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_APIC_WRITE,
        hv_intercept_type.HV_INTERCEPT_TYPE_X64_APIC_EOI,
        hv_intercept_type.HV_INTERCEPT_TYPE_RETARGET_INTERRUPT_WITH_UNKNOWN_DEVICE_ID,
    ];

    public static TheoryData<MshvEngine, hv_intercept_type> EnginesAndTypes
    {
        get
        {
            TheoryData<MshvEngine, hv_intercept_type> cases = [];
            foreach (hv_intercept_type type in Refused)
            {
                cases.Add(MshvEngine.Kvm, type);
                cases.Add(MshvEngine.Software, type);
            }

            cases.Add(MshvEngine.Kvm, hv_intercept_type.HV_INTERCEPT_TYPE_HYPERCALL);
            cases.Add(MshvEngine.Kvm, hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(EnginesAndTypes))]
    public void What_is_not_intercepted_is_refused_by_its_name_with_the_reason(MshvEngine engine, hv_intercept_type type)
    {
        Assert.SkipWhen(engine == MshvEngine.Kvm && Requirement.IsSoftware, "guests run in software here");
        using EmulatedMachine machine = new(engine: engine);

        Assert.Equal(Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED, Install(machine, type, Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE));

        string name = type == hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION
            ? nameof(hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION)
            : type.ToString();
        Assert.Contains($"intercepts of type {name} are not installed: ", Assert.Single(machine.Refusals), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x10)]
    [InlineData(0x12)]
    [InlineData(0x1000)]
    [InlineData(-1)]
    public void A_type_that_there_is_not_is_no_parameter(int type)
    {
        using EmulatedMachine machine = new(engine: MshvEngine.Software);

        Assert.Equal(
            Hv.HV_STATUS_INVALID_PARAMETER, Install(machine, (hv_intercept_type)type, Hv.HV_INTERCEPT_ACCESS_MASK_EXECUTE));
        Assert.Empty(machine.Refusals);
    }

    [Theory]
    [InlineData(MshvEngine.Kvm)]
    [InlineData(MshvEngine.Software)]
    public void A_range_of_ports_is_taken_and_its_ports_stop_as_all_others_do(MshvEngine engine)
    {
        const ulong Range = 0x10 | (0x1f << 16);
        using EmulatedMachine machine = new(engine: engine);
        const hv_intercept_type Type = hv_intercept_type.HV_INTERCEPT_TYPE_X64_IO_PORT_RANGE;
        Assert.Equal(0, Install(machine, Type, Hv.HV_INTERCEPT_ACCESS_MASK_READ | Hv.HV_INTERCEPT_ACCESS_MASK_WRITE, Range));
        Assert.Equal(Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED, Install(machine, Type, Hv.HV_INTERCEPT_ACCESS_MASK_NONE, Range));
        byte[] ports = [0x10, 0x1f, 0x20];
        GuestCode.Start(machine, 32, GuestCode.Assemble(32, code =>
        {
            foreach (byte port in ports)
            {
                code.@in(al, port);
            }
        }));

        foreach (byte port in ports)
        {
            hv_x64_io_port_intercept_message message =
                machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
            Assert.Equal(port, message.port_number);
            machine.Set(hv_register_name.HV_X64_REGISTER_RIP, message.header.rip + message.header.instruction_length);
        }
    }

    private static int Install(EmulatedMachine machine, hv_intercept_type type, int access, ulong parameter = 0)
    {
        hv_input_install_intercept input = new()
        {
            access_type = (uint)access,
            intercept_type = (uint)type,
            intercept_parameter = new hv_intercept_parameters { as_uint64 = parameter },
        };
        return machine.Call(
            machine.Partition, Hv.HVCALL_INSTALL_INTERCEPT, MemoryMarshal.AsBytes([input]), [], 0, out _).status;
    }
}
