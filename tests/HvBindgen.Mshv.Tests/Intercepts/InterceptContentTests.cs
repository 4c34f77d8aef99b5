using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Tests.Running;
using Xunit;

namespace HvBindgen.Mshv.Tests.Intercepts;

/// <summary>What the views say of messages written byte by byte, at the offsets that the hypervisor has them.</summary>
public sealed class InterceptContentTests
{
    private const int HeaderBytes = 40;

    [Fact]
    public void Port_io_tells_direction_port_size_and_prefixes()
    {
        byte[] payload = new byte[128];
        payload[5] = (byte)InterceptAccess.Write;
        Put(payload, HeaderBytes, (ushort)0x3f8);
        payload[HeaderBytes + 2] = 2 | (1 << 3) | (1 << 4);
        payload[HeaderBytes + 3] = 3;
        Put(payload, HeaderBytes + 8, 0x1122334455667788UL);
        new byte[] { 0xf3, 0x66, 0x6f }.CopyTo(payload, HeaderBytes + 16);
        Intercept intercept = Of(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, payload, out hv_message message);

        Assert.True(intercept.TryView(out IoPortIntercept io));
        Assert.Equal((false, (ushort)0x3f8, 2, true, true), (io.IsRead, io.Port, io.SizeBytes, io.IsString, io.IsRepeated));
        Assert.Equal(0x1122334455667788UL, io.Rax);
        Assert.Equal([0xf3, 0x66, 0x6f], io.InstructionBytes.ToArray());
        Assert.Equal((uint)hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, message.header.message_type);
    }

    [Fact]
    public void A_register_of_the_model_has_its_value_in_two_halves()
    {
        byte[] payload = new byte[64];
        payload[5] = (byte)InterceptAccess.Write;
        Put(payload, HeaderBytes, 0xc0000080);
        Put(payload, HeaderBytes + 8, 0xffffffff_00000001UL);
        Put(payload, HeaderBytes + 16, 0xeeeeeeee_80000002UL);

        Assert.True(Of(hv_message_type.HVMSG_X64_MSR_INTERCEPT, payload, out _).TryView(out MsrIntercept msr));
        Assert.True(msr.IsWrite);
        Assert.Equal(0xc0000080, msr.Msr);
        Assert.Equal(0x1_80000002UL, (uint)msr.Value | (msr.Value & 0x1_00000000));

        payload[5] = (byte)InterceptAccess.Read;
        Assert.True(Of(hv_message_type.HVMSG_X64_MSR_INTERCEPT, payload, out _).TryView(out msr));
        Assert.False(msr.IsWrite);
    }

    [Fact]
    public void A_query_has_leaf_and_subleaf_and_the_four_default_results_in_order()
    {
        byte[] payload = new byte[104];
        ulong[] words = [0xffffffff_00000007, 0xffffffff_00000001, 9, 9, 0xa, 0xc, 0xd, 0xb];
        for (int i = 0; i < words.Length; i++)
        {
            Put(payload, HeaderBytes + (8 * i), words[i]);
        }

        Assert.True(Of(hv_message_type.HVMSG_X64_CPUID_INTERCEPT, payload, out _).TryView(out CpuidIntercept cpuid));
        Assert.Equal((7u, 1u), (cpuid.Leaf, cpuid.Subleaf));
        Assert.Equal(new CpuidResult(Eax: 0xa, Ebx: 0xb, Ecx: 0xc, Edx: 0xd), cpuid.DefaultResult);
    }

    [Theory]
    [InlineData(0, false, null)]
    [InlineData(1, false, 0x15u)]
    [InlineData(2, true, null)]
    [InlineData(3, true, 0x15u)]
    public void An_exception_tells_whether_it_has_an_error_code_and_who_raised_it(byte info, bool isSoftware, uint? errorCode)
    {
        byte[] payload = new byte[240];
        Put(payload, HeaderBytes, (ushort)14);
        payload[HeaderBytes + 2] = info;
        payload[HeaderBytes + 3] = 200;
        Put(payload, HeaderBytes + 4, 0x15u);
        Put(payload, HeaderBytes + 8, 0xffff8000_00001234UL);
        Put(payload, 232, 0xf15UL);

        Assert.True(Of(hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT, payload, out _).TryView(out ExceptionIntercept exception));
        Assert.Equal((ushort)14, exception.Vector);
        Assert.Equal(errorCode, exception.ErrorCode);
        Assert.Equal(isSoftware, exception.IsSoftware);
        Assert.Equal(0xffff8000_00001234UL, exception.Parameter);
        Assert.Equal(16, exception.InstructionBytes.Length);
        Assert.Equal(0xf15UL, exception.Payload.r15);
    }

