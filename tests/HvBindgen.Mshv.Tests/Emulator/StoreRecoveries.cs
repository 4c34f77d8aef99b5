using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Interop;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Emulator;

/// <summary>Stores to a device whose bytes can be read in more than one way from behind, as compilers make them.</summary>
public sealed class StoreRecoveries
{
    private const ulong Device = GuestCode.DeviceGpa;
    private const ulong Elsewhere = 0x9000;
    private const int StoreBytes = 7; // C7 47 FC, and four bytes of immediate
    private const int Rounds = 4;

    private static ReadOnlySpan<byte> StoreStart => [0xc7, 0x47, 0xfc];

    /// <summary>Last bytes that are instructions by themselves: string stores, pushes, prefixes.</summary>
    public static TheoryData<int, uint> LookAlikes
    {
        get
        {
            TheoryData<int, uint> cases = [];
            foreach (int bits in (int[])[32, 64])
            {
                foreach (byte last in (byte[])[0xa4, 0xa5, 0xaa, 0xab, 0x50, 0x57, 0x8f, 0x06, 0x90, 0x00])
                {
                    cases.Add(bits, last * 0x01010101u);
                    cases.Add(bits, (uint)last << 24);
                }
            }

            return cases;
        }
    }

    // for (p = device; p < end; p++) *p = value;
    [Theory]
    [MemberData(nameof(LookAlikes))]
    public void A_loop_of_stores_stops_at_each_store_with_its_value(int bits, uint value)
    {
        using EmulatedMachine machine = new();
        byte[] code = bits == 64 ? Loop64(value) : Loop32(value);
        int store = code.AsSpan().IndexOf(StoreStart);
        GuestCode.Start(machine, bits, code);
        machine.Set(hv_register_name.HV_X64_REGISTER_RSI, Elsewhere);
        machine.RamAt(Elsewhere - 16, 32).Fill(0x11);

        for (int round = 0; round < Rounds; round++)
        {
            hv_x64_memory_intercept_message message =
                machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

            Assert.Equal(GuestCode.CodeGpa + (ulong)store, message.header.rip);
            Assert.Equal(code.AsSpan(store, StoreBytes), ((ReadOnlySpan<byte>)message.instruction_bytes)[..StoreBytes]);
            Assert.Equal(Device + (4 * (ulong)round), message.guest_physical_address);
            Assert.Equal(Device + (4 * (ulong)(round + 1)), machine.Get(hv_register_name.HV_X64_REGISTER_RDI).reg64);
            Assert.Equal(Elsewhere, machine.Get(hv_register_name.HV_X64_REGISTER_RSI).reg64);
            machine.Set(hv_register_name.HV_X64_REGISTER_RIP, message.header.rip + StoreBytes);
        }

        hv_x64_io_port_intercept_message end =
            machine.RunTo<hv_x64_io_port_intercept_message>(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT);
        Assert.Equal(0x80, end.port_number);
    }

    [Fact]
    public void Readings_with_the_same_effect_are_as_good_as_each_other()
    {
        // What MOVSD would copy is what the store's immediate is: either way the device gets it, and RSI and RDI end where they ended.
        using EmulatedMachine machine = new();
        byte[] code = Loop64(0xa5a5a5a5);
        GuestCode.Start(machine, 64, code);
        machine.Set(hv_register_name.HV_X64_REGISTER_RSI, Elsewhere);
        machine.RamAt(Elsewhere - 16, 32).Fill(0xa5);

        hv_x64_memory_intercept_message message =
            machine.RunTo<hv_x64_memory_intercept_message>(hv_message_type.HVMSG_UNMAPPED_GPA);

        int start = (int)(message.header.rip - GuestCode.CodeGpa);
        int store = code.AsSpan().IndexOf(StoreStart);
        bool isCopy = start == store + StoreBytes - 1;
        Assert.True(isCopy || start == store, $"0x{start:x}");
        ulong moved = isCopy ? 4u : 0;
        Assert.Equal(Device, message.guest_physical_address);
        Assert.Equal(Device + 4 - moved, machine.Get(hv_register_name.HV_X64_REGISTER_RDI).reg64);
        Assert.Equal(Elsewhere - moved, machine.Get(hv_register_name.HV_X64_REGISTER_RSI).reg64);
    }

    [Fact]
    public void A_store_that_cannot_be_executed_aside_is_stopped_at_or_refused_with_its_bytes()
    {
        using EmulatedMachine machine = new();
        byte[] code = GuestCode.Assemble(64, a =>
        {
            a.mov(rbx, Device);
            a.fnstcw(__word_ptr[rbx]);
            a.@out(0x80, al);
        });
        GuestCode.Start(machine, 64, code);

        int errno;
        hv_message message;
        do
        {
            errno = machine.Run(out message);
        }
        while (errno == Errno.EINTR); // a signal of the runtime

        if (errno == 0)
        {
            // The host stops in front of every instruction: nothing has to be executed aside.
            Assert.Equal((uint)hv_message_type.HVMSG_UNMAPPED_GPA, message.header.message_type);
            int store = code.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xd9, 0x3b]);
            Assert.Equal(GuestCode.CodeGpa + (ulong)store, machine.Get(hv_register_name.HV_X64_REGISTER_RIP).reg64);
            Assert.Empty(machine.Refusals);
            return;
        }

        // Where the host's KVM does not carry the instruction out either, it says so.
        Assert.Equal(Errno.EIO, errno);
        Assert.Equal((uint)hv_message_type.HVMSG_NONE, message.header.message_type);
        string refusal = Assert.Single(machine.Refusals);
        Assert.Contains("Fnstcw", refusal, StringComparison.Ordinal);
        Assert.Contains("d93b", refusal, StringComparison.Ordinal);
        Assert.Contains("RIP 0x80", refusal, StringComparison.Ordinal);
    }

    private static byte[] Loop64(uint value) => GuestCode.Assemble(64, a =>
    {
        Label again = a.CreateLabel();
        a.mov(rdi, Device + 4);
        a.mov(rcx, Device + (4 * (Rounds + 1)));
        a.Label(ref again);
        a.mov(__dword_ptr[rdi - 4], value);
        a.add(rdi, 4);
        a.cmp(rdi, rcx);
        a.jne(again);
        a.@out(0x80, al);
    });

    private static byte[] Loop32(uint value) => GuestCode.Assemble(32, a =>
    {
        Label again = a.CreateLabel();
        a.mov(edi, (uint)Device + 4);
        a.mov(ecx, (uint)Device + (4 * (Rounds + 1)));
        a.Label(ref again);
        a.mov(__dword_ptr[edi - 4], value);
        a.add(edi, 4);
        a.cmp(edi, ecx);
        a.jne(again);
        a.@out(0x80, al);
    });
}
