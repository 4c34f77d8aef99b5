using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Tests.Fakes;
using HvBindgen.Mshv.Vtl;
using Xunit;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Devices;

public sealed unsafe class VtlDeviceTests
{
    [Fact]
    public void The_root_driver_is_told_apart()
    {
        FakeSystemCalls calls = new();

        MshvUnavailableException e = Assert.Throws<MshvUnavailableException>(() => VtlDevice.Open(systemCalls: calls));

        Assert.Equal(MshvUnavailableReason.OtherAbi, e.Reason);
        Assert.Equal(0, calls.OpenDescriptors);
    }

    [Fact]
    public void Requests_of_the_lower_trust_level_carry_their_arguments()
    {
        FakeSystemCalls calls = new();
        List<uint> requests = [];
        calls.OnOtherRequest = (request, argument) =>
        {
            requests.Add(request);
            switch (request)
            {
                case Constants.MSHV_CHECK_EXTENSION:
                    return *(uint*)argument == Constants.MSHV_CAP_DR6_SHARED
                        ? IoctlResult.Failure(Errno.EOPNOTSUPP)
                        : IoctlResult.Success(1);
                case Constants.MSHV_CREATE_VTL:
                    return IoctlResult.Success(0);
                case Constants.MSHV_GET_VP_REGISTERS:
                    mshv_vp_registers* registers = (mshv_vp_registers*)argument;
                    Assert.Equal(1u, registers->count);
                    ((Abi.X64.hv_register_assoc*)registers->regs_ptr)->value.reg64 = 42;
                    return IoctlResult.Success(0);
                default:
                    return IoctlResult.Failure(Errno.ENOTTY);
            }
        };
        using VtlDevice device = VtlDevice.Open(systemCalls: calls);

        Assert.Equal(1, device.GetCapability(Constants.MSHV_CAP_REGISTER_PAGE));
        Assert.Null(device.GetCapability(Constants.MSHV_CAP_DR6_SHARED));
        LowerVtl vtl = device.CreateVtl();
        Assert.Equal(42UL, vtl.GetRegister(Name.HV_X64_REGISTER_CR3).reg64);
        Assert.Throws<ArgumentOutOfRangeException>(() => vtl.AddMemory(5, 5));
        Assert.Equal(Errno.ENOTTY, Assert.Throws<HypervisorException>(() => vtl.AddMemory(5, 6)).Errno);
        vtl.Dispose();
        device.Dispose();

        Assert.Equal(0, calls.OpenDescriptors);
    }

    [Fact]
    public void The_lower_trust_level_is_entered_and_a_signal_is_no_failure()
    {
        FakeSystemCalls calls = new();
        int entries = 0;
        (uint Cpu, uint Fd) poll = default;
        (uint Name, ulong Value) written = default;
        calls.OnOtherRequest = (request, argument) =>
        {
            switch (request)
            {
                case Constants.MSHV_SET_POLL_FILE:
                    mshv_vtl_set_poll_file* file = (mshv_vtl_set_poll_file*)argument;
                    poll = (file->cpu, file->fd);
                    return IoctlResult.Success(0);
                case Constants.MSHV_SET_VP_REGISTERS:
                    Abi.X64.hv_register_assoc* register = (Abi.X64.hv_register_assoc*)((mshv_vp_registers*)argument)->regs_ptr;
                    written = (register->name, register->value.reg64);
                    return IoctlResult.Success(0);
                case Constants.MSHV_RETURN_TO_LOWER_VTL:
                    return entries++ switch
                    {
                        0 => IoctlResult.Success(0),
                        1 => IoctlResult.Failure(Errno.EINTR),
                        _ => IoctlResult.Failure(Errno.EIO),
                    };
                default:
                    return request is Constants.MSHV_CHECK_EXTENSION or Constants.MSHV_CREATE_VTL
                        ? IoctlResult.Success(0)
                        : IoctlResult.Failure(Errno.ENOTTY);
            }
        };
        using VtlDevice device = VtlDevice.Open(systemCalls: calls);
        using LowerVtl vtl = device.CreateVtl();

        vtl.SetPollFile(3, 44);
        vtl.SetRegister(Name.HV_X64_REGISTER_CR3, new Abi.X64.hv_register_value { reg64 = 0x5000 });

        Assert.Equal((3u, 44u), poll);
        Assert.Equal(((uint)Name.HV_X64_REGISTER_CR3, 0x5000UL), written);
        Assert.True(vtl.ReturnToLowerVtl());
        Assert.False(vtl.ReturnToLowerVtl());
        Assert.Equal(Errno.EIO, Assert.Throws<HypervisorException>(() => vtl.ReturnToLowerVtl()).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => vtl.SetPollFile(3, -1));
    }

    [Fact]
    public void Messages_of_the_sint_device_are_held_back_and_let_go()
    {
        FakeSystemCalls calls = new();
        List<byte> masks = [];
        calls.OnOtherRequest = (request, argument) =>
        {
            masks.Add(((mshv_sint_mask*)argument)->mask);
            return request == Constants.MSHV_SINT_PAUSE_MESSAGE_STREAM ? IoctlResult.Success(0) : IoctlResult.Failure(Errno.ENOTTY);
        };
        using SintDevice device = SintDevice.Open(systemCalls: calls);

        device.PauseMessages(true);
        device.PauseMessages(false);

        Assert.Equal([1, 0], masks);
    }

    [Fact]
    public void Messages_of_the_sint_device_have_at_most_240_bytes()
    {
        FakeSystemCalls calls = new();
        byte[] seen = [];
        calls.OnOtherRequest = (request, argument) =>
        {
            mshv_vtl_sint_post_msg* message = (mshv_vtl_sint_post_msg*)argument;
            seen = new Span<byte>((void*)message->payload_ptr, (int)message->payload_size).ToArray();
            return request == Constants.MSHV_SINT_POST_MESSAGE ? IoctlResult.Success(0) : IoctlResult.Failure(Errno.ENOTTY);
        };
        using SintDevice device = SintDevice.Open(systemCalls: calls);

        device.PostMessage(7, 1, [1, 2, 3]);

        Assert.Equal([1, 2, 3], seen);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.PostMessage(7, 1, new byte[241]));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.SetEvent(2048, null));
    }

    [Fact]
    public void Allowed_hypercalls_are_bits_of_a_map_and_results_come_back()
    {
        FakeSystemCalls calls = new();
        calls.OnOtherRequest = (request, argument) =>
        {
            if (request == Constants.MSHV_HVCALL_SETUP)
            {
                mshv_vtl_hvcall_setup* setup = (mshv_vtl_hvcall_setup*)argument;
                byte* bitmap = (byte*)setup->allow_bitmap_ptr;
                Assert.Equal(8192UL, setup->bitmap_array_size);
                Assert.Equal((4, 2), (bitmap[0x52 / 8], bitmap[0x101 / 8]));
                return IoctlResult.Success(0);
            }

            mshv_vtl_hvcall* call = (mshv_vtl_hvcall*)argument;
            call->status = 5;
            *(byte*)call->output_ptr = 9;
            return request == Constants.MSHV_HVCALL ? IoctlResult.Success(0) : IoctlResult.Failure(Errno.ENOTTY);
        };
        using HvcallDevice device = HvcallDevice.Open(systemCalls: calls);
        byte[] output = new byte[8];

        device.Allow([0x52, 0x101]);

        Assert.Equal(5UL, device.Call(0x52, new byte[16], output));
        Assert.Equal(9, output[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Call(0x52, new byte[4097], output));
    }
}
