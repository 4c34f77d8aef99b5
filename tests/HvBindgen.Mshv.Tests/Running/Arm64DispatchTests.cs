using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.Arm64;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Running;
using Xunit;
using Name = HvBindgen.Mshv.Abi.Arm64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Messages of arm64, and exactly the registers that are written for them. No arm64 machine is needed.</summary>
public sealed class Arm64DispatchTests
{
    private const ulong DeviceGpa = 0x0900_0000;

    [Theory]
    [InlineData(1, false, true, 0x80UL, 0x80UL)]
    [InlineData(1, true, true, 0x80UL, 0xffffffff_ffffff80UL)]
    [InlineData(1, true, false, 0x80UL, 0x00000000_ffffff80UL)]
    [InlineData(2, true, true, 0x8000UL, 0xffffffff_ffff8000UL)]
    [InlineData(4, false, false, 0x1_8000_0000UL, 0x8000_0000UL)]
    [InlineData(4, true, true, 0x8000_0000UL, 0xffffffff_80000000UL)]
    [InlineData(8, false, true, 0x1122334455667788UL, 0x1122334455667788UL)]
    public void A_load_writes_its_register_extended_as_the_syndrome_says(
        int sizeBytes, bool isSigned, bool is64Bit, ulong answer, ulong expected)
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        TestDevice device = new(answer);

        Treatment treatment = Dispatch(
            processor, WithDevice(device),
            TestMessages.ArmMemory(DeviceGpa, TestMessages.ArmSyndrome(sizeBytes, 5, false, isSigned, is64Bit), gva: DeviceGpa + 0x18));

