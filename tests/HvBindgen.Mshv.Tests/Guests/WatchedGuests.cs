using System.Buffers.Binary;
using System.Globalization;
using HvBindgen.Mshv.Gdb;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Processors;
using HvBindgen.Mshv.Running;
using HvBindgen.Mshv.Tests.Gdb;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>A debugger's watched memory in guests that really execute, which takes a KVM over a processor's own virtualization: a
/// paravirtual one notices nothing. The debugger is the protocol: gdb itself may not be where such a KVM is.</summary>
public sealed class WatchedGuests
{
    private const ulong Counter = RunningGuest.DataGpa;
    private const ulong Source = RunningGuest.DataGpa + 0x100;
    private const ulong Elsewhere = RunningGuest.DataGpa + 0x200;
    private const byte NothingPort = 0x80;

    // Numbers of gdb's registers: RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8 to R15, RIP.
    private const int Rbx = 1;
    private const int Rcx = 2;
    private const int Rip = 16;

    // Code of a loop, at these places.
    private const ulong Write = RunningGuest.CodeGpa + 2;
    private const ulong Read = Write + 7;
    private const ulong Neither = Read + 7;
    private const ulong Port = Neither + 7;

    [Fact]
    public void Written_and_read_places_stop_the_guest_behind_the_instruction_and_no_others_do()
    {
        using RunningGuest guest = Looping();
        using Machine machine = new(guest.Loops);
        using GdbServer server = new(machine, guest.Partition, guest.Handlers, waitsAtStart: true);
        using GdbClient gdb = new(server);
        machine.Start();
        Assert.Equal("T02thread:1;", gdb.Ask("?"));

        // Four bytes that are written.
        Assert.Equal("OK", gdb.Ask($"Z2,{Counter:x},4"));
        Assert.Equal($"T05watch:{Counter:x};thread:1;", gdb.Ask("c"));
        Assert.Equal((Read, 1UL), (Number(gdb, Rip), Word(gdb, Counter)));
        Assert.Equal($"T05watch:{Counter:x};thread:1;", gdb.Ask("c"));
        Assert.Equal((Read, 2UL), (Number(gdb, Rip), Word(gdb, Counter)));

        // What the debugger changes is what the guest goes on with.
        Assert.Equal("OK", gdb.Ask($"P{Rbx:x}={Hex(1000)}"));
        Assert.Equal("OK", gdb.Ask($"M{Source:x},8:{Hex(0x1122_3344_5566_7788)}"));
        Assert.Equal($"T05watch:{Counter:x};thread:1;", gdb.Ask("vCont;c"));
        Assert.Equal((1001UL, 0x1122_3344_5566_7788UL), (Word(gdb, Counter), Number(gdb, Rcx)));
        Assert.Equal("OK", gdb.Ask($"z2,{Counter:x},4"));

        // Eight that are read; steps from there on.
        Assert.Equal("OK", gdb.Ask($"Z4,{Source:x},8"));
        Assert.Equal($"T05awatch:{Source:x};thread:1;", gdb.Ask("c"));
        Assert.Equal(Neither, Number(gdb, Rip));
        Assert.Equal("T05thread:1;", gdb.Ask("s"));
        Assert.Equal(Port, Number(gdb, Rip));
        Assert.Equal("OK", gdb.Ask($"z4,{Source:x},8"));

        // A place in the code, in front of the instruction, right behind one that writes to a watched place.
        Assert.Equal("T05thread:1;", gdb.Ask("s"));
        Assert.Equal(Port + 2, Number(gdb, Rip));
        Assert.Equal("OK", gdb.Ask($"Z1,{Port:x},1"));
        Assert.Equal("OK", gdb.Ask($"Z2,{Elsewhere:x},8"));
        Assert.Equal($"T05watch:{Elsewhere:x};thread:1;", gdb.Ask("c"));
        Assert.Equal(Port, Number(gdb, Rip));
        Assert.Equal("OK", gdb.Ask($"z2,{Elsewhere:x},8"));
        Assert.Equal("T05hwbreak:;thread:1;", gdb.Ask("c"));
        Assert.Equal(Port, Number(gdb, Rip));
        Assert.Equal("OK", gdb.Ask($"z1,{Port:x},1"));

        // Nothing of it is left.
        Assert.Equal("OK", gdb.Ask("D"));
        gdb.HangUp();
        int before = guest.Partition.Memory.Read<int>(Counter);
        Assert.True(SpinWait.SpinUntil(() => guest.Partition.Memory.Read<int>(Counter) > before + 100, RunningGuest.TooLong));
        machine.RequestEnd(RunEnd.PowerOff);
        Assert.Equal(RunEnd.PowerOff, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
    }

    [Fact]
    public void Of_several_processors_the_one_that_writes_is_the_thread_that_stops()
    {
        const int Times = 20;
        using RunningGuest guest = Looping(processorCount: 2);
        VirtualProcessor second = guest.Processors[1];
        second.RestoreState(guest.Processor.SaveState());
        second.X64.Activity = default;
        X64GeneralRegisters general = second.X64.General;
        general.R15 = 0x1000;
        second.X64.General = general;
        using Machine machine = new(guest.Loops);
        using GdbServer server = new(machine, guest.Partition, guest.Handlers, waitsAtStart: true);
        using GdbClient gdb = new(server);
        machine.Start();
        Assert.Equal("T02thread:1;", gdb.Ask("?"));
        Assert.Equal("m1,2", gdb.Ask("qfThreadInfo"));

        // Each has its own place. While one is watched the other runs on.
        for (int time = 0; time < Times; time++)
        {
            uint thread = 1 + ((uint)time % 2);
            ulong place = Counter + (0x1000 * (thread - 1));
            Assert.Equal("OK", gdb.Ask($"Z2,{place:x},4"));
            Assert.Equal($"T05watch:{place:x};thread:{thread};", gdb.Ask("c"));
            Assert.Equal("OK", gdb.Ask($"Hg{thread}"));
            Assert.Equal(Read, Number(gdb, Rip));
            Assert.Equal(Number(gdb, Rbx), Word(gdb, place));
            Assert.Equal("OK", gdb.Ask($"z2,{place:x},4"));
            Assert.All(guest.Processors, processor => Assert.False(processor.IsRunning));
        }

        gdb.Send("k");
        Assert.Equal(RunEnd.Requested, machine.WaitForEnd(RunningGuest.TooLong)!.Value.Result.End);
        Assert.True(guest.Partition.Memory.Read<int>(Counter) > 0);
        Assert.True(guest.Partition.Memory.Read<int>(Counter + 0x1000) > 0);
    }

    // Writes what it counts in EBX, reads, writes elsewhere, and tells a port, for ever; all of it R15 bytes further up.
    private static RunningGuest Looping(uint processorCount = 1)
    {
        Assert.SkipUnless(
            HasOwnVirtualization(),
            "the processor has neither SVM nor VMX: a paravirtual KVM does not notice watched memory (tests/FullKvm has one that does)");
        RunningGuest guest = new(processorCount);
        guest.Load(64, code =>
        {
            Label top = code.CreateLabel();
            code.Label(ref top);
            code.inc(ebx);
            code.mov(__dword_ptr[r15 + (int)Counter], ebx);
            code.mov(rcx, __qword_ptr[r15 + (int)Source]);
            code.mov(__qword_ptr[r15 + (int)Elsewhere], rcx);
            code.@out(NothingPort, al);
            code.jmp(top);
        });
        guest.Handlers.Ports.Map(NothingPort, 1, new Nothing());
        return guest;
    }

    private static bool HasOwnVirtualization() => File.ReadLines("/proc/cpuinfo")
        .Where(line => line.StartsWith("flags", StringComparison.Ordinal))
        .SelectMany(line => line.Split(' '))
        .Any(flag => flag is "svm" or "vmx");

    private static ulong Number(GdbClient gdb, int register) => Parse(gdb.Ask($"p{register:x}"));

    private static ulong Word(GdbClient gdb, ulong address) => Parse(gdb.Ask($"m{address:x},4"));

    private static ulong Parse(string digits)
    {
        byte[] bytes = new byte[8];
        Convert.FromHexString(digits).CopyTo(bytes, 0);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static string Hex(ulong value) =>
        BinaryPrimitives.ReverseEndianness(value).ToString("x16", CultureInfo.InvariantCulture);

    private sealed class Nothing : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
        {
        }
    }
}
