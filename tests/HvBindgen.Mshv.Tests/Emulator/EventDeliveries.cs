using System.Buffers.Binary;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>
/// An exception whose handler's table or stack is in no memory: an intercept that names the place and no instruction, after which the
/// event is still due.
/// </summary>
public sealed unsafe class EventDeliveries
{
    private const ulong NoMemory = GuestCode.DeviceGpa;
    private const ulong IdtGpa = 0x600;
    private const ulong GdtGpa = 0x500;
    private const ulong HandlerGpa = 0x9000;
    private const byte UndefinedOpcode = 6;
    private const string Reason = "this host's KVM executes guest code by itself, and does not tell where a delivery ended";

    public static TheoryData<int> Widths => [16, 32, 64];

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_stack_in_no_memory_is_the_intercept_of_its_first_word(int bits)
    {
        Assert.SkipUnless(ExactStops.AreThere, Reason);
        using EmulatedMachine machine = new();
        Prepare(machine, bits, tables: IdtGpa, stack: NoMemory + 0x800);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        AssertIsOfDelivery(machine, in message, hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE);
        Assert.Equal(NoMemory + 0x800 - (ulong)(bits / 8), message.guest_physical_address);
        Assert.Equal(message.guest_physical_address, message.guest_virtual_address);

        // With memory there the same event arrives.
        byte* host = machine.MapHostMemory(0x1000);
        Assert.Equal(0, machine.MapGuest(NoMemory, 0x1000, host, MSHV_SET_MEM_FLAGS.WRITABLE));
        hv_x64_io_port_intercept_message end =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal((0x81, 0), (end.port_number, end.header.execution_state.interruption_pending));
        int words = bits == 64 ? 5 : 3;
        ulong frame = machine.Get(hv_register_name.HV_X64_REGISTER_RSP).reg64;
        Assert.Equal((ulong)(0x800 - (words * bits / 8)), frame % 0x1000);
        Assert.Equal((ushort)GuestCode.CodeGpa, *(ushort*)(host + (frame % 0x1000)));
        Assert.Empty(machine.Refusals);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_table_in_no_memory_is_the_intercept_of_the_entry(int bits)
    {
        Assert.SkipUnless(ExactStops.AreThere, Reason);
        using EmulatedMachine machine = new();
        Prepare(machine, bits, tables: NoMemory, stack: GuestCode.StackGpa);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        AssertIsOfDelivery(machine, in message, hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ);
        Assert.Equal(NoMemory + (ulong)(UndefinedOpcode * bits / 4), message.guest_physical_address);
    }

    [Fact]
    public void An_event_that_the_client_takes_back_is_not_delivered()
    {
        Assert.SkipUnless(ExactStops.AreThere, Reason);
        using EmulatedMachine machine = new();
        Prepare(machine, 64, tables: IdtGpa, stack: NoMemory + 0x800);
        _ = machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        machine.Set(hv_register_name.HV_REGISTER_PENDING_INTERRUPTION, 0);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, HandlerGpa);

        Assert.Equal(0x81, machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT).port_number);
        Assert.Equal(NoMemory + 0x800, machine.Get(hv_register_name.HV_X64_REGISTER_RSP).reg64);
    }

    private static void AssertIsOfDelivery(
        EmulatedMachine machine, in hv_x64_memory_intercept_message message, hv_intercept_access_type access)
    {
        Assert.Equal((1, 0), (message.header.execution_state.interruption_pending, message.instruction_byte_count));
        Assert.Equal(access, (hv_intercept_access_type)message.header.intercept_access_type);
        Assert.Equal(GuestCode.CodeGpa, message.header.rip);
        hv_x64_pending_interruption_register pending =
            machine.Get(hv_register_name.HV_REGISTER_PENDING_INTERRUPTION).pending_interruption;
        Assert.Equal(
            (1u, (uint)Abi.X64.Constants.HV_X64_PENDING_EXCEPTION, (uint)UndefinedOpcode),
            ((uint)pending.interruption_pending, (uint)pending.interruption_type, (uint)pending.interruption_vector));
    }

    // UD2, and a handler that writes to port 0x81.
    private static void Prepare(EmulatedMachine machine, int bits, ulong tables, ulong stack)
    {
        GuestCode.Start(machine, bits, GuestCode.Assemble(bits, a => a.ud2()));
        byte[] handler = GuestCode.Assemble(bits, a => a.@out(0x81, al));
        handler.CopyTo(machine.RamAt(HandlerGpa, handler.Length));
        Span<byte> idt = machine.RamAt(IdtGpa + (ulong)(UndefinedOpcode * bits / 4), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(idt, (ushort)HandlerGpa);
        if (bits == 16)
        {
            // Selector 0: the handler's offset is its address. So is the stack's, with a base of the hidden register.
            machine.Set(hv_register_name.HV_X64_REGISTER_SS, new hv_register_value
            {
                segment = new() { @base = stack & ~0xffful, limit = 0xffff, attributes = 0x93 },
            });
            stack &= 0xfff;
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(idt[2..], 8);
            idt[5] = 0x8e; // an interrupt gate
            BinaryPrimitives.WriteUInt64LittleEndian(
                machine.RamAt(GdtGpa + 8, 8), bits == 64 ? 0x00af9b000000fffful : 0x00cf9b000000fffful);
            machine.Set(hv_register_name.HV_X64_REGISTER_GDTR, new hv_register_value
            {
                table = new() { @base = GdtGpa, limit = 0xf },
            });
        }

        machine.Set(hv_register_name.HV_X64_REGISTER_IDTR, new hv_register_value
        {
            table = new() { @base = tables, limit = 0xfff },
        });
        machine.Set(hv_register_name.HV_X64_REGISTER_RSP, stack);
    }
}
