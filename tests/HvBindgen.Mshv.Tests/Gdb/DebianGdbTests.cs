using System.Net;
using System.Net.Sockets;
using HvBindgen.Mshv.Gdb;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Guests;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Gdb;

/// <summary>gdb itself with guests that really execute, on the emulated device.</summary>
public sealed class DebianGdbTests
{
    private const ulong Counter = RunningGuest.DataGpa;

    [Fact]
    public void Gdb_breaks_steps_looks_and_changes()
    {
        using RunningGuest guest = Counting(out ulong loop, out ulong afterPort);
        using Machine machine = new(guest.Loops);
        using GdbServer server = new(machine, guest.Partition, guest.Handlers, waitsAtStart: true);
        IPEndPoint place = (IPEndPoint)server.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        machine.Start();

        string said = Gdb(
            $"target remote 127.0.0.1:{place.Port}",
            "printf \"start=%lx\\n\", $rip",
            $"break *{loop}",
            "continue",
            "printf \"first=%lx count=%d\\n\", $rip, *(int*)" + Counter,
            "continue",
            "printf \"second=%lx count=%d ecx=%lx\\n\", $rip, *(int*)" + Counter + ", $rcx",
            "stepi",
            "printf \"stepped=%lx count=%d\\n\", $rip, *(int*)" + Counter,
            "stepi",
            "stepi",
            "printf \"port=%lx\\n\", $rip",
            "delete",
            $"set *(int*){Counter} = 1000",
            "set $rcx = 0x1234",
            $"hbreak *{loop}",
            "continue",
            "printf \"hardware=%lx count=%d ecx=%lx\\n\", $rip, *(int*)" + Counter + ", $rcx",
            "x/i $pc",
            "info threads",
            "detach");

        Assert.Contains($"start={RunningGuest.CodeGpa:x}", said, StringComparison.Ordinal);
        Assert.Contains($"first={loop:x} count=0", said, StringComparison.Ordinal);
        Assert.Contains($"second={loop:x} count=1 ecx=1", said, StringComparison.Ordinal);
        Assert.Contains($"stepped={loop + 7:x} count=2", said, StringComparison.Ordinal);
        Assert.Contains($"port={afterPort:x}", said, StringComparison.Ordinal);
        Assert.Contains($"hardware={loop:x} count=1000 ecx=1234", said, StringComparison.Ordinal);
        Assert.Contains("incl", said, StringComparison.Ordinal);
        Assert.Contains("virtual processor 0", said, StringComparison.Ordinal);

        // Nothing of it is left: the guest goes on, at full speed, and counts from what gdb wrote.
        Assert.True(SpinWait.SpinUntil(() => guest.Partition.Memory.Read<int>(Counter) > 2000, RunningGuest.TooLong));
        machine.RequestEnd(RunEnd.PowerOff);
        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
        Assert.DoesNotContain((byte)0xcc, guest.Partition.Memory.GetSpan(loop, 16).ToArray());
    }

    [Fact]
    public void Gdb_interrupts_a_machine_of_two_processors_and_looks_at_both()
    {
        using RunningGuest guest = Counting(out ulong loop, out _, processorCount: 2);
        using TemporaryFolder folder = new();
        string path = folder["gdb"];
        using Machine machine = new(guest.Loops);
        using GdbServer server = new(machine, guest.Partition, guest.Handlers);
        server.Listen(new UnixDomainSocketEndPoint(path));
        machine.Start();
        Assert.True(SpinWait.SpinUntil(() => guest.Partition.Memory.Read<int>(Counter) > 10, RunningGuest.TooLong));

        string said = Gdb(
            $"target remote {path}",
            "info threads",
            "thread 2",
            "printf \"waits=%lx\\n\", $rip",
            "thread 1",
            "printf \"counts=%d\\n\", *(int*)" + Counter + " > 10",
            $"tbreak *{loop}",
            "continue",
            "printf \"met=%lx\\n\", $rip",
            "kill");

        Assert.Contains("virtual processor 1", said, StringComparison.Ordinal);
        Assert.Contains("waits=", said, StringComparison.Ordinal);
        Assert.Contains("counts=1", said, StringComparison.Ordinal);
        Assert.Contains($"met={loop:x}", said, StringComparison.Ordinal);
        Assert.Equal(RunEnd.Requested, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
    }

    private static string Gdb(params string[] commands)
    {
        List<string> arguments = ["-nx", "-batch"];
        foreach (string command in (ReadOnlySpan<string>)["set pagination off", "set confirm off", .. commands])
        {
            arguments.AddRange(["-ex", command]);
        }

        Ending ending = new ChildProgram("gdb", arguments) { TimeLimit = TimeSpan.FromMinutes(1) }.Run();
        Assert.True(ending.ExitCode == 0, $"{ending.Out}\n{ending.Error}");
        TestContext.Current.TestOutputHelper?.WriteLine(ending.Out + ending.Error);
        return ending.Out;
    }

    // Counts in memory and in RCX, and tells a port, for ever.
    private static RunningGuest Counting(out ulong loop, out ulong afterPort, uint processorCount = 1)
    {
        Requirement.Program("gdb", "gdb");
        RunningGuest guest = new(processorCount);
        Label top = default;
        ulong[] places = new ulong[2];
        byte[] code = RunningGuest.Assemble(64, assembler =>
        {
            top = assembler.CreateLabel();
            assembler.xor(ecx, ecx);
            assembler.Label(ref top);
            assembler.inc(__dword_ptr[(int)Counter]);
            assembler.inc(ecx);
            assembler.@out(0x80, al);
            assembler.jmp(top);
        });
        places[0] = RunningGuest.CodeGpa + 2;
        places[1] = places[0] + 7 + 2 + 2;
        guest.Load(64, code);
        guest.Handlers.Ports.Map(0x80, 1, new Sink());
        loop = places[0];
        afterPort = places[1];
        return guest;
    }

    private sealed class Sink : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }
    }
}
