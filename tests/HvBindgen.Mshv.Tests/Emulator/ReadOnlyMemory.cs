using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Stores to memory that a guest may only read, where the process has that memory to share.</summary>
public sealed unsafe class ReadOnlyMemory
{
    private const ulong RegionGpa = GuestCode.DeviceGpa;
    private const ulong RegionBytes = 0x10000;
    private const int SharedAnonymous = 0x21;
    private const string Reason = "this host's KVM executes guest code by itself: it stops for a store after its instruction";

    public static TheoryData<string> Stores => ["mov", "fnstcw", "rep stosb", "movsq", "fxsave", "push", "xadd"];

    [Theory]
    [MemberData(nameof(Stores))]
    public void Nothing_of_a_store_has_happened(string name)
    {
        Assert.SkipUnless(ExactStops.AreThere, Reason);
        using EmulatedMachine machine = new();
        byte* host = MapShared(machine, MSHV_SET_MEM_FLAGS.EXECUTABLE);
        new Span<byte>(host, (int)RegionBytes).Fill(0x6b);
        byte[] code = GuestCode.Assemble(64, a =>
        {
            switch (name)
            {
                case "mov": a.mov(__dword_ptr[rbx], 0xa5a5a5a5); break;
                case "fnstcw": a.fnstcw(__word_ptr[rbx]); break;
                case "rep stosb": a.rep.stosb(); break;
                case "movsq": a.movsq(); break;
                case "fxsave": a.fxsave(__[rbx]); break;
                case "push": a.push(rax); break;
                default: a.@lock.xadd(__dword_ptr[rbx], eax); break;
            }
        });
        GuestCode.Start(machine, 64, code);
        ulong[] values = [0x1122334455667788, 3, 5, RegionGpa, RegionGpa + 0x108, 7, 0x9000, RegionGpa];
        for (int register = 0; register < values.Length; register++)
        {
            machine.Set(hv_register_name.HV_X64_REGISTER_RAX + (uint)register, values[register]);
        }

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_GPA_INTERCEPT);

        Assert.Equal(name == "push" ? RegionGpa + 0x100 : RegionGpa, message.guest_physical_address);
        Assert.Equal((byte)hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE, message.header.intercept_access_type);
        Assert.Equal(code, ((ReadOnlySpan<byte>)message.instruction_bytes)[..code.Length]);
        Assert.Equal(GuestCode.CodeGpa, message.header.rip);
        Assert.Equal(values, Enumerable.Range(0, values.Length).Select(each =>
            machine.Get(hv_register_name.HV_X64_REGISTER_RAX + (uint)each).reg64));
        Assert.False(new Span<byte>(host, (int)RegionBytes).ContainsAnyExcept((byte)0x6b));
        Assert.Empty(machine.Refusals);
    }

    [Fact]
    public void What_the_process_writes_there_the_guest_reads_and_executes()
    {
        using EmulatedMachine machine = new();
        byte* host = MapShared(machine, MSHV_SET_MEM_FLAGS.EXECUTABLE);
        for (int round = 1; round < 4; round++)
        {
            byte[] code = [0xb0, (byte)round, 0xe6, 0x80]; // mov al, round; out 0x80, al
            code.CopyTo(new Span<byte>(host, code.Length));
            GuestCode.Start(machine, 64);
            machine.Set(hv_register_name.HV_X64_REGISTER_RIP, RegionGpa);

            hv_x64_io_port_intercept_message message =
                machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

            Assert.Equal((byte)round, (byte)message.rax);
        }
    }

    [Fact]
    public void Page_tables_there_translate()
    {
        using EmulatedMachine machine = new();
        byte* host = MapShared(machine, MSHV_SET_MEM_FLAGS.EXECUTABLE);
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, a =>
        {
            a.mov(eax, __dword_ptr[0x9010]);
            a.@out(0x80, al);
        }));
        machine.RamAt(0x9010, 1)[0] = 0x7e;

        // What a processor would note (accessed, dirty) is there already.
        Span<ulong> tables = MemoryMarshal.Cast<byte, ulong>(new Span<byte>(host, 0x3000));
        tables[0] = (RegionGpa + 0x1000) | 0x63;
        tables[512] = (RegionGpa + 0x2000) | 0x63;
        tables[1024] = 0xe3;
        machine.Set(hv_register_name.HV_X64_REGISTER_CR3, RegionGpa);

        hv_x64_io_port_intercept_message message =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal(0x7e, (byte)message.rax);
    }

    [Fact]
    public void Memory_that_comes_back_with_the_right_to_write_is_written()
    {
        using EmulatedMachine machine = new();
        byte* host = MapShared(machine, MSHV_SET_MEM_FLAGS.EXECUTABLE);
        Assert.Equal(0, machine.MapGuest(RegionGpa, RegionBytes, host, MSHV_SET_MEM_FLAGS.UNMAP));
        Assert.Equal(0, machine.MapGuest(RegionGpa, RegionBytes, host, MSHV_SET_MEM_FLAGS.WRITABLE));
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, a =>
        {
            a.mov(__byte_ptr[rbx], 0x44);
            a.@out(0x80, al);
        }));
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, RegionGpa);

        _ = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);

        Assert.Equal(0x44, *host);
    }

    private static byte* MapShared(EmulatedMachine machine, MSHV_SET_MEM_FLAGS flags)
    {
        byte* host = machine.MapHostMemory(RegionBytes, SharedAnonymous);
        Assert.Equal(0, machine.MapGuest(RegionGpa, RegionBytes, host, flags));
        return host;
    }
}
