using System.Text;
using System.Xml.Linq;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;
using HvBindgen.Mshv.Running;
using Xunit;
using Arm = HvBindgen.Mshv.Abi.Arm64.hv_register_name;
using Name = HvBindgen.Mshv.Abi.X64.hv_register_name;

namespace HvBindgen.Mshv.Tests.Gdb;

/// <summary>The protocol, over guests that do what the test says. What the guest and the hypervisor do for real is asked with gdb
/// itself.</summary>
public sealed class GdbServerTests(ITestOutputHelper output)
{
    private const byte Int3 = 0xcc;
    private const ulong TrapFlag = 1 << 8;

    [Fact]
    public void What_the_server_can_is_said_in_its_first_answer_and_a_command_that_is_unknown_is_answered_by_nothing()
    {
        using ScriptedMachine machine = new();
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);

        string features = gdb.Ask("qSupported:multiprocess+;swbreak+");
        Assert.Contains("qXfer:features:read+", features, StringComparison.Ordinal);
        Assert.Contains("QStartNoAckMode+", features, StringComparison.Ordinal);
        Assert.Equal("", gdb.Ask("vMustReplyEmpty"));
        Assert.Equal("", gdb.Ask("!"));
        Assert.Equal("T02thread:1;", gdb.Ask("?"));
        Assert.Equal("1", gdb.Ask("qAttached"));
        Assert.Equal("QC1", gdb.Ask("qC"));
    }

    [Theory]
    [InlineData(GuestArchitecture.X64, "i386:x86-64")]
    [InlineData(GuestArchitecture.Arm64, "aarch64")]
    public void The_description_names_every_register_of_a_reading_with_its_size(GuestArchitecture architecture, string named)
    {
        using ScriptedMachine machine = new(architecture: architecture);
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        StringBuilder text = new();
        string part;
        do
        {
            part = gdb.Ask($"qXfer:features:read:target.xml:{text.Length:x},100");
            _ = text.Append(part[1..]);
        }
        while (part[0] == 'm');

        XDocument description = XDocument.Parse(text.ToString());
        Assert.Equal(named, description.Root!.Element("architecture")!.Value);
        int bits = description.Descendants("reg").Sum(register => (int)register.Attribute("bitsize")!);
        Assert.Equal(bits / 4, gdb.Ask("g").Length);

        // Each type that is not gdb's own is declared before it is used.
        string[] declared = [.. description.Descendants().Attributes("id").Select(id => id.Value)];
        string[] own = [.. description.Descendants("reg").Select(register => register.Attribute("type")!.Value).Distinct().Except(
            ["int", "int32", "int64", "data_ptr", "code_ptr", "i387_ext"])];
        Assert.NotEmpty(own);
        Assert.Empty(own.Except(declared));
    }

    [Fact]
    public void Registers_are_read_and_written_alone_and_together_and_only_those_that_differ_are_written()
    {
        using ScriptedMachine machine = new();
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        const int Rbx = 1;
        Assert.Equal("OK", gdb.Ask($"P{Rbx:x}=efcdab8967452301"));
        Assert.Equal("efcdab8967452301", gdb.Ask($"p{Rbx:x}"));
        Assert.Equal(0x0123456789abcdefUL, machine.Register(Name.HV_X64_REGISTER_RBX).low_part);

        string all = gdb.Ask("g");
        Assert.Equal("efcdab8967452301", all.Substring(16 * Rbx, 16));
        machine.Fake.Calls.Log.Clear();
        Assert.Equal("OK", gdb.Ask("G" + "0100000000000000" + all[16..]));
        Assert.Equal(1UL, machine.Register(Name.HV_X64_REGISTER_RAX).low_part);
        Assert.Equal(0x0123456789abcdefUL, machine.Register(Name.HV_X64_REGISTER_RBX).low_part);
        Assert.StartsWith("E", gdb.Ask("pffff"), StringComparison.Ordinal);
        Assert.StartsWith("E", gdb.Ask("G00"), StringComparison.Ordinal);
        Assert.StartsWith("E", gdb.Ask("P1=00"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_the_processor_state_of_arm64_the_half_that_gdb_does_not_know_stays()
    {
        using ScriptedMachine machine = new(architecture: GuestArchitecture.Arm64);
        machine.Fake.Calls.Registers[(0, (uint)Arm.HV_ARM64_REGISTER_PSTATE)] = new hv_u128 { low_part = 0x1_0000_03c5 };
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        const int Cpsr = 33;

        Assert.Equal("c5030000", gdb.Ask($"p{Cpsr:x}"));
        Assert.Equal("OK", gdb.Ask($"P{Cpsr:x}=c4030000"));
        Assert.Equal(0x1_0000_03c4UL, machine.Fake.Calls.Registers[(0, (uint)Arm.HV_ARM64_REGISTER_PSTATE)].low_part);

        // No message tells of an exception there.
        Assert.Equal("", gdb.Ask("Z0,1000,4"));
        Assert.StartsWith("E", gdb.Ask("vCont;s:1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_read_as_far_as_there_is_some_and_written_whole()
    {
        using ScriptedMachine machine = new();
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);

        Assert.Equal("OK", gdb.Ask("M1ffe,4:01020304"));
        Assert.Equal("01020304", gdb.Ask("m1ffe,4"));
        Assert.Equal("OK", gdb.Ask("X1ffe,2:\x7f}\x03"));
        Assert.Equal("b\x7f#", gdb.Ask("x1ffe,2"));
        Assert.Equal(2 * 16, gdb.Ask("mfff0,100").Length);
        Assert.Equal("E0e", gdb.Ask("m10000,1"));
        Assert.Equal("E0e", gdb.Ask("M20000,1:00"));
        Assert.StartsWith("E", gdb.Ask("M1000,4:0102"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_breakpoint_is_hidden_from_readings_kept_under_writings_and_gone_with_the_debugger()
    {
        using ScriptedMachine machine = new();
        machine.Machine.Start();
        machine.Fake.Partition.Memory.Write<uint>(0x1000, 0x44332211);
        using (GdbClient gdb = new(machine.Server))
        {
            Assert.Equal("OK", gdb.Ask("Z0,1001,1"));
            Assert.Equal(Int3, machine.Fake.Partition.Memory.Read<byte>(0x1001));
            Assert.Equal("11223344", gdb.Ask("m1000,4"));
            Assert.Equal("OK", gdb.Ask("M1000,3:aabbcc"));
            Assert.Equal(Int3, machine.Fake.Partition.Memory.Read<byte>(0x1001));
            Assert.Equal("aabbcc44", gdb.Ask("m1000,4"));
            Assert.Equal("OK", gdb.Ask("Z0,1002,1"));
            Assert.Equal("OK", gdb.Ask("z0,1002,1"));
            Assert.Equal(0xcc, machine.Fake.Partition.Memory.Read<byte>(0x1002));
            Assert.Equal("E0e", gdb.Ask("Z0,20000,1"));
            gdb.HangUp();
        }

        Assert.Equal(0x44ccbbaau, machine.Fake.Partition.Memory.Read<uint>(0x1000));
    }

    [Fact]
    public void A_breakpoint_stops_the_processor_that_meets_it_and_others_with_it_and_another_s_INT3_is_the_guest_s()
    {
        using ScriptedMachine machine = new(processorCount: 2);
        int entries = 0;
        bool meets = false;
        machine.OnEntry = index => index == 1 && Volatile.Read(ref meets)
            ? ScriptedMachine.Exception(3, Interlocked.Increment(ref entries) == 1 ? 0x2000UL : 0x1000UL)
            : null;
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        Assert.Equal("OK", gdb.Ask("Z0,1000,1"));
        gdb.Send("vCont;c");
        Volatile.Write(ref meets, true);

        Assert.Equal("T05swbreak:;thread:2;", gdb.Receive());
        Assert.Equal(2, entries);
        Assert.All(machine.Processors, processor => Assert.False(processor.IsRunning));

        // The first was the guest's own, which takes it behind the instruction.
        Assert.Equal(3UL, machine.Register(Name.HV_REGISTER_PENDING_EVENT0, 1).low_part >> 16 & 0xff);
        Assert.Equal("m1,2", gdb.Ask("qfThreadInfo"));
        Assert.Equal("l", gdb.Ask("qsThreadInfo"));
        Assert.Equal("OK", gdb.Ask("T2"));
        Assert.StartsWith("E", gdb.Ask("T3"), StringComparison.Ordinal);
        Assert.Equal("OK", gdb.Ask("Hg1"));
    }

    [Fact]
    public void A_step_sets_the_trap_flag_of_one_processor_and_the_others_stand()
    {
        using ScriptedMachine machine = new(processorCount: 2);
        int[] entries = new int[2];
        ulong flags = 0;
        machine.OnEntry = index =>
        {
            entries[index]++;
            flags = machine.Register(Name.HV_X64_REGISTER_RFLAGS, 0).low_part;
            return index == 0 && (flags & TrapFlag) != 0 ? ScriptedMachine.Exception(1, 0x1001, 1 << 14) : null;
        };
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        Assert.Equal("vCont;c;C;s;S", gdb.Ask("vCont?"));
        int before = entries[1];

        Assert.Equal("T05thread:1;", gdb.Ask("vCont;s:1"));
        Assert.Equal(TrapFlag, flags & TrapFlag);
        Assert.Equal(0UL, machine.Register(Name.HV_X64_REGISTER_RFLAGS, 0).low_part & TrapFlag);
        Assert.Equal(before, entries[1]);

        // Held is held no longer.
        gdb.Send("c");
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref entries[1]) > before, TimeSpan.FromSeconds(30)));
        gdb.SendRaw([3]);
        Assert.Equal("T02thread:1;", gdb.Receive());
    }

    [Fact]
    public void A_step_over_an_instruction_that_the_loop_carries_out_is_a_step()
    {
        using ScriptedMachine machine = new();
        machine.OnEntry = index =>
        {
            ulong flags = machine.Register(Name.HV_X64_REGISTER_RFLAGS, 0).low_part;
            Abi.X64.hv_x64_io_port_intercept_message payload = new()
            {
                header = Running.TestMessages.Header64(InterceptAccess.Write, length: 1),
                port_number = 0x80,
            };
            payload.access_info.access_size = 1;
            payload.header.rflags = flags;
            return (flags & TrapFlag) != 0 ? Running.TestMessages.Of(hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, payload) : null;
        };
        machine.Handlers.Ports.Map(0x80, 1, new Sink());
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);

        Assert.Equal("T05thread:1;", gdb.Ask("s"));
        Assert.Equal(Running.TestMessages.Rip + 1, machine.Register(Name.HV_X64_REGISTER_RIP).low_part);
        Assert.Equal(0UL, machine.Register(Name.HV_REGISTER_PENDING_EVENT0).low_part);
    }

    [Theory]
    [InlineData("Z1,1004,1", "hwbreak:;", 0x1004, 0x0000_0403)]
    [InlineData("Z2,2008,8", "watch:2008;", 0x2008, 0x0009_0403)]
    [InlineData("Z4,2004,4", "awatch:2004;", 0x2004, 0x000f_0403)]
    public void A_watched_place_is_in_the_debug_registers_while_the_debugger_wants_it(
        string command, string told, ulong address, ulong control)
    {
        using ScriptedMachine machine = new(processorCount: 2);
        machine.Fake.Calls.Registers[(1, (uint)Name.HV_X64_REGISTER_DR0)] = new hv_u128 { low_part = 0x77 };
        bool hits = false;
        machine.OnEntry = index =>
            index == 1 && Volatile.Read(ref hits) && machine.Register(Name.HV_X64_REGISTER_DR7, 1).low_part == control
                ? ScriptedMachine.Exception(1, 0x1004, parameter: 1)
                : null;
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        Assert.Equal("OK", gdb.Ask(command));
        gdb.Send("vCont;c");
        Volatile.Write(ref hits, true);

        Assert.Equal($"T05{told}thread:2;", gdb.Receive());
        Assert.Equal(address, machine.Register(Name.HV_X64_REGISTER_DR0, 0).low_part);
        Volatile.Write(ref hits, false);
        Assert.Equal("OK", gdb.Ask("z" + command[1..]));
        Assert.Equal("OK", gdb.Ask("D"));
        gdb.HangUp();
        Assert.Equal(0x77UL, machine.Register(Name.HV_X64_REGISTER_DR0, 1).low_part);
        Assert.Equal(0UL, machine.Register(Name.HV_X64_REGISTER_DR7, 0).low_part);
    }

    [Fact]
    public void A_fifth_watched_place_and_one_that_is_misaligned_are_refused()
    {
        using ScriptedMachine machine = new();
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("OK", gdb.Ask($"Z2,{0x1000 + (8 * i):x},8"));
        }

        Assert.StartsWith("E", gdb.Ask("Z2,2000,8"), StringComparison.Ordinal);
        Assert.Equal("OK", gdb.Ask("z2,1000,8"));
        Assert.StartsWith("E", gdb.Ask("Z2,2001,8"), StringComparison.Ordinal);
        Assert.StartsWith("E", gdb.Ask("Z2,2000,3"), StringComparison.Ordinal);
        Assert.Equal("", gdb.Ask("Z3,2000,8"));
    }

    [Fact]
    public void The_end_of_the_machine_is_told_and_a_kill_ends_it()
    {
        using ScriptedMachine machine = new();
        machine.Machine.Start();
        using (GdbClient gdb = new(machine.Server))
        {
            gdb.Send("c");
            machine.Machine.RequestEnd(RunEnd.PowerOff);
            Assert.Equal("W00", gdb.Receive());
        }

        machine.Machine.Start();
        using (GdbClient gdb = new(machine.Server))
        {
            Assert.Equal("T02thread:1;", gdb.Ask("?"));
            gdb.Send("k");
            gdb.HangUp();
        }

        Assert.Equal(RunEnd.Requested, machine.Machine.WaitForEnd(TimeSpan.FromSeconds(30))!.Value.Result.End);
    }

    [Fact]
    public void A_packet_that_is_damaged_is_asked_for_again_until_nothing_is_acknowledged()
    {
        using ScriptedMachine machine = new();
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        gdb.SendRaw("$?#00"u8);
        Assert.Equal((byte)'-', gdb.ReadByte());
        gdb.SendRaw("$?#3f"u8);
        Assert.Equal((byte)'+', gdb.ReadByte());
        Assert.Equal("T02thread:1;", gdb.Receive());

        // Asked for once more, it comes once more.
        gdb.SendRaw("-"u8);
        Assert.Equal("T02thread:1;", gdb.Receive());
        Assert.Equal("OK", gdb.Ask("QStartNoAckMode"));
        gdb.SendRaw("$qC#00"u8);
        Assert.Equal((byte)'$', gdb.ReadByte());
    }

    [Fact]
    public void Noise_from_the_socket_harms_neither_the_machine_nor_the_next_debugger()
    {
        const int Seed = 20261129;
        Random random = new(Seed);
        using ScriptedMachine machine = new(processorCount: 2);
        machine.Machine.Start();
        ReadOnlySpan<char> commands = "?gGpPmMxXzZHTqQvcCsSDk!";
        int rounds = Environment.GetEnvironmentVariable("HVBINDGEN_FUZZ") == "1" ? 5000 : 60;
        for (int round = 0; round < rounds; round++)
        {
            using GdbClient gdb = new(machine.Server);
            try
            {
                for (int i = 0; i < 20; i++)
                {
                    char command = commands[random.Next(commands.Length)];
                    if (command == 'k')
                    {
                        // It ends the machine, as it should.
                        continue;
                    }

                    byte[] noise = new byte[random.Next(24)];
                    random.NextBytes(noise);
                    string text = random.Next(3) switch
                    {
                        0 => Encoding.Latin1.GetString(noise).Replace('#', '0').Replace('$', '0'),
                        1 => $"{random.NextInt64():x},{random.Next():x}:{random.Next():x}",
                        _ => $"{random.Next(0x20000):x},{random.Next(16):x};s:{random.Next(-2, 4)}",
                    };
                    gdb.Send(command + text);
                }

                gdb.SendRaw("$m1000,4"u8);
            }
            catch (System.Net.Sockets.SocketException)
            {
                // The server has had enough of it.
            }
        }

        output.WriteLine($"seed {Seed}, {rounds} conversations");
        using GdbClient last = new(machine.Server);
        Assert.Equal("T02thread:1;", last.Ask("?"));
        Assert.True(machine.Machine.IsRunning);
        last.Send("c");
        last.HangUp();
        Assert.True(machine.Machine.IsRunning);
    }

    [Fact]
    public void A_packet_longer_than_any_that_was_offered_ends_the_conversation()
    {
        using ScriptedMachine machine = new();
        machine.Machine.Start();
        using GdbClient gdb = new(machine.Server);
        gdb.SendRaw(new byte[1].Concat("$m"u8.ToArray()).Concat(Enumerable.Repeat((byte)'0', 0x4001)).ToArray());
        gdb.HangUp();
        Assert.True(machine.Machine.IsRunning);
    }

    private sealed class Sink : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }
    }
}
