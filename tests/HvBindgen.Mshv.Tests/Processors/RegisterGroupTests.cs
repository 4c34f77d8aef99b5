using System.Reflection;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;
using ArmName = HvBindgen.Mshv.Abi.Arm64.hv_register_name;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Processors;

public sealed class RegisterGroupTests
{
    [Fact]
    public void Every_field_of_a_group_is_the_register_of_its_name()
    {
        using FakeMachine machine = new(prepare: calls => calls.RegisterPageErrno = Interop.Errno.ENODEV);
        VirtualProcessor processor = machine.CreateProcessor();
        foreach (Name name in Enum.GetValues<Name>().Distinct())
        {
            machine.Calls.Registers[(0, (uint)name)] = new hv_u128 { low_part = (uint)name, high_part = ~(ulong)name };
        }

        CheckWords(processor.X64.General);
        CheckWords(processor.X64.Debug);
        CheckWords(processor.X64.Control);
        X64SegmentRegisters segments = processor.X64.Segments;
        Assert.Equal((ulong)Name.HV_X64_REGISTER_ES, segments.Es.@base);
        Assert.Equal((ulong)Name.HV_X64_REGISTER_GS, segments.Gs.@base);
        Assert.Equal((ulong)Name.HV_X64_REGISTER_LDTR, segments.Ldtr.@base);
        Assert.Equal((ulong)Name.HV_X64_REGISTER_TR, segments.Tr.@base);
        X64TableRegisters tables = processor.X64.Tables;
        Assert.Equal(~(ulong)Name.HV_X64_REGISTER_IDTR, tables.Idtr.@base);
        Assert.Equal(~(ulong)Name.HV_X64_REGISTER_GDTR, tables.Gdtr.@base);
        X64FloatingPointRegisters fpu = processor.X64.FloatingPoint;
        Assert.Equal((ulong)Name.HV_X64_REGISTER_XMM15, fpu.Xmm[15].low_part);
        Assert.Equal((ulong)Name.HV_X64_REGISTER_FP_MMX7, fpu.Mmx[7].low_part);
        Assert.Equal((ulong)Name.HV_X64_REGISTER_FP_CONTROL_STATUS, fpu.FpControlStatus.as_uint128.low_part);
        Assert.Equal((ulong)Name.HV_X64_REGISTER_XMM_CONTROL_STATUS, fpu.XmmControlStatus.as_uint128.low_part);
        Assert.Equal((ulong)Name.HV_X64_REGISTER_XFEM, processor.X64.Xcr0);
    }

    [Fact]
    public void A_group_reads_back_as_it_was_written()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        X64GeneralRegisters general = new() { Rax = 1, R15 = 2, Rip = 3, Rflags = 4 };
        X64FloatingPointRegisters fpu = default;
        fpu.Xmm[7] = new hv_u128 { high_part = 9 };

        processor.X64.General = general;
        processor.X64.FloatingPoint = fpu;

