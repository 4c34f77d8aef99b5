using System.Globalization;
using System.Reflection;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Tests.Fakes;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Calls;

public sealed class HypercallTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(127)]
    public void A_list_is_resumed_where_the_hypervisor_left_it(int maxCompleted)
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor(2);
        machine.Calls.MaxCompleted = maxCompleted;
        uint[] names = [.. Enumerable.Range(0, 300).Select(i => 0x81000u + (uint)i)];
        hv_u128[] values = [.. names.Select(name => new hv_u128 { low_part = name * 3UL, high_part = ~name })];

        processor.Registers.Set(names, values);
        int callsToSet = machine.Calls.RegisterCalls;
        hv_u128[] read = new hv_u128[names.Length];
        processor.Registers.Get(names, read);

        Assert.Equal(values, read);
        Assert.Equal((2u, 0x81005u), machine.Calls.Registers.Keys.Single(key => key.Name == 0x81005));
        Assert.InRange(callsToSet, (300 + Math.Min(maxCompleted, 127) - 1) / Math.Min(maxCompleted, 127), (300 / maxCompleted) + 3);
    }

    [Fact]
    public void Any_hypercall_over_a_list_can_be_made_and_says_how_far_it_came()
    {
        using FakeMachine machine = new();
        machine.Calls.Registers[(5, 0x20001)] = new hv_u128 { low_part = 11 };
        machine.Calls.Registers[(5, 0x20002)] = new hv_u128 { low_part = 22 };
        machine.Calls.MaxCompleted = 1;
        byte[] header = new byte[16];
        BitConverter.TryWriteBytes(header.AsSpan(8), 5u);
        byte[] outputs = new byte[2 * 16];

        HypercallResult result = machine.Partition.Hypercalls.CallList(
            Constants.HVCALL_GET_VP_REGISTERS, header, [1, 0, 2, 0, 2, 0, 2, 0], sizeof(uint), outputs);

        Assert.True(result.IsSuccess);
        Assert.Equal((2, 2), (result.CompletedCount, machine.Calls.RegisterCalls));
        Assert.Equal((11UL, 22UL), (BitConverter.ToUInt64(outputs, 0), BitConverter.ToUInt64(outputs, 16)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => machine.Partition.Hypercalls.CallList(Constants.HVCALL_GET_VP_REGISTERS, header, new byte[7], sizeof(uint), outputs));
    }

    [Fact]
    public void A_hypercall_that_the_kernel_keeps_to_itself_is_told_from_one_that_the_hypervisor_refuses()
    {
        using FakeMachine machine = new();
        const hv_partition_property_code Unknown = (hv_partition_property_code)0x12345;

        Assert.False(machine.Partition.Properties.TryGet(Unknown, out _).IsRefusedByKernel);
        machine.Calls.BlockedHypercalls.Add(Constants.HVCALL_GET_PARTITION_PROPERTY);
        Assert.True(machine.Partition.Properties.TryGet(Unknown, out _).IsRefusedByKernel);
    }

    [Fact]
    public void Success_without_progress_is_an_error_and_no_endless_loop()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        machine.Calls.MaxCompleted = 0;

        Assert.Throws<HypervisorException>(() => processor.Registers.Get(Name.HV_X64_REGISTER_CR0));
    }

    [Fact]
    public void A_kernel_that_lends_memory_page_by_page_is_asked_again()
    {
        using FakeMachine machine = new();
        machine.Calls.EagainCount = 200;

        machine.Partition.Properties.ProcessorsPerSocket = 4;

        Assert.Equal(4UL, machine.Calls.Properties[(uint)hv_partition_property_code.HV_PARTITION_PROPERTY_PROCESSORS_PER_SOCKET]);
    }

    [Fact]
    public void A_batch_that_fails_names_the_culprit()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor(1);
        machine.Calls.RefusedRegisters.Add((uint)Name.HV_X64_REGISTER_PAT);
        Name[] names = [Name.HV_X64_REGISTER_STAR, Name.HV_X64_REGISTER_PAT, Name.HV_X64_REGISTER_LSTAR];

        HypervisorException get = Assert.Throws<HypervisorException>(
            () => processor.Registers.Get(names, new Abi.X64.hv_register_value[3]));
        HypervisorException set = Assert.Throws<HypervisorException>(
            () => processor.Registers.Set(names, new Abi.X64.hv_register_value[3]));

        Assert.Contains("HV_X64_REGISTER_PAT (0x80004)", get.Message, StringComparison.Ordinal);
        Assert.Contains("HV_X64_REGISTER_PAT (0x80004)", set.Message, StringComparison.Ordinal);
        Assert.Contains("HV_STATUS_INVALID_PARAMETER", set.Message, StringComparison.Ordinal);
        Assert.Contains("EINVAL", set.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cpuid_override_carries_value_and_mask_for_every_processor()
    {
        using FakeMachine machine = new();

        machine.Partition.Hypercalls.OverrideCpuid(
            new CpuidOverride(7, 1, new CpuidValues(0, 1, 2, 3), new CpuidValues(0x10, 0x11, 0x12, 0x13)) { Always = true });

        // hv_input_register_intercept_result: processor at 8, type at 12, leaf at 16, results with masks from 28 on.
        Assert.Equal(Constants.HVCALL_REGISTER_INTERCEPT_RESULT, machine.Calls.LastCallCode);
        Assert.Equal(
            [uint.MaxValue, 2u, 7u, 1u, 0x101u, 0u, 0x10u, 1u, 0x11u, 2u, 0x12u, 3u, 0x13u],
            Enumerable.Range(0, 13).Select(i => BitConverter.ToUInt32(machine.Calls.LastInput, 8 + (4 * i))));
        machine.Partition.Hypercalls.OverrideCpuid(new CpuidOverride(7, null, default, CpuidOverride.EveryBit), vpIndex: 3);
        Assert.Equal(3u, BitConverter.ToUInt32(machine.Calls.LastInput, 8));
        Assert.Equal(0u, BitConverter.ToUInt32(machine.Calls.LastInput, 24));
    }

    [Fact]
    public void Cpuid_values_come_back_for_each_leaf()
    {
        using FakeMachine machine = new();
        machine.Calls.OnHypercall = (code, input, output) =>
        {
            for (int i = 0; code == Constants.HVCALL_GET_VP_CPUID_VALUES && i < output.Length / 16; i++)
            {
                BitConverter.TryWriteBytes(output.AsSpan(i * 16), BitConverter.ToUInt32(input, 24 + (24 * i)) + 100);
                BitConverter.TryWriteBytes(output.AsSpan((i * 16) + 12), BitConverter.ToUInt32(input, 28 + (24 * i)));
            }

            return null;
        };
        CpuidValues[] values = new CpuidValues[2];

        machine.Partition.Hypercalls.GetCpuid(1, [(1, 0), (0xd, 3)], values);

        Assert.Equal([new CpuidValues(101, 0, 0, 0), new CpuidValues(113, 0, 0, 3)], values);
        Assert.Equal(3u, BitConverter.ToUInt32(machine.Calls.LastInput, 12));
    }

    [Fact]
    public void A_translation_keeps_the_offset_in_the_page()
    {
        using FakeMachine machine = new();
        machine.Calls.OnHypercall = (code, _, output) =>
        {
            if (code == Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS)
            {
                BitConverter.TryWriteBytes(output.AsSpan(8), 0x77UL);
            }

            return null;
        };

        GvaTranslation translation = machine.Partition.Hypercalls.TranslateGva(
            0, 0xffff800000001abc, Constants.HV_TRANSLATE_GVA_VALIDATE_READ);

        Assert.True(translation.IsSuccess);
        Assert.Equal(0x77abcUL, translation.Gpa);
        Assert.Equal(0xffff800000001UL, BitConverter.ToUInt64(machine.Calls.LastInput, 24));
    }

    [Fact]
    public void Where_the_hypervisor_cannot_see_a_page_the_tables_are_walked()
    {
        using FakeMachine machine = new();
        VirtualProcessor processor = machine.CreateProcessor();
        machine.Calls.OnHypercall = (code, _, output) =>
        {
            if (code == Constants.HVCALL_TRANSLATE_VIRTUAL_ADDRESS)
            {
                BitConverter.TryWriteBytes(output, (uint)hv_translate_gva_result_code.HV_TRANSLATE_GVA_GPA_NO_READ_ACCESS);
            }

            return null;
        };
        using Mshv.Memory.GuestMemory memory = Mshv.Memory.GuestMemory.Allocate(0x4000);
        machine.Partition.Memory.Map(0, memory);

        // 32-bit paging: directory at 0x1000, table at 0x2000, 0x403xxx -> 0x3xxx.
        machine.Partition.Memory.Write(0x1004, 0x2000u | 3);
        machine.Partition.Memory.Write(0x200c, 0x3000u | 3);
        processor.X64.Control = new X64ControlRegisters { Cr0 = 0x80000001, Cr3 = 0x1000 };

        Assert.Equal(new GvaTranslation(hv_translate_gva_result_code.HV_TRANSLATE_GVA_SUCCESS, 0x3678), processor.TranslateGva(0x403678));
        Assert.Equal(hv_translate_gva_result_code.HV_TRANSLATE_GVA_PAGE_NOT_PRESENT, processor.TranslateGva(0x404000).Code);
    }

    [Fact]
    public void Messages_and_events_go_to_the_sources_of_a_processor()
    {
        using FakeMachine machine = new();
        byte[] message = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        Assert.True(machine.Partition.Hypercalls.TryPostMessage(1, 2, message).IsSuccess);
        Assert.Equal(message, machine.Calls.LastInput[20..276]);
        Assert.Equal(2u, BitConverter.ToUInt32(machine.Calls.LastInput, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Partition.Hypercalls.TryPostMessage(1, 2, new byte[257]));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Partition.Hypercalls.TryPostMessage(1, 16, message));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Partition.Hypercalls.SignalEvent(1, 2, 2048));

        Assert.False(machine.Partition.Hypercalls.SignalEvent(1, 2, 2047));

        Assert.Equal([0, 2, 0xff, 7], machine.Calls.LastInput[12..16]);
    }

    [Fact]
    public void A_full_source_is_an_answer_and_no_exception()
    {
        using FakeMachine machine = new();
        machine.Calls.OnHypercall = (_, _, _) => Constants.HV_STATUS_INSUFFICIENT_BUFFERS;

        HypercallResult result = machine.Partition.Hypercalls.TryPostMessage(0, 1, new byte[16]);

        Assert.False(result.IsSuccess);
        Assert.Equal(Constants.HV_STATUS_INSUFFICIENT_BUFFERS, result.Status);
    }

    [Fact]
    public void An_intercept_is_installed_with_type_access_and_parameter()
    {
        using FakeMachine machine = new();

        machine.Partition.Hypercalls.InstallIntercept(
            Abi.X64.hv_intercept_type.HV_INTERCEPT_TYPE_EXCEPTION,
            Constants.HV_INTERCEPT_ACCESS_MASK_EXECUTE,
            new Abi.X64.hv_intercept_parameters { exception_vector = 3 });

        Assert.Equal([4u, 3u, 3u, 0u], Enumerable.Range(0, 4).Select(i => BitConverter.ToUInt32(machine.Calls.LastInput, 8 + (4 * i))));
    }

    [Fact]
    public void An_intercept_of_one_architecture_is_not_installed_on_the_other()
    {
        using FakeMachine x64 = new();
        using FakeMachine arm64 = new(GuestArchitecture.Arm64);

        arm64.Partition.Hypercalls.InstallIntercept(
            Abi.Arm64.hv_intercept_type.HV_INTERCEPT_TYPE_UNKNOWN_SYNIC_CONNECTION, Constants.HV_INTERCEPT_ACCESS_MASK_EXECUTE, 9);

        Assert.Equal([4u, 13u, 9u, 0u], Enumerable.Range(0, 4).Select(i => BitConverter.ToUInt32(arm64.Calls.LastInput, 8 + (4 * i))));
        Assert.Throws<InvalidOperationException>(
            () => x64.Partition.Hypercalls.InstallIntercept(Abi.Arm64.hv_intercept_type.HV_INTERCEPT_TYPE_HYPERCALL, 4, default));
        Assert.Throws<InvalidOperationException>(
            () => arm64.Partition.Hypercalls.InstallIntercept(Abi.X64.hv_intercept_type.HV_INTERCEPT_TYPE_HYPERCALL, 4, default));
    }

    [Fact]
    public void An_external_interrupt_is_cleared_by_the_partition_alone()
    {
        using FakeMachine machine = new();

        machine.Partition.Hypercalls.ClearVirtualInterrupt();

        Assert.Equal((ushort)0x56, machine.Calls.LastCallCode);
        Assert.Equal(8, machine.Calls.LastInput.Length);
    }

    [Fact]
    public void Every_hypercall_and_every_status_of_the_headers_has_its_name()
    {
        foreach (FieldInfo constant in typeof(Constants).GetFields())
        {
            if (constant.Name.StartsWith("HVCALL_", StringComparison.Ordinal))
            {
                Assert.Equal(constant.Name, HypercallNames.OfCall(ValueOf(constant)));
            }
            else if (constant.Name.StartsWith("HV_STATUS_", StringComparison.Ordinal))
            {
                Assert.Equal(constant.Name, HypercallNames.OfStatus(ValueOf(constant)));
            }
        }

        Assert.Null(HypercallNames.OfCall(0xfff));
        Assert.Equal("HV_STATUS_TIME_OUT", HypercallNames.OfStatus(0x78));

        static ushort ValueOf(FieldInfo constant) => Convert.ToUInt16(constant.GetRawConstantValue(), CultureInfo.InvariantCulture);
    }

    [Fact]
    public void An_unknown_status_stays_visible()
    {
        HypervisorException e = new("Doing it", Errno.EIO, 0x50, 0x7fff, null);

        Assert.Contains("HVCALL_GET_VP_REGISTERS (0x50) gave an unknown status (0x7fff), EIO (5).", e.Message, StringComparison.Ordinal);
    }
}
