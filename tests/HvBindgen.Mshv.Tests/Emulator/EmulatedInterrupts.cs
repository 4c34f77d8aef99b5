using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Tests.Guests;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Interrupts into guests that really run, and the start of further processors.</summary>
public sealed unsafe class EmulatedInterrupts
{
    private const byte Vector = 0x40;
    private const ulong HandlerGpa = 0xa000;
    private const uint ApicBase = 0xfee00000;

    [Fact]
    public void An_asserted_interrupt_wakes_a_halted_guest()
    {
        using EmulatedMachine machine = HaltingGuest();
        RunUntilReady(machine);
        Thread sender = new(() =>
        {
            Thread.Sleep(50);
            Assert.Equal((0, 0), Assert94(machine, hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, Vector));
        });
        sender.Start();

        Assert.Equal(0x77, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
        sender.Join();
    }

    [Fact]
    public void An_event_of_a_routed_interrupt_wakes_a_halted_guest()
    {
        using EmulatedMachine machine = HaltingGuest();
        int eventFd = (int)EmulatedMachine.Expect(machine.System.CreateEvent(0, 0x80000));
        SetRoute(machine, gsi: 5, vector: Vector, isLevel: false);
        mshv_user_irqfd irqfd = new() { fd = eventFd, gsi = 5 };
        Assert.Equal(0, PartitionIoctls.MSHV_IRQFD(machine.Partition, in irqfd).Errno);
        Assert.Equal(16, PartitionIoctls.MSHV_IRQFD(machine.Partition, in irqfd).Errno); // EBUSY
        RunUntilReady(machine);
        Thread sender = new(() =>
        {
            Thread.Sleep(50);
            Signal(eventFd);
        });
        sender.Start();

        Assert.Equal(0x77, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
        sender.Join();
        irqfd.flags = (uint)MSHV_IRQFD_FLAGS.DEASSIGN;
        Assert.Equal(0, PartitionIoctls.MSHV_IRQFD(machine.Partition, in irqfd).Errno);
        Assert.Equal(0, PartitionIoctls.MSHV_IRQFD(machine.Partition, in irqfd).Errno);
        machine.System.Close(eventFd);
    }

    [Fact]
    public void The_end_of_a_level_triggered_interrupt_is_a_message()
    {
        using EmulatedMachine machine = HaltingGuest();
        RunUntilReady(machine);
        Assert.Equal((0, 0), Assert94(machine, hv_interrupt_type.HV_X64_INTERRUPT_TYPE_FIXED, Vector, isLevel: true));
        hv_x64_io_port_intercept_message port =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, port.header.rip + port.header.instruction_length);

        // Some hosts' KVM executes a few instructions more before it reports the end.
        hv_message message = machine.RunToMessage();
        if (message.header.message_type == (uint)hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT)
        {
            message = machine.RunToMessage();
        }

        Assert.Equal(hv_message_type.HVMSG_X64_APIC_EOI, (hv_message_type)message.header.message_type);
        hv_x64_apic_eoi_message end = MemoryMarshal.Read<hv_x64_apic_eoi_message>(
            MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)message.u.payload));