        Assert.Equal(general, processor.X64.General);
        Assert.Equal(9UL, processor.X64.FloatingPoint.Xmm[7].high_part);
    }

    [Fact]
    public void A_guest_that_is_a_hypervisor_has_intermediate_control_registers()
    {
        using FakeMachine machine = new();
        using Partition partition = machine.Device.CreatePartition()
            .WithFlags(MSHV_PT_FLAGS.LAPIC | MSHV_PT_FLAGS.NESTED_VIRTUALIZATION).Build();
        VirtualProcessor processor = partition.CreateVirtualProcessor(0);

        processor.X64.Control = new X64ControlRegisters { Cr3 = 0x5000 };

        Assert.Equal(0x5000UL, machine.Calls.Registers[(0, (uint)Name.HV_X64_REGISTER_INTERMEDIATE_CR3)].low_part);
        Assert.DoesNotContain((0u, (uint)Name.HV_X64_REGISTER_CR3), machine.Calls.Registers.Keys);
    }

    [Fact]
    public void Registers_of_the_other_architecture_are_refused()
    {
        using FakeMachine machine = new();
        using FakeMachine arm = new(GuestArchitecture.Arm64);

        Assert.Throws<InvalidOperationException>(() => machine.CreateProcessor().Registers.Get(ArmName.HV_ARM64_REGISTER_X0));
        Assert.Throws<InvalidOperationException>(() => arm.CreateProcessor().Registers.Set(Name.HV_X64_REGISTER_RAX, 1));
        Assert.Throws<InvalidOperationException>(() => arm.Partition.Processors[0].X64.General);
        Assert.Throws<InvalidOperationException>(() => machine.Partition.Processors[0].Arm64.General);
    }

    [Fact]
    public void Registers_of_arm64_go_by_group_and_by_name()
    {
        using FakeMachine machine = new(GuestArchitecture.Arm64);
        VirtualProcessor processor = machine.CreateProcessor();
        Arm64GeneralRegisters general = default;
        general.X[0] = 10;
        general.X[30] = 40;
        general.Pc = 0x80000;
        general.ElrEl1 = 5;
        general.Fpcr = 6;
        Arm64VectorRegisters vector = default;
        vector.Q[31] = new hv_u128 { low_part = 1, high_part = 2 };

        processor.Arm64.General = general;
        processor.Arm64.Vector = vector;
        processor.Arm64.RedistributorAddress = 0x80a0000;

        Assert.False(processor.HasRegisterPage);
        Assert.Equal(40UL, processor.Registers.Get(ArmName.HV_ARM64_REGISTER_LR).reg64);
        Assert.Equal(0x80000UL, processor.Registers.Get(ArmName.HV_ARM64_REGISTER_PC).reg64);
        Assert.Equal(5UL, processor.Registers.Get(ArmName.HV_ARM64_REGISTER_ELR_EL1).reg64);
        Assert.Equal(6UL, processor.Registers.Get(ArmName.HV_ARM64_REGISTER_FPCR).reg64);
        Assert.Equal(2UL, processor.Registers.Get(ArmName.HV_ARM64_REGISTER_Q31).reg128.high_part);
        Assert.Equal(0x80a0000UL, machine.Calls.Registers[(0, 0x63000)].low_part);
        Assert.Equal(10UL, processor.Arm64.General.X[0]);
    }

    [Fact]
    public void Model_specific_registers_depend_on_the_features()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        const uint TscAux = 0xc0000103;
        const uint Sint0 = 0x40000090;
        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0] = 0;
        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES1] = 0;
        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES] = 0;
        Assert.DoesNotContain(TscAux, processor.X64.ListMsrs());
        Assert.DoesNotContain(Sint0, processor.X64.ListMsrs());

        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSOR_FEATURES0] =
            new hv_partition_processor_features { rdtscp_support = 1 }.as_uint64[0];
        machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_SYNTHETIC_PROC_FEATURES] =
            new hv_partition_synthetic_processor_features { access_synic_regs = 1 }.as_uint64[0];

        Assert.Contains(TscAux, processor.X64.ListMsrs());
        Assert.Contains(Sint0, processor.X64.ListMsrs());
        processor.X64.SetMsrs([0xc0000081, TscAux], [5, 6]);
        Assert.Equal(5UL, processor.Registers.Get(Name.HV_X64_REGISTER_STAR).reg64);
        Assert.Equal(6UL, processor.X64.GetMsr(TscAux));
        ulong[] values = new ulong[2];
        processor.X64.GetMsrs([TscAux, 0xc0000081], values);
        Assert.Equal([6UL, 5UL], values);
        Assert.Throws<ArgumentOutOfRangeException>(() => processor.X64.GetMsr(0x12345));
    }

    [Fact]
    public void An_exception_is_injected_with_error_code_and_address()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();

        processor.X64.InjectException(14, 0x6, 0xdead000);

        hv_u128 value = machine.Calls.Registers[(0, (uint)Name.HV_REGISTER_PENDING_EVENT0)];
        Assert.Equal((6UL << 32) | (14UL << 16) | (1UL << 8) | 1, value.low_part);
        Assert.Equal(0xdead000UL, value.high_part);
        Assert.Equal(14u, processor.X64.PendingException.vector);
        Assert.Throws<ArgumentOutOfRangeException>(() => processor.X64.InjectException(32));
    }

    [Fact]
    public void What_waits_to_be_delivered_is_read_and_written_as_its_record()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();

        processor.X64.PendingInterruption = new() { interruption_pending = 1, interruption_vector = 0x30 };
        processor.X64.InterruptState = new() { interrupt_shadow = 1 };

        Assert.Equal(
            processor.X64.PendingInterruption.as_uint64,
            machine.Calls.Registers[(0, (uint)Name.HV_REGISTER_PENDING_INTERRUPTION)].low_part);
        Assert.Equal(0x30u, processor.X64.PendingInterruption.interruption_vector);
        Assert.Equal(1UL, machine.Calls.Registers[(0, (uint)Name.HV_REGISTER_INTERRUPT_STATE)].low_part);
        Assert.Equal(1u, (uint)processor.X64.InterruptState.interrupt_shadow);
    }

    private static void CheckWords<T>(T group)
    {
        foreach (PropertyInfo property in typeof(T).GetProperties())
        {
            string name = property.Name.ToUpperInvariant();
            name = name == "APICBASE" ? "APIC_BASE" : name;
            Name register = Enum.Parse<Name>("HV_X64_REGISTER_" + name);
            Assert.Equal((ulong)register, property.GetValue(group));
        }
    }
}