    [Theory]
    [InlineData(true, 0x3333333333333333UL, 0x4444444444444444UL, 0x5555555555555555UL)]
    [InlineData(false, 0x44444444_11111111UL, 0x22222222_33333333UL, 0x77777777_66666666UL)]
    public void A_hypercall_has_its_parameters_in_the_registers_of_its_mode(bool is64Bit, ulong control, ulong input, ulong output)
    {
        // RAX, RBX, RCX, RDX, R8, RSI, RDI
        hv_x64_hypercall_intercept_message payload = new()
        {
            header = is64Bit ? TestMessages.Header64() : TestMessages.Header(),
            rax = 0x1111111111111111,
            rbx = 0x2222222222222222,
            rcx = 0x3333333333333333,
            rdx = 0x4444444444444444,
            r8 = 0x5555555555555555,
            rsi = 0x6666666666666666,
            rdi = 0x7777777777777777,
        };
        hv_message message = TestMessages.Of(hv_message_type.HVMSG_HYPERCALL_INTERCEPT, in payload);

        Assert.True(new Intercept(in message).TryView(out HypercallIntercept call));
        Assert.Equal(is64Bit, call.Is64Bit);
        Assert.Equal((control, input, output), (call.Control, call.Input, call.Output));
    }

    [Fact]
    public void An_access_to_a_register_tells_which_and_its_value()
    {
        byte[] payload = new byte[64];
        Put(payload, HeaderBytes + 4, (uint)hv_register_name.HV_X64_REGISTER_CR4);
        Put(payload, HeaderBytes + 8, 0x2020UL);
        Assert.True(
            Of(hv_message_type.HVMSG_REGISTER_INTERCEPT, payload, out _).TryAs(out hv_x64_register_intercept_message access));
        Assert.Equal(((uint)hv_register_name.HV_X64_REGISTER_CR4, (byte)0), (access.register_name, access.is_memory_op));
        Assert.Equal(0x2020UL, access.access_info.source_value.reg64);

        // arm64 has a header of 24 bytes.
        payload = new byte[48];
        payload[24] = 1;
        Put(payload, 28, (uint)Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_SCTLR_EL1);
        Put(payload, 32, 0x30d0198UL);
        Assert.True(Of(hv_message_type.HVMSG_REGISTER_INTERCEPT, payload, out _)
            .TryAs(out Abi.Arm64.hv_arm64_register_intercept_message armAccess));
        Assert.Equal(
            ((uint)Abi.Arm64.hv_register_name.HV_ARM64_REGISTER_SCTLR_EL1, (byte)1), (armAccess.register_name, armAccess.is_memory_op));
        Assert.Equal(0x30d0198UL, armAccess.access_info.source_value.reg64);
    }

    [Fact]
    public void A_wish_to_change_memory_tells_how_many_ranges_and_to_what()
    {
        byte[] payload = new byte[240];
        Put(payload, 0, 5u);
        Put(payload, 4, 2u | (1u << 5) | (3u << 6) | (7u << 8));
        Put(payload, 16, 0x12345001UL);

        Assert.True(Of(hv_message_type.HVMSG_GPA_ATTRIBUTE_INTERCEPT, payload, out _)
            .TryAs(out hv_x64_gpa_attribute_intercept_message wish));
        Assert.Equal((5u, 2u, 1u, 3u, 7u), (wish.vp_index, wish.range_count, wish.adjust, wish.host_visibility, wish.memory_type));
        Assert.Equal(0x12345001UL, wish.ranges[1].address_space);
    }

    [Fact]
    public void An_exit_of_an_encrypted_guest_tells_what_it_asks_for()
    {
        byte[] payload = new byte[104];
        Put(payload, HeaderBytes, 0x9000UL);
        payload[HeaderBytes + 8] = 1;
        Put(payload, HeaderBytes + 32, 0x80000010UL);
        Put(payload, HeaderBytes + 56, 0xabcdUL);

        Assert.True(
            Of(hv_message_type.HVMSG_X64_SEV_VMGEXIT_INTERCEPT, payload, out _).TryAs(out hv_x64_vmgexit_intercept_message exit));
        Assert.Equal((0x9000UL, 1UL, 0x80000010UL, 0xabcdUL), (exit.ghcb_msr, exit.ghcb_page_valid, exit.sw_exit_code, exit.sw_scratch));
    }

    private static Intercept Of(hv_message_type type, byte[] payload, out hv_message message)
    {
        hv_message[] room = new hv_message[1];
        room[0].header.message_type = (uint)type;
        room[0].header.payload_size = (byte)payload.Length;
        payload.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(room.AsSpan())[16..]);
        message = room[0];
        return new Intercept(in room[0]);
    }

    private static void Put<T>(byte[] payload, int offset, T value)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Write(payload.AsSpan(offset), in value);
}