        Assert.Equal((0u, (uint)Vector), (end.vp_index, end.interrupt_vector));
    }

    [Fact]
    public void A_resampled_interrupt_tells_its_event_of_the_end_instead()
    {
        using EmulatedMachine machine = HaltingGuest();
        int eventFd = (int)EmulatedMachine.Expect(machine.System.CreateEvent(0, 0x80000));
        int resampleFd = (int)EmulatedMachine.Expect(machine.System.CreateEvent(0, 0x80800)); // not blocking
        mshv_user_irqfd irqfd = new()
        {
            fd = eventFd,
            resamplefd = resampleFd,
            gsi = Vector,
            flags = (uint)MSHV_IRQFD_FLAGS.RESAMPLE,
        };
        Assert.Equal(22, PartitionIoctls.MSHV_IRQFD(machine.Partition, in irqfd).Errno); // no route
        SetRoute(machine, gsi: Vector, vector: Vector, isLevel: false);
        Assert.Equal(22, PartitionIoctls.MSHV_IRQFD(machine.Partition, in irqfd).Errno); // not level-triggered
        SetRoute(machine, gsi: Vector, vector: Vector, isLevel: true);
        Assert.Equal(0, PartitionIoctls.MSHV_IRQFD(machine.Partition, in irqfd).Errno);
        RunUntilReady(machine);
        Signal(eventFd);
        hv_x64_io_port_intercept_message port =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, port.header.rip + port.header.instruction_length);
        Assert.False(Take(resampleFd));

        // The handler ends the interrupt and returns to the loop, which says so.
        // Some hosts' KVM executes a few instructions more before it reports the end.
        Assert.Equal(0x78, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
        Assert.Equal(0x78, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
        Assert.True(Take(resampleFd));
        machine.System.Close(eventFd);
        machine.System.Close(resampleFd);
    }

    [Fact]
    public void A_second_processor_starts_when_the_first_sends_it_init_and_startup()
    {
        using EmulatedMachine machine = new(processorCount: 2);
        byte[] application = [0xe6, 0x55, 0xf4]; // out 0x55, al; hlt
        application.CopyTo(machine.RamAt(0x9000, application.Length));
        byte[] boot = GuestCode.Assemble(32, a =>
        {
            a.mov(ebx, ApicBase);
            a.mov(__dword_ptr[ebx + 0x310], 1 << 24);
            a.mov(__dword_ptr[ebx + 0x300], 0x4500); // INIT
            a.mov(__dword_ptr[ebx + 0x300], 0x4609); // SIPI, page 9
            a.@out(0x66, al);
        });
        GuestCode.Start(machine, 32, boot);
        Assert.Equal(1u, machine.Get(hv_register_name.HV_REGISTER_INTERNAL_ACTIVITY_STATE, 1).reg64 & 1);
        hv_x64_io_port_intercept_message fromSecond = default;
        Thread second = new(() =>
            fromSecond = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, 1));
        second.Start();

        Assert.Equal(0x66, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
        Assert.True(second.Join(RunningGuest.TooLong));
        Assert.Equal((0x55, 1u, 0UL), ((int)fromSecond.port_number, fromSecond.header.vp_index, fromSecond.header.rip));
        Assert.Equal(0x9000UL, fromSecond.header.cs_segment.@base);
    }

    [Fact]
    public void A_triple_fault_is_an_unrecoverable_exception()
    {
        using EmulatedMachine machine = new();
        GuestCode.Start(machine, 32, [0x0f, 0x0b]); // ud2 without an interrupt table
        machine.Set(hv_register_name.HV_X64_REGISTER_IDTR, default(hv_register_value));

        hv_x64_unrecoverable_exception_message message =
            machine.RunTo<hv_x64_unrecoverable_exception_message>(hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION);

        Assert.Equal(0u, message.header.vp_index);
    }

    [Fact]
    public void Without_an_apic_a_halt_is_a_message()
    {
        using EmulatedMachine machine = new(flags: 0);
        GuestCode.Start(machine, 32, [0xf4, 0xe6, 0x10]);

        _ = machine.RunTo<hv_x64_halt_message>(hv_message_type.HVMSG_X64_HALT);

        Assert.Equal(0x10, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
    }

    [Fact]
    public void A_pending_exception_is_delivered_through_the_interrupt_table()
    {
        using EmulatedMachine machine = HaltingGuest();
        RunUntilReady(machine);
        hv_x64_pending_exception_event pending = new() { event_pending = 1, vector = 13, deliver_error_code = 1, error_code = 0x18 };
        machine.Set(hv_register_name.HV_REGISTER_PENDING_EVENT0, new hv_register_value
        {
            reg128 = new hv_u128 { low_part = pending.as_uint64[0], high_part = pending.as_uint64[1] },
        });

        hv_x64_io_port_intercept_message port =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal(0x77, port.port_number);
        Assert.Equal(0x18u, MemoryMarshal.Read<uint>(machine.RamAt(machine.Get(hv_register_name.HV_X64_REGISTER_RSP).reg64, 4)));
    }

    // An APIC that is not enabled yet drops interrupts.
    private static void RunUntilReady(EmulatedMachine machine)
    {
        hv_x64_io_port_intercept_message ready =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal(0x76, ready.port_number);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, ready.header.rip + ready.header.instruction_length);
    }

    // 32-bit: enables its APIC and waits; the handler says so, ends the interrupt and returns; the loop says so too.
    private static EmulatedMachine HaltingGuest()
    {
        EmulatedMachine machine = new();
        byte[] handler = GuestCode.Assemble(32, a =>
        {
            a.@out(0x77, al);
            a.mov(__dword_ptr[ebx + 0xb0], 0);
            a.iretd();
        });
        handler.CopyTo(machine.RamAt(HandlerGpa, handler.Length));
        byte[] code = GuestCode.Assemble(32, a =>
        {
            Label again = a.CreateLabel();
            a.mov(ebx, ApicBase);
            a.mov(__dword_ptr[ebx + 0xf0], 0x1ff);
            a.@out(0x76, al);
            a.sti();
            a.Label(ref again);
            a.hlt();
            a.@out(0x78, al);
            a.jmp(again);
        });
        GuestCode.Start(machine, 32, code);
        WriteTables(machine);
        return machine;
    }

    private static void WriteTables(EmulatedMachine machine)
    {
        const ulong Gdt = 0x500;
        const ulong Idt = 0x1000;
        ulong[] descriptors = [0, 0x00cf9b000000ffff, 0x00cf93000000ffff];
        MemoryMarshal.AsBytes(descriptors.AsSpan()).CopyTo(machine.RamAt(Gdt, 24));
        ulong gate = (HandlerGpa & 0xffff) | (8 << 16) | (0x8e00UL << 32) | (HandlerGpa >> 16 << 48);
        for (ulong vector = 0; vector < 256; vector++)
        {
            MemoryMarshal.Write(machine.RamAt(Idt + (vector * 8), 8), in gate);
        }

        machine.Set(hv_register_name.HV_X64_REGISTER_GDTR, new hv_register_value { table = new() { @base = Gdt, limit = 23 } });
        machine.Set(hv_register_name.HV_X64_REGISTER_IDTR, new hv_register_value { table = new() { @base = Idt, limit = 0x7ff } });
    }

    internal static (int Errno, int Status) Assert94(EmulatedMachine machine, hv_interrupt_type type, uint vector, bool isLevel = false)
    {
        hv_input_assert_virtual_interrupt input = new() { vector = vector };
        input.control.interrupt_type = (uint)type;
        input.control.level_triggered = isLevel ? 1u : 0;
        mshv_root_hvcall call = machine.Call(
            machine.Partition,
            0x94,
            MemoryMarshal.AsBytes(new ReadOnlySpan<hv_input_assert_virtual_interrupt>(in input)),
            [],
            0,
            out int errno);
        return (errno, call.status);
    }

    private static void SetRoute(EmulatedMachine machine, uint gsi, byte vector, bool isLevel)
    {
        byte[] table = new byte[mshv_user_irq_table.AllocationSize(1)];
        MemoryMarshal.Write(table, new mshv_user_irq_table { nr = 1 });
        mshv_user_irq_table.entries(table.AsSpan())[0] = new()
        {
            gsi = gsi,
            address_lo = ApicBase,
            data = vector | (isLevel ? 0x8000u : 0),
        };
        fixed (byte* pointer = table)
        {
            Assert.Equal(0, PartitionIoctls.MSHV_SET_MSI_ROUTING(machine.Partition, (mshv_user_irq_table*)pointer).Errno);
        }
    }

    private static void Signal(int eventFd) => Assert.Equal(0, HostCalls.WriteEvent(eventFd, 1).Errno);

    private static bool Take(int eventFd) => HostCalls.ReadEvent(eventFd, out _).IsSuccess;
}
