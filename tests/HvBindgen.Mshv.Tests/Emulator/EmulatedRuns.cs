using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Guests;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Runs that signals end, the pages shared with the client, state, and what KVM itself refuses.</summary>
public sealed unsafe class EmulatedRuns
{
    private const int EINTR = 4;

    [Fact]
    public void A_signal_ends_a_run_and_the_guest_goes_on_with_the_next_one()
    {
        using EmulatedMachine machine = new();
        GuestCode.Start(machine, 32, [0xeb, 0xfe]); // jmp $
        nint runner = 0;
        int errno = -1;
        Thread thread = new(() =>
        {
            Volatile.Write(ref runner, KickSignal.CurrentThread());
            errno = machine.Run(out _);
        });
        thread.Start();

        // The driver remembers no kick: one that comes before the run is lost, so it is repeated.
        do
        {
            Assert.True(runner == 0 || KickSignal.TrySend(runner));
        }
        while (!thread.Join(20));

        Assert.Equal(EINTR, errno);
        Assert.Equal(1u, machine.Get(hv_register_name.HV_REGISTER_EXPLICIT_SUSPEND).reg64);
        Assert.Equal(GuestCode.CodeGpa, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64);
        byte[] code = [0xe6, 0x11];
        code.CopyTo(machine.RamAt(GuestCode.CodeGpa, 2));
        Assert.Equal(0x11, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
        Assert.Equal(1u, machine.Get(hv_register_name.HV_REGISTER_INTERCEPT_SUSPEND).reg64);
    }

    [Fact]
    public void Registers_of_a_running_processor_are_read_through_the_partition_and_wait_on_the_processor()
    {
        using EmulatedMachine machine = new();
        GuestCode.Start(machine, 32, [0xff, 0x05, 0x00, 0x90, 0x00, 0x00, 0xeb, 0xf8]); // inc dword [0x9000]; jmp back
        uint* rounds = (uint*)(machine.Ram + 0x9000);
        Thread runner = new(() =>
        {
            while (machine.Run(out hv_message message) == EINTR)
            {
            }
        });
        runner.Start();

        // Once it goes round: code that is overwritten while a processor meets it for the first time may be the old or the new.
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref *rounds) != 0, RunningGuest.TooLong));

        Assert.InRange(
            machine.Get(hv_register_name.HV_X64_REGISTER_RIP, byPartition: true).reg64, GuestCode.CodeGpa, GuestCode.CodeGpa + 6);

        byte[] code = [0xe6, 0x11];
        code.CopyTo(machine.RamAt(GuestCode.CodeGpa, 2));
        Assert.True(runner.Join(RunningGuest.TooLong));
    }

    [Fact]
    public void Frozen_time_holds_a_run_back()
    {
        using EmulatedMachine machine = new();
        GuestCode.Start(machine, 32, [0xe6, 0x11]);
        Freeze(machine, true);
        Thread runner = new(() => machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT));
        runner.Start();
        Assert.False(runner.Join(100));
        Freeze(machine, false);
        Assert.True(runner.Join(RunningGuest.TooLong));
    }

    [Fact]
    public void The_register_page_shows_the_registers_and_takes_dirty_ones_back()
    {
        using EmulatedMachine machine = new();
        hv_vp_register_page* page = machine.MapRegisterPage();
        hv_message* messagePage = machine.MapMessagePage();
        Assert.Equal(0, page->isvalid);
        GuestCode.Start(machine, 32, [0xb8, 0x44, 0x33, 0x22, 0x11, 0xe6, 0x11, 0xe6, 0x12]); // mov eax; out; out
        hv_x64_io_port_intercept_message first =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal((1, 0u, 0x11223344UL, first.header.rip), (page->isvalid, page->dirty, page->rax, page->rip));
        Assert.Equal((uint)hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, messagePage->header.message_type);
        Assert.Equal((0x31UL, 8), (page->cr0, page->cs.selector));
        page->rax = 0x55667788;
        page->rip += first.header.instruction_length;
        page->xmm0 = new hv_u128 { low_part = 7, high_part = 9 };
        page->dirty = 0b111;
        Assert.Equal(0x55667788u, machine.Get(hv_register_name.HV_X64_REGISTER_RAX).reg64);
        hv_x64_io_port_intercept_message second =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal((0x12, 0x55667788UL), ((int)second.port_number, second.rax));
        Assert.Equal((7UL, 9UL), (page->xmm0.low_part, page->xmm0.high_part));

        // Not marked: not taken.
        page->rax = 1;
        Assert.Equal(0x55667788u, machine.Get(hv_register_name.HV_X64_REGISTER_RAX).reg64);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_component_of_the_state_that_is_written_back_reads_the_same(byte type)
    {
        using EmulatedMachine machine = new();
        machine.Set(hv_register_name.HV_X64_REGISTER_XMM1, new hv_register_value { reg128 = new hv_u128 { low_part = 3, high_part = 4 } });
        machine.Set(hv_register_name.HV_REGISTER_STIMER0_COUNT, 1234);
        const uint SizeBytes = 16384;
        byte* buffer = machine.MapHostMemory(EmulatedMachine.RamBytes);
        mshv_get_set_vp_state request = new() { type = type, buf_sz = SizeBytes, buf_ptr = (ulong)buffer };
        Assert.Equal(0, VpIoctls.MSHV_GET_VP_STATE(machine.Processor, ref request).Errno);
        byte[] before = new Span<byte>(buffer, (int)request.buf_sz).ToArray();
        if (type == 1)
        {
            Assert.True((before[520 + 7] & 0x80) != 0, "XCOMP_BV bit 63: compacted");
        }

        if (type is 2 or 3)
        {
            buffer[77] = before[77] = 0x99;
        }

        request.buf_sz = SizeBytes;
        Assert.Equal(0, VpIoctls.MSHV_SET_VP_STATE(machine.Processor, ref request).Errno);
        new Span<byte>(buffer, (int)request.buf_sz).Clear();
        request.buf_sz = SizeBytes;
        Assert.Equal(0, VpIoctls.MSHV_GET_VP_STATE(machine.Processor, ref request).Errno);
        Assert.Equal(before, new Span<byte>(buffer, (int)request.buf_sz).ToArray());
    }

    [Fact]
    public void Instructions_that_kvm_refuses_are_executed_all_the_same()
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(64, a =>
        {
            a.mov(rbx, 0x9000);
            a.mov(eax, 0xff);
            a.popcnt(ecx, eax);
            a.wait();
            a.mov(__qword_ptr[rbx], 5);
            a.mov(rax, 5);
            a.xor(edx, edx);
            a.mov(esi, ecx);
            a.mov(rcx, 0);
            a.mov(rbx, 0x9000);
            a.@lock.cmpxchg16b(__xmmword_ptr[rbx]);
            a.@out(0x11, al);
        });
        GuestCode.Start(machine, 64, code);

        _ = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal(8u, machine.Get(hv_register_name.HV_X64_REGISTER_RSI).reg64);
        Assert.Equal(0x9000u, MemoryMarshal.Read<ulong>(machine.RamAt(0x9000, 8)));
        Assert.Empty(machine.Refusals);
    }

    [Fact]
    public void An_intercepted_msr_is_left_to_the_client_and_an_unknown_one_follows_the_property()
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(32, a =>
        {
            a.mov(ecx, 0x10); // TSC
            a.rdmsr();
            a.mov(ecx, 0x12345678);
            a.rdmsr();
            a.@out(0x11, eax);
        });
        GuestCode.Start(machine, 32, code);
        hv_input_install_intercept input = new()
        {
            access_type = 1,
            intercept_type = (uint)hv_intercept_type.HV_INTERCEPT_TYPE_X64_MSR_INDEX,
        };
        input.intercept_parameter.msr_index = 0x10;
        mshv_root_hvcall call = machine.Call(
            machine.Partition, 0x4d, MemoryMarshal.AsBytes(new ReadOnlySpan<hv_input_install_intercept>(in input)), [], 0, out int errno);
        Assert.Equal((0, 0), (errno, call.status));
        byte[] ignore = new byte[24];
        MemoryMarshal.Write(ignore.AsSpan(8), 0x50017u);
        ignore[16] = 1;
        _ = machine.Call(machine.Partition, 0x45, ignore, [], 0, out errno);
        Assert.Equal(0, errno);

        hv_x64_msr_intercept_message message = machine.RunTo<hv_x64_msr_intercept_message>(hv_message_type.HVMSG_X64_MSR_INTERCEPT);

        Assert.Equal((0x10u, 2), (message.msr_number, message.header.instruction_length));
        Assert.Equal(message.header.rip, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64);
        machine.Set(hv_register_name.HV_X64_REGISTER_RAX, 77);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, message.header.rip + 2);
        Assert.Equal(0u, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).rax);
    }

    [Fact]
    public void Written_pages_are_recorded_once_asked_for()
    {
        using EmulatedMachine machine = new();
        byte[] tracking = new byte[24];
        MemoryMarshal.Write(tracking.AsSpan(8), 0x50005u);
        tracking[16] = 1;
        _ = machine.Call(machine.Partition, 0x45, tracking, [], 0, out int errno);
        Assert.Equal(0, errno);
        Assert.Equal(512, Written(machine).Count); // at first every page may have been

        // KVM with page tables in hardware counts the page of the code too, when it is first met.
        GuestCode.Start(machine, 32, [0xe6, 0x10, 0xa2, 0x00, 0x90, 0x00, 0x00, 0xe6, 0x11]); // out; mov [0x9000], al; out
        _ = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, GuestCode.CodeGpa + 2);
        _ = Written(machine);

        _ = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal([9], Written(machine));
        Assert.Empty(Written(machine));
    }

    // Numbers of the pages, and then none of them is written any more.
    private static List<int> Written(EmulatedMachine machine)
    {
        const int Pages = 512;
        ulong* bitmap = stackalloc ulong[Pages / 64];
        mshv_gpap_access_bitmap request = new() { access_type = 1, access_op = 1, page_count = Pages, bitmap_ptr = (ulong)bitmap };
        Assert.Equal(0, PartitionIoctls.MSHV_GET_GPAP_ACCESS_BITMAP(machine.Partition, ref request).Errno);
        List<int> pages = [];
        for (int page = 0; page < Pages; page++)
        {
            if (((bitmap[page / 64] >> (page % 64)) & 1) != 0)
            {
                pages.Add(page);
            }
        }

        return pages;
    }

    private static void Freeze(EmulatedMachine machine, bool freeze)
    {
        byte[] input = new byte[24];
        MemoryMarshal.Write(input.AsSpan(8), 0x30003u);
        input[16] = (byte)(freeze ? 1 : 0);
        _ = machine.Call(machine.Partition, 0x45, input, [], 0, out int errno);
        Assert.Equal(0, errno);
    }
}