        Assert.Equal(Treatment.Progressed, treatment);
        Assert.Equal([(false, 0x18UL, sizeBytes, 0UL)], device.Accesses);
        Assert.Equal([Write(Name.HV_ARM64_REGISTER_X0 + 5, expected), Write(Name.HV_ARM64_REGISTER_PC, 0x1004)], processor.Writes);
    }

    [Fact]
    public void A_store_reads_its_register_and_moves_only_PC()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        processor.Registers[(uint)Name.HV_ARM64_REGISTER_LR] = new hv_u128 { low_part = 0x1122334455667788 };
        TestDevice device = new();

        Dispatch(processor, WithDevice(device), TestMessages.ArmMemory(DeviceGpa, TestMessages.ArmSyndrome(2, 30, isWrite: true)));

        Assert.Equal([(true, 0UL, 2, 0x7788UL)], device.Accesses);
        Assert.Equal([Write(Name.HV_ARM64_REGISTER_PC, 0x1004)], processor.Writes);
    }

    [Fact]
    public void Register_31_is_zero_and_takes_nothing()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        processor.Registers[(uint)Name.HV_ARM64_REGISTER_SP] = new hv_u128 { low_part = 0xbad };
        TestDevice device = new(0xffff);
        MachineHandlers handlers = WithDevice(device);

        Dispatch(processor, handlers, TestMessages.ArmMemory(DeviceGpa, TestMessages.ArmSyndrome(8, 31, isWrite: true)));
        Dispatch(processor, handlers, TestMessages.ArmMemory(DeviceGpa, TestMessages.ArmSyndrome(8, 31, isWrite: false)));

        Assert.Equal((true, 0UL, 8, 0UL), device.Accesses[0]);
        Assert.Equal([Write(Name.HV_ARM64_REGISTER_PC, 0x1004), Write(Name.HV_ARM64_REGISTER_PC, 0x1004)], processor.Writes);
    }

    [Fact]
    public void A_pair_of_stores_with_write_back_is_carried_out_by_its_instruction()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        Give(processor, Name.HV_ARM64_REGISTER_X0 + 1, 0x11);
        Give(processor, Name.HV_ARM64_REGISTER_X0 + 2, 0x22);
        Give(processor, Name.HV_ARM64_REGISTER_SP, DeviceGpa + 0x40);
        Give(processor, Name.HV_ARM64_REGISTER_PC, TestMessages.Rip);
        TestDevice device = new();

        // stp x1, x2, [sp, #-16]!  with a syndrome that describes nothing.
        Dispatch(
            processor, WithDevice(device),
            TestMessages.ArmMemory(DeviceGpa, (0x24UL << 26) | (1UL << 25) | (1UL << 6), gva: DeviceGpa + 0x30, instruction: 0xa9bf0be1));

        Assert.Equal([(true, 0x30UL, 8, 0x11UL), (true, 0x38UL, 8, 0x22UL)], device.Accesses);
        Assert.Equal([Write(Name.HV_ARM64_REGISTER_SP, DeviceGpa + 0x30), Write(Name.HV_ARM64_REGISTER_PC, 0x1004)], processor.Writes);
    }

    [Fact]
    public void A_vector_load_is_carried_out_by_its_instruction()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        Give(processor, Name.HV_ARM64_REGISTER_X0, DeviceGpa);
        Give(processor, Name.HV_ARM64_REGISTER_PC, TestMessages.Rip);

        // ldr q3, [x0]
        Dispatch(
            processor, WithDevice(new TestDevice(0x55)),
            TestMessages.ArmMemory(DeviceGpa, (0x24UL << 26) | (1UL << 25), instruction: 0x3dc00003));

        Assert.Equal([Write(Name.HV_ARM64_REGISTER_Q0 + 3, 0x55, 0x55), Write(Name.HV_ARM64_REGISTER_PC, 0x1004)], processor.Writes);
    }

    [Fact]
    public void What_neither_syndrome_nor_instruction_describe_ends_the_run()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        ulong nothing = (0x24UL << 26) | (1UL << 25);

        Assert.Equal(RunEnd.UnsupportedInstruction, EndOf(processor, TestMessages.ArmMemory(DeviceGpa, nothing)).End);

        // ldxr w0, [x0]: exclusive
        Assert.Equal(
            RunEnd.UnsupportedInstruction, EndOf(processor, TestMessages.ArmMemory(DeviceGpa, nothing, instruction: 0x885f7c00)).End);

        // An instruction abort, and a data abort on the walk of the guest's page tables.
        Assert.Equal(RunEnd.Unhandled, EndOf(processor, TestMessages.ArmMemory(DeviceGpa, 0x20UL << 26)).End);
        Assert.Equal(RunEnd.Unhandled, EndOf(processor, TestMessages.ArmMemory(DeviceGpa, nothing | (1UL << 7))).End);
        Assert.Empty(processor.Writes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_instruction_that_is_carried_out_ends_its_single_step_and_its_branch_type(bool isDescribed)
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        Give(processor, Name.HV_ARM64_REGISTER_X0, DeviceGpa);
        ulong syndrome = isDescribed ? TestMessages.ArmSyndrome(1, 0, isWrite: true) : (0x24UL << 26) | (1UL << 25) | (1UL << 6);

        Dispatch(
            processor, WithDevice(new TestDevice()),
            TestMessages.ArmMemory(DeviceGpa, syndrome, instruction: 0x3900_0001, pstate: 0x6020_0fc5)); // strb w1, [x0]

        Assert.Equal(
            [Write(Name.HV_ARM64_REGISTER_PC, 0x1004), Write(Name.HV_ARM64_REGISTER_PSTATE, 0x6000_03c5)], processor.Writes);
    }

    [Fact]
    public void Big_endian_data_ends_the_run_by_name_and_touches_nothing()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        Give(processor, Name.HV_ARM64_REGISTER_SCTLR_EL1, 1 << 25);
        Give(processor, Name.HV_ARM64_REGISTER_X0, DeviceGpa);
        TestDevice device = new();

        foreach (ulong syndrome in (ulong[])[TestMessages.ArmSyndrome(4, 1, isWrite: true), (0x24UL << 26) | (1UL << 25) | (1UL << 6)])
        {
            Arm64Dispatcher dispatcher = new(processor, WithDevice(device), new RunOptions());
            hv_message message = TestMessages.ArmMemory(DeviceGpa, syndrome, instruction: 0xb900_0001, pstate: 5); // str w1, [x0]

            Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
            Assert.Equal(RunEnd.UnsupportedInstruction, dispatcher.Result.End);
            Assert.Contains("BigEndianData", dispatcher.Result.ToString(), StringComparison.Ordinal);
        }

        Assert.Empty(device.Accesses);
        Assert.Empty(processor.Writes);
    }

    [Fact]
    public void An_instruction_that_the_message_does_not_bring_is_fetched_by_the_guests_tables()
    {
        const ulong Tables = 0x4000;
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        TestDevice device = new();
        Give(processor, Name.HV_ARM64_REGISTER_X0, DeviceGpa);
        Give(processor, Name.HV_ARM64_REGISTER_X0 + 1, 0x77);

        // 30 bits of addresses, 4 KiB granule: a table of 2 MiB, then pages. The instruction is at PC 0x1000, in the page at 0x8000.
        Give(processor, Name.HV_ARM64_REGISTER_SCTLR_EL1, 1);
        Give(processor, Name.HV_ARM64_REGISTER_TCR_EL1, 34);
        Give(processor, Name.HV_ARM64_REGISTER_TTBR0_EL1, Tables);
        processor.Memory.Words[(int)Tables / 8] = (Tables + 0x1000) | 3;
        processor.Memory.Words[((int)Tables + 0x1000) / 8 + 1] = 0x8000 | 3;
        processor.Memory.Words[0x8000 / 8] = 0xf900_0001; // str x1, [x0]

        Treatment treatment = Dispatch(
            processor, WithDevice(device), TestMessages.ArmMemory(DeviceGpa, (0x24UL << 26) | (1UL << 25) | (1UL << 6)));

        Assert.Equal(Treatment.Progressed, treatment);
        Assert.Equal([(true, 0UL, 8, 0x77UL)], device.Accesses);
    }

    [Fact]
    public void A_short_instruction_moves_PC_by_two()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);

        Dispatch(
            processor, WithDevice(new TestDevice(1)),
            TestMessages.ArmMemory(DeviceGpa, TestMessages.ArmSyndrome(1, 0, isWrite: false, isLong: false)));

        Assert.Equal(Write(Name.HV_ARM64_REGISTER_PC, 0x1002), processor.Writes[^1]);
    }

    [Fact]
    public void An_access_that_is_nobodys_ends_the_run_and_changes_nothing()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);

        Assert.Equal(
            RunEnd.Unhandled, EndOf(processor, TestMessages.ArmMemory(DeviceGpa, TestMessages.ArmSyndrome(4, 0, isWrite: false))).End);
        Assert.Empty(processor.Writes);
    }

    [Theory]
    [InlineData(hv_arm64_reset_type.HV_ARM64_RESET_TYPE_POWER_OFF, RunEnd.PowerOff)]
    [InlineData(hv_arm64_reset_type.HV_ARM64_RESET_TYPE_HIBERNATE, RunEnd.PowerOff)]
    [InlineData(hv_arm64_reset_type.HV_ARM64_RESET_TYPE_REBOOT, RunEnd.Reset)]
    [InlineData(hv_arm64_reset_type.HV_ARM64_RESET_TYPE_SYSTEM_RESET2, RunEnd.Reset)]
    [InlineData((hv_arm64_reset_type)77, RunEnd.Unhandled)]
    public void A_reset_ends_the_run_with_its_kind_and_code(hv_arm64_reset_type type, RunEnd expected)
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);
        hv_message message = TestMessages.Of(
            hv_message_type.HVMSG_ARM64_RESET_INTERCEPT, new hv_arm64_reset_intercept_message { reset_type = (uint)type, reset_code = 9 });

        RunResult result = EndOf(processor, message);

        Assert.Equal(expected, result.End);
        Assert.Equal(expected == RunEnd.Unhandled ? 0u : 9u, result.ResetCode);
    }

    [Fact]
    public void Other_messages_come_back_as_they_are()
    {
        using TestProcessor processor = new(architecture: GuestArchitecture.Arm64);

        Assert.Equal(RunEnd.TripleFault, EndOf(processor, TestMessages.Of(hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION, 0UL)).End);
        Assert.Equal(
            RunEnd.Unhandled, EndOf(processor, TestMessages.Of(hv_message_type.HVMSG_REGISTER_INTERCEPT, 0UL, payloadSize: 48)).End);
        Assert.Equal(RunEnd.Unhandled, EndOf(processor, TestMessages.Of(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, 0UL)).End);
        Assert.All(
            [
                hv_message_type.HVMSG_UNMAPPED_GPA, hv_message_type.HVMSG_HYPERCALL_INTERCEPT, hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE,
                hv_message_type.HVMSG_ARM64_RESET_INTERCEPT,
            ],
            type => Assert.Equal(RunEnd.MalformedMessage, EndOf(processor, TestMessages.Of(type, 0UL)).End));
    }

    internal static MachineHandlers WithDevice(TestDevice device)
    {
        MachineHandlers handlers = new();
        handlers.Mmio.Map(DeviceGpa, 0x1000, device);
        return handlers;
    }

    internal static Treatment Dispatch(TestProcessor processor, MachineHandlers handlers, hv_message message, RunOptions? options = null) =>
        new Arm64Dispatcher(processor, handlers, options ?? new RunOptions()).Dispatch(in message);

    private static void Give(TestProcessor processor, Name name, ulong value) =>
        processor.Registers[(uint)name] = new hv_u128 { low_part = value };

    internal static RegisterWrite Write(Name name, ulong low, ulong high = 0) => new((uint)name, low, high);

    internal static RunResult EndOf(TestProcessor processor, hv_message message)
    {
        Arm64Dispatcher dispatcher = new(processor, new MachineHandlers(), new RunOptions());
        Assert.Equal(Treatment.Ended, dispatcher.Dispatch(in message));
        return dispatcher.Result;
    }
}
