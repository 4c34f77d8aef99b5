using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Messages and events into the guest's pages, CPUID overrides, and translation.</summary>
public sealed unsafe class EmulatedSynic
{
    private const ulong MessagePage = 0x20000;
    private const ulong EventPage = 0x21000;

    [Fact]
    public void A_message_goes_into_its_slot_and_a_taken_slot_refuses_the_next()
    {
        using EmulatedMachine machine = WithPages();
        hv_input_post_message_direct input = new() { sint_index = 2 };
        input.message[0] = 1;
        input.message[20] = 0x77;

        Assert.Equal((0, 0), Call(machine, 0xc1, in input));
        Assert.Equal((1, 0x77), (machine.Ram[MessagePage + 512], machine.Ram[MessagePage + 512 + 20]));
        Assert.Equal((5, 19), Call(machine, 0xc1, in input));
        Assert.Equal(1, machine.Ram[MessagePage + 512 + 5]); // pending

        // The client asks to hear of the free slot; the guest frees it.
        machine.Set(hv_register_name.HV_REGISTER_DELIVERABILITY_NOTIFICATIONS, 1UL << (48 + 2));
        machine.Ram[MessagePage + 512] = 0;
        GuestCode.Start(machine, 32, [0xe6, 0x11]);
        Assert.Equal(4, machine.RunTo<hv_x64_sint_deliverable_message>(hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE).deliverable_sints);
        Assert.Equal(0x11, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
    }

    [Fact]
    public void An_event_flag_is_new_once()
    {
        using EmulatedMachine machine = WithPages();
        hv_input_signal_event_direct input = new() { target_sint = 1, flag_number = 9 };
        byte[] output = new byte[8];
        _ = machine.Call(machine.Partition, 0xc0, BytesOf(in input), output, 0, out int errno);
        Assert.Equal((0, 1, 2), (errno, output[0], machine.Ram[EventPage + 256 + 1]));
        _ = machine.Call(machine.Partition, 0xc0, BytesOf(in input), output, 0, out errno);
        Assert.Equal((0, 0), (errno, output[0]));
        input.flag_number = 2048;
        Assert.Equal((22, 5), Call(machine, 0xc0, in input));
    }

    [Fact]
    public void A_cpuid_override_changes_the_masked_bits()
    {
        using EmulatedMachine machine = new();
        hv_input_register_intercept_result input = new() { vp_index = uint.MaxValue, intercept_type = 2 };
        input.parameters.cpuid.input.eax = 0x40000123;
        input.parameters.cpuid.result.eax = 0xffff;
        input.parameters.cpuid.result.eax_mask = 0x00f0;
        input.parameters.cpuid.result.edx = 0x1234;
        input.parameters.cpuid.result.edx_mask = uint.MaxValue;
        Assert.Equal((0, 0), Call(machine, 0x91, in input));
        byte[] query = new byte[hv_input_get_vp_cpuid_values.AllocationSize(1)];
        MemoryMarshal.Write(query, new hv_input_get_vp_cpuid_values { flags = new() { apply_registered_values = 1 } });
        hv_input_get_vp_cpuid_values.cpuid_leaf_info(query.AsSpan())[0] = new() { eax = 0x40000123 };
        byte[] output = new byte[16];

        mshv_root_hvcall call = machine.Call(machine.Partition, 0xf4, query, output, 1, out int errno);

        Assert.Equal((0, (ushort)1), (errno, call.reps));
        Assert.Equal((0xf0u, 0x1234u), (MemoryMarshal.Read<uint>(output), MemoryMarshal.Read<uint>(output.AsSpan(12))));
    }

    [Theory]
    [InlineData(0x9, 1, 0, 0x9)]
    [InlineData(0x1, 2, 0, 0x1)]
    [InlineData(0xd0000, 1, 4, 0xd0000)] // where no memory is
    [InlineData(0x200000000, 1, 1, 0)] // not present
    public void A_translation_gives_a_page_or_the_reason(ulong page, ulong flags, uint code, ulong gpaPage)
    {
        using EmulatedMachine machine = new();
        GuestCode.Start(machine, 64, [0x90]);
        hv_input_translate_virtual_address input = new() { control_flags = flags, gva_page = page };
        byte[] output = new byte[16];
        mshv_root_hvcall call = machine.Call(machine.Partition, 0x52, BytesOf(in input), output, 0, out int errno);
        Assert.Equal((0, (ushort)0), (errno, call.status));
        hv_output_translate_virtual_address result = MemoryMarshal.Read<hv_output_translate_virtual_address>(output);
        Assert.Equal((code, gpaPage), (result.translation_result.result_code, result.gpa_page));
    }

    [Fact]
    public void What_kvm_cannot_do_is_refused_by_name()
    {
        Assert.SkipWhen(Requirement.IsSoftware, "processors in software intercept CPUID: InterceptedCpuid");
        using EmulatedMachine machine = new();
        hv_input_install_intercept cpuid = new() { access_type = 4, intercept_type = (uint)hv_intercept_type.HV_INTERCEPT_TYPE_X64_CPUID };
        Assert.Equal((95, 32), Call(machine, 0x4d, in cpuid));
        Assert.Contains("CPUID", Assert.Single(machine.Refusals), StringComparison.Ordinal);
        Assert.Equal((95, 32), EmulatedInterrupts.Assert94(machine, hv_interrupt_type.HV_X64_INTERRUPT_TYPE_SMI, 0));
        Assert.Equal((22, 5), EmulatedInterrupts.Assert94(machine, hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, 15));
    }

    private static EmulatedMachine WithPages()
    {
        EmulatedMachine machine = new();
        machine.Set(hv_register_name.HV_REGISTER_SCONTROL, 1);
        machine.Set(hv_register_name.HV_REGISTER_SIMP, MessagePage | 1);
        machine.Set(hv_register_name.HV_REGISTER_SIEFP, EventPage | 1);
        machine.Set(hv_register_name.HV_REGISTER_SINT0 + 2, 0x50);
        return machine;
    }

    private static ReadOnlySpan<byte> BytesOf<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));

    private static (int Errno, int Status) Call<T>(EmulatedMachine machine, int code, in T input)
        where T : unmanaged
    {
        mshv_root_hvcall call = machine.Call(machine.Partition, code, BytesOf(in input), [], 0, out int errno);
        return (errno, call.status);
    }
}
