using System.Globalization;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64.FastPath;
using HvBindgen.Emulation.X64.Processor;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace HvBindgen.Emulation.Tests.X64.Processor;

/// <summary>The fast path of a processor in software, beside the general way, which is held to the processor of the host.</summary>
public sealed class FastPathTests
{
    private const int Instances = 40_000;
    private const int FewestEncodings = 150;
    private const int Rounds = 1000;

    [Fact]
    public void An_instruction_of_the_fast_path_leaves_what_the_general_way_leaves()
    {
        Assert.SkipUnless(
            RuntimeInformation.ProcessArchitecture == Architecture.X64, "instructions are those that an x64 processor under the tests has");
        string? chosen = Environment.GetEnvironmentVariable("HVBINDGEN_SEED");
        ulong seed = chosen is null ? 20_261_130 : ulong.Parse(chosen, CultureInfo.InvariantCulture);
        using OracleMachine machine = new();
        using TwoWays ways = new(machine);
        InstructionGenerator generator = new(seed, info => MayBeFast(info.Code));
        HashSet<Code> codes = [];
        int instances = (FuzzRounds.IsLong ? 24 : Requirement.IsSweep ? 3 : 1) * Instances;

        for (int count = 0; count < instances;)
        {
            OracleCase test = generator.Next(64, out Instruction instruction);

            if (!IsFast(in instruction))
            {
                continue;
            }

            count++;
            _ = codes.Add(instruction.Code);
            Assert.True(ways.Agree(in test, out string difference), $"seed {seed}: {instruction}: {difference}");
        }

        Assert.True(codes.Count >= FewestEncodings, $"no more than {codes.Count} encodings took the fast path");
    }

    [Fact]
    public void An_instruction_with_LOCK_or_another_address_size_takes_the_general_way()
    {
        Assert.True(IsFast(Decode([0x48, 0x01, 0x03]))); // add [rbx], rax
        Assert.False(IsFast(Decode([0xF0, 0x48, 0x01, 0x03]))); // lock
        Assert.False(IsFast(Decode([0x67, 0x48, 0x01, 0x03]))); // add [ebx], rax
        Assert.False(IsFast(Decode([0x00, 0xE0]))); // add al, ah
        Assert.False(IsFast(Decode([0x48, 0x87, 0x03]))); // xchg [rbx], rax
        Assert.False(IsFast(Decode([0x8E, 0xD8]))); // mov ds, eax
    }

    [Fact]
    public void A_run_ends_after_as_many_instructions_as_it_may_take()
    {
        using ProcessorRig rig = new(64);
        rig.Load(64, code =>
        {
            Label again = code.CreateLabel();
            code.mov(ecx, Rounds);
            code.Label(ref again);
            code.add(__[ProcessorRig.Data], rcx);
            code.dec(ecx);
            code.jne(again);
            code.hlt();
        });
        const long Whole = 1 + (3 * Rounds);

        for (long done = 0, most = 1; done < Whole; done += most, most++)
        {
            most = Math.Min(most, Whole - done);
            Assert.Equal(ProcessorStop.Limit, rig.Processor.Run(most));
            Assert.Equal(done + most, rig.Processor.InstructionCount);
        }

        Assert.Equal(ProcessorStop.Halt, rig.Processor.Run(1));
        Assert.Equal((ulong)Rounds * (Rounds + 1) / 2, rig.WordAt(ProcessorRig.Data));
    }

    [Fact]
    public void Code_that_changes_its_next_instruction_carries_out_the_new_one()
    {
        using ProcessorRig rig = new(64);
        rig.Load(64, code =>
        {
            Label again = code.CreateLabel();
            Label changed = code.CreateLabel();
            code.mov(ecx, Rounds);
            code.lea(rsi, __[changed]);
            code.Label(ref again);
            code.mov(__dword_ptr[rsi + 1], ecx);
            code.Label(ref changed);
            code.mov(eax, 0);
            code.add(rbx, rax);
            code.dec(ecx);
            code.jne(again);
            code.hlt();
        });

        rig.RunToHalt();

        Assert.Equal((ulong)Rounds * (Rounds + 1) / 2, rig.State.Gpr[3]);
    }

    private static bool MayBeFast(Code code) => code.ToOpCode().Encoding == EncodingKind.Legacy;

    private static unsafe bool IsFast(in Instruction instruction) => FastTable.Find(in instruction).Handler != null;

    private static Instruction Decode(byte[] code) => Decoder.Create(64, code).Decode();

    /// <summary>Two processors over one memory. A breakpoint that nothing meets keeps one of them off the fast path.</summary>
    private sealed class TwoWays : IDisposable
    {
        private const ulong SomewhereElse = 0x7000_0000;
        private const ulong BreakOnExecution = 1;
        private readonly OracleMachine machine;
        private readonly X64Processor fast;
        private readonly X64Processor general;

        internal TwoWays(OracleMachine machine)
        {
            NoSurroundings surroundings = new();
            this.machine = machine;
            fast = new X64Processor(machine, machine, surroundings) { InterceptedExceptions = uint.MaxValue };
            general = new X64Processor(machine, machine, surroundings) { InterceptedExceptions = uint.MaxValue };
            general.System.Debug.SetAddress(0, SomewhereElse);
            general.System.Debug.SetControl(BreakOnExecution);
        }

        public void Dispose() => Assert.True(fast.InstructionCount == general.InstructionCount, "one has counted more than the other");

        internal bool Agree(in OracleCase test, out string difference)
        {
            string one = Describe(fast, in test);
            string other = Describe(general, in test);
            difference = one == other ? "" : $"\n  fast    {one}\n  general {other}";
            return one == other;
        }

        // The first time its pages are found, the second time they are known.
        private string Describe(X64Processor processor, in OracleCase test)
        {
            Load(processor, in test);
            processor.OnStateChanged();
            _ = processor.Run(1);
            _ = machine.Clean(in test);
            Load(processor, in test);
            processor.OnModeChanged();
            ProcessorStop stop = processor.Run(1);
            string registers = string.Join(' ', ((ReadOnlySpan<ulong>)processor.State.Gpr).ToArray().Select(value => $"{value:x}"));
            string told = string.Concat(machine.Told.Select(each => each ? '1' : '0'));
            string window = Convert.ToHexString(machine.Window);
            return $"{stop} {(stop == ProcessorStop.Exception ? processor.Intercepted : default)} at {processor.State.Rip:x}, "
                + $"flags {processor.State.Rflags:x}, {registers}, strayed {machine.Clean(in test)}, {window}, {told}";
        }

        private void Load(X64Processor processor, in OracleCase test)
        {
            machine.Load(in test);
            processor.State = OracleMachine.StateOf(in test);
        }
    }
}
