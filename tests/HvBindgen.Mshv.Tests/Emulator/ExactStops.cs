using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Engine.Kvm;
using HvBindgen.Mshv.Interop;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Where the processor executes the guest by itself, an access to no memory leaves everything as before its instruction.</summary>
public sealed unsafe class ExactStops
{
    private const ulong Device = GuestCode.DeviceGpa;
    private const ulong Ram = 0x9000;
    private const ulong EdgeOfRam = EmulatedMachine.RamBytes;
    private const ulong DirectoryPointersGpa = GuestCode.PageTableGpa + 0x1000;
    private const string Reason = "this host's KVM executes guest code by itself: it stops for a store after its instruction";

    /// <summary>Whether this host's processors stop so.</summary>
    internal static bool AreThere
    {
        get
        {
            Requirement.Emulator();
            if (Requirement.IsSoftware)
            {
                return true;
            }

            using KvmDevice device = KvmDevice.Open(new RunStatistics());
            return device.StopsExactly;
        }
    }

    /// <summary>Instruction, where its first access to no memory is, and whether that is a write.</summary>
    private static Dictionary<string, (Action<Assembler> Write, ulong Gpa, bool IsWrite)> Kinds => new()
    {
        ["load"] = (a => a.mov(rax, __qword_ptr[rbx]), Device, false),
        ["load of a byte"] = (a => a.movzx(eax, __byte_ptr[rbx]), Device, false),
        ["store"] = (a => a.mov(__qword_ptr[rbx], rax), Device, true),
        ["store of an immediate"] = (a => a.mov(__dword_ptr[rbx + 4], 0xa5a5a5a5), Device + 4, true),
        ["non-temporal store"] = (a => a.movnti(__qword_ptr[rbx], rax), Device, true),
        ["read, modify, write"] = (a => a.add(__dword_ptr[rbx], eax), Device, false),
        ["locked"] = (a => a.@lock.xadd(__dword_ptr[rbx], eax), Device, false),
        ["exchange"] = (a => a.xchg(__qword_ptr[rbx], rax), Device, false),
        ["compare and exchange"] = (a => a.@lock.cmpxchg(__qword_ptr[rbx], rcx), Device, false),
        ["push of it"] = (a => a.push(__qword_ptr[rbx]), Device, false),
        ["pop to it"] = (a => a.pop(__qword_ptr[rbx]), Device, true),
        ["call through it"] = (a => a.call(__qword_ptr[rbx]), Device, false),
        ["copy to it"] = (a => a.movsq(), Device, true),
        ["fill"] = (a => a.stosd(), Device, true),
        ["repeated fill"] = (a => a.rep.stosb(), Device, true),
        ["scan"] = (a => a.scasb(), Device, false),
        ["bit"] = (a => a.bt(__qword_ptr[rbx], 3), Device, false),
        ["vector load"] = (a => a.movups(xmm1, __xmmword_ptr[rbx]), Device, false),
        ["vector store"] = (a => a.movups(__xmmword_ptr[rbx], xmm2), Device, true),
        ["vector operand"] = (a => a.paddd(xmm1, __xmmword_ptr[rbx]), Device, false),
        ["control word"] = (a => a.fnstcw(__word_ptr[rbx]), Device, true),
        ["floating-point store"] = (a => a.fstp(__qword_ptr[rbx]), Device, true),
        ["environment"] = (a => a.fnstenv(__[rbx]), Device, true),
        ["all of it"] = (a => a.fxsave(__[rbx]), Device, true),
        ["conversion"] = (a => a.cvtsi2sd(xmm1, __dword_ptr[rbx]), Device, false),
        ["flag"] = (a => a.setne(__byte_ptr[rbx]), Device, true),
        ["store that ends in it"] = (a => a.mov(__qword_ptr[r8], rax), EdgeOfRam, true),
        ["load that ends in it"] = (a => a.mov(rax, __qword_ptr[r8]), EdgeOfRam, false),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_of_an_instruction_has_happened(string name)
    {
        Assert.SkipUnless(AreThere, Reason);
        (Action<Assembler> write, ulong gpa, bool isWrite) = Kinds[name];
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(64, write);
        GuestCode.Start(machine, 64, code);
        machine.RamAt(Ram, 0x100).Fill(0x5a);
        machine.RamAt(EdgeOfRam - 16, 16).Fill(0x3c);
        machine.RamAt(GuestCode.StackGpa - 16, 32).Fill(0x77);
        machine.Set(hv_register_name.HV_X64_REGISTER_XMM1, new hv_register_value { reg128 = new() { low_part = 1, high_part = 2 } });
        ulong[] values = [0x1122334455667788, 3, 5, Device, GuestCode.StackGpa, 7, Ram, Device, EdgeOfRam - 4];
        for (int register = 0; register < values.Length; register++)
        {
            machine.Set(hv_register_name.HV_X64_REGISTER_RAX + (uint)register, values[register]);
        }

        byte[] before = machine.RamAt(0, (int)EmulatedMachine.RamBytes).ToArray();

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        Assert.Equal(gpa, message.guest_physical_address);
        Assert.Equal(
            isWrite ? hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE : hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ,
            (hv_intercept_access_type)message.header.intercept_access_type);
        Assert.Equal(code, ((ReadOnlySpan<byte>)message.instruction_bytes)[..code.Length]);
        Assert.Equal(GuestCode.CodeGpa, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64);
        Assert.Equal(values, Enumerable.Range(0, values.Length).Select(each =>
            machine.Get(hv_register_name.HV_X64_REGISTER_RAX + (uint)each).reg64));
        hv_register_value vector = machine.Get(hv_register_name.HV_X64_REGISTER_XMM1);
        Assert.Equal((1ul, 2ul), (vector.reg128.low_part, vector.reg128.high_part));

        // The processor notes in the tables that it has used them.
        byte[] after = machine.RamAt(0, (int)EmulatedMachine.RamBytes).ToArray();
        Assert.Equal(before[..(int)GuestCode.PageTableGpa], after[..(int)GuestCode.PageTableGpa]);
        Assert.Equal(before[^16..], after[^16..]);
        Assert.Empty(machine.Refusals);
    }

    [Fact]
    public void A_table_where_no_memory_is_is_no_data()
    {
        Assert.SkipUnless(AreThere, Reason);
        const ulong Linear = 4ul << 30;
        using EmulatedMachine machine = new();
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, a => a.mov(rax, __qword_ptr[rbx])));
        BitConverter.TryWriteBytes(machine.RamAt(DirectoryPointersGpa + (8 * (Linear >> 30)), 8), Device | 3);
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, Linear + 0x20_0000);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        // The second entry of the directory.
        Assert.Equal(Device + 8, message.guest_physical_address);
        Assert.Equal(0, message.memory_access_info.gva_valid);
        Assert.Equal(GuestCode.CodeGpa, message.header.rip);
    }

    [Fact]
    public void Memory_that_comes_and_goes_is_memory_and_then_none()
    {
        Assert.SkipUnless(AreThere, Reason);
        using EmulatedMachine machine = new();
        byte* host = machine.MapHostMemory(0x1000);
        byte[] code = GuestCode.Assemble(64, a =>
        {
            a.mov(__dword_ptr[rbx], eax);
            a.@out(0x80, al);
        });
        GuestCode.Start(machine, 64, code);
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, Device);
        machine.Set(hv_register_name.HV_X64_REGISTER_RAX, 0x12345678);

        _ = machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);
        Assert.Equal(0, machine.MapGuest(Device, 0x1000, host, MSHV_SET_MEM_FLAGS.WRITABLE));
        _ = machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal(0x12345678, *(int*)host);

        Assert.Equal(0, machine.MapGuest(Device, 0x1000, host, MSHV_SET_MEM_FLAGS.UNMAP));
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, GuestCode.CodeGpa);
        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);
        Assert.Equal(GuestCode.CodeGpa, message.header.rip);
    }

    [Fact]
    public void Memory_that_the_process_took_away_is_an_intercept()
    {
        Assert.SkipUnless(AreThere, Reason);
        using EmulatedMachine machine = new();
        byte* host = machine.MapHostMemory(0x1000);
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, a => a.mov(__dword_ptr[rbx], eax)));
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, Device);
        Assert.Equal(0, machine.MapGuest(Device, 0x1000, host, MSHV_SET_MEM_FLAGS.WRITABLE));
        Assert.Equal(0, CLibrary.Mprotect(host, 0x1000, 0));

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_GPA_INTERCEPT);

        Assert.Equal(Device, message.guest_physical_address);
        Assert.Equal(GuestCode.CodeGpa, message.header.rip);
    }

    [Fact]
    public void Far_above_memory_the_second_access_is_exact()
    {
        Assert.SkipUnless(AreThere, Reason);
        const ulong Far = 0x1f_c000_0000;
        const ulong Linear = 4ul << 30;
        using EmulatedMachine machine = new();
        int loadBytes = GuestCode.Assemble(64, a => a.mov(eax, __dword_ptr[rbx])).Length;
        GuestCode.Start(machine, 64, GuestCode.Assemble(64, a =>
        {
            a.mov(eax, __dword_ptr[rbx]);
            a.fnstcw(__word_ptr[rbx]);
        }));

        // A page of 1 GiB.
        BitConverter.TryWriteBytes(machine.RamAt(DirectoryPointersGpa + (8 * (Linear >> 30)), 8), Far | 0x83);
        machine.Set(hv_register_name.HV_X64_REGISTER_RBX, Linear);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);
        Assert.Equal(Far, message.guest_physical_address);
        machine.Set(hv_register_name.HV_X64_REGISTER_RIP, GuestCode.CodeGpa + (ulong)loadBytes);
        message = machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        Assert.Equal(Far, message.guest_physical_address);
        Assert.Equal(GuestCode.CodeGpa + (ulong)loadBytes, message.header.rip);
        Assert.Empty(machine.Refusals);
    }
}
