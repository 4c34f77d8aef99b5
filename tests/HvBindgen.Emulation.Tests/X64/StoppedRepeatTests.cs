using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Repeated string instructions that are stopped at each place where they can be, and taken up again.</summary>
public sealed class StoppedRepeatTests
{
    private const ulong Device = X64Machine.DeviceBase;
    private const int Iterations = 6;
    private const int Rcx = 1;
    private const int Rsi = 6;
    private const int Rdi = 7;
    private const ulong DirectionFlag = 1 << 10;

    private static readonly Dictionary<string, RepeatCase> Cases = new()
    {
        ["movsb to a device"] = new(64, [0xF3, 0xA4], 0x4000, Device),
        ["movsq from a device"] = new(64, [0xF3, 0x48, 0xA5], Device, 0x5000),
        ["movsd from a device to a device"] = new(64, [0xF3, 0xA5], Device, Device + 0x1000),
        ["movsb downwards"] = new(64, [0xF3, 0xA4], 0x4005, Device + 5) { IsDownwards = true },
        ["movsd downwards, from the device's begin"] = new(64, [0xF3, 0xA5], Device + 20, 0x5014) { IsDownwards = true },
        ["movsb with 32-bit addresses"] = new(64, [0xF3, 0x67, 0xA4], 0xFFFF_FFFF_0000_4000, 0xABCD_EF00_0000_0000 | Device)
        {
            Count = 0x1_0000_0000 | Iterations,
            AddressBits = 32,
        },
        ["stosw round the end of 16-bit addresses"] = new(32, [0xF3, 0x67, 0x66, 0xAB], 0, 0x7_FFFA)
        {
            Count = 0xABCD_0000 | Iterations,
            AddressBits = 16,
            EsBase = Device,
        },
        ["movsb round the end of a segment"] = new(16, [0xF3, 0xA4], 0xFFFD, 0x5678_FFFE)
        {
            Count = 0xABCD_0000 | Iterations,
            AddressBits = 16,
            EsBase = Device,
            DsBase = 0x4_0000,
        },
        ["movsw round the begin of a segment"] = new(16, [0xF3, 0xA5], 4, 6)
        {
            AddressBits = 16,
            IsDownwards = true,
            EsBase = Device,
            DsBase = 0x4_0000,
        },
        ["movsb with 32-bit addresses in 16-bit code"] = new(16, [0xF3, 0x67, 0xA4], 0x4000, 0xFFF0) { AddressBits = 32, EsBase = Device },
        ["insb"] = new(64, [0xF3, 0x6C], 0, 0x5000),
        ["insd over the end of a page"] = new(64, [0xF3, 0x6D], 0, 0x5FF6),
        ["insw to a device"] = new(64, [0xF3, 0x66, 0x6D], 0, Device),
        ["outsd over the end of a page"] = new(64, [0xF3, 0x6F], 0x4FF6, 0),
        ["outsb downwards"] = new(32, [0xF3, 0x6E], 0x4005, 0) { IsDownwards = true, AddressBits = 32 },
        ["outsw from a device"] = new(64, [0xF3, 0x66, 0x6F], Device, 0),
        ["lodsd"] = new(64, [0xF3, 0xAD], Device, 0),
        ["stosq"] = new(64, [0xF3, 0x48, 0xAB], 0, Device),
        ["cmpsb with equal RAM"] = new(64, [0xF3, 0xA6], Device, 0x6000) { Answer = 0 },
        ["cmpsw of two devices"] = new(64, [0xF3, 0x66, 0xA7], Device, Device + 0x1000) { Answer = 0 },
        ["scasw for what is not there"] = new(64, [0xF2, 0x66, 0xAF], 0, Device),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_access_that_is_not_answered_or_fails_keeps_the_iterations_before_it_and_no_other(string name)
    {
        RepeatCase test = Cases[name];
        using X64Machine whole = test.Machine();
        Finish(test, whole);
        int accesses = whole.Bus.Log.Count;
        int perIteration = accesses / Iterations;
        Assert.Equal(Iterations * perIteration, accesses);

        for (int answered = 0; answered < accesses; answered++)
        {
            foreach (Exception? fault in (Exception?[])[null, new FormatException("the device is broken")])
            {
                using X64Machine machine = test.Machine();
                machine.Bus.Patience = answered;
                machine.Bus.Fault = fault;

                if (fault is null)
                {
                    Assert.Equal(EmulationResult.Abandoned, Step(test, machine).Result);
                }
                else
                {
                    Assert.Same(fault, Record.Exception(() => Step(test, machine)));
                }

                Assert.Equal(0x8000UL, machine.State.Rip);
                Assert.Equal(Iterations - (ulong)(answered / perIteration), machine.State.Gpr[Rcx] & test.AddressMask);
                machine.Bus.Patience = int.MaxValue;
                Finish(test, machine);

                // Half an iteration is done again: what it had read is read once more.
                if (answered % perIteration != 0)
                {
                    Assert.Equal(machine.Bus.Log[answered - 1], machine.Bus.Log[answered]);
                    machine.Bus.Log.RemoveAt(answered);
                }

                AssertSame(whole, machine);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Calls_of_one_iteration_each_and_questions_between_them_change_nothing(string name)
    {
        RepeatCase test = Cases[name];
        using X64Machine whole = test.Machine();
        using X64Machine single = test.Machine();
        using X64Machine asked = test.Machine();
        Finish(test, whole);
        int calls = 0;

        while (Execute(single, new() { InstructionBytes = test.Code, PortAccessIsGranted = true, MaxIterations = 1 }))
        {
            Assert.True(++calls <= Iterations);
        }

        while (Execute(asked, new() { InstructionBytes = test.Code, PortAccessIsGranted = true, IsInterrupted = static () => true }))
        {
            Assert.True(++calls <= 2 * Iterations);
        }

        Assert.InRange(calls, 2 * (Iterations - 1), 2 * Iterations);
        AssertSame(whole, single);
        AssertSame(whole, asked);

        static bool Execute(X64Machine machine, EmulationInput input) =>
            machine.Emulator.Execute(ref machine.State, input).Result == EmulationResult.Continue;
    }

    [Theory]
    [InlineData(X64SegmentFile.Ds, 0x4000u, 0u)] // the load of the fourth byte
    [InlineData(X64SegmentFile.Es, 0u, 0x5000u)] // its store: the device must not have been read for it
    public void A_segment_that_ends_in_the_middle_is_a_fault_before_the_device_is_touched(int segment, uint source, uint target)
    {
        RepeatCase test = new(32, [0xF3, 0xA4], source == 0 ? Device : source, target == 0 ? Device : target) { AddressBits = 32 };
        using X64Machine whole = test.Machine();
        using X64Machine machine = test.Machine();
        Finish(test, whole);
        machine.State.Segments[segment].Limit = Math.Max(source, target) + 2;
        machine.State.Segments[segment == X64SegmentFile.Ds ? X64SegmentFile.Es : X64SegmentFile.Ds].Limit = uint.MaxValue;

        EmulationOutcome outcome = Step(test, machine);

        Assert.Equal((EmulationResult.Fault, (byte)13), (outcome.Result, outcome.Vector));
        Assert.Equal((3UL, 0x8000UL, 3), (machine.State.Gpr[Rcx], machine.State.Rip, machine.Bus.Log.Count));
        machine.State.Segments[segment].Limit = uint.MaxValue;
        Finish(test, machine);
        AssertSame(whole, machine);
    }

    private static EmulationOutcome Step(RepeatCase test, X64Machine machine) => machine.Step(test.Code);

    private static void Finish(RepeatCase test, X64Machine machine)
    {
        EmulationOutcome outcome = Step(test, machine);
        Assert.Equal(EmulationResult.Completed, outcome.Result);
        Assert.Equal(0x8000UL + (uint)test.Code.Length, machine.State.Rip);
        Assert.Equal(0UL, machine.State.Gpr[Rcx] & test.AddressMask);
    }

    private static void AssertSame(X64Machine whole, X64Machine machine)
    {
        Assert.Equal(whole.Bus.Log, machine.Bus.Log);
        Assert.Equal(((ReadOnlySpan<ulong>)whole.State.Gpr).ToArray(), ((ReadOnlySpan<ulong>)machine.State.Gpr).ToArray());
        Assert.Equal((whole.State.Rip, whole.State.Rflags), (machine.State.Rip, machine.State.Rflags));
        Assert.True(whole.Memory.Bytes.SequenceEqual(machine.Memory.Bytes));
    }

    /// <summary>An instruction and where it begins; what lies above the address size must not matter.</summary>
    private sealed record RepeatCase(int Bits, byte[] Code, ulong Source, ulong Target)
    {
        internal ulong Count { get; init; } = Iterations;

        internal int AddressBits { get; init; } = 64;

        internal bool IsDownwards { get; init; }

        internal ulong DsBase { get; init; }

        internal ulong EsBase { get; init; }

        internal ulong Answer { get; init; } = 0x1122_3344_5566_7788;

        internal ulong AddressMask => ulong.MaxValue >> (64 - AddressBits);

        internal X64Machine Machine()
        {
            X64Machine machine = new(Bits);

            for (int at = 0; at < 0x1_0000; at++)
            {
                machine.Memory.Bytes[0x4_0000 + at] = (byte)(at ^ (at >> 8));

                if (at is >= 0x4000 and < 0x6000)
                {
                    machine.Memory.Bytes[at] = (byte)(at ^ (at >> 8));
                }
            }

            machine.Bus.Answer = Answer;
            machine.State.Rflags = 2 | (IsDownwards ? DirectionFlag : 0);
            machine.State.Gpr[0] = 0x0102_0304_0506_0708;
            machine.State.Gpr[Rcx] = Count;
            machine.State.Gpr[2] = 0x60;
            machine.State.Gpr[Rsi] = Source;
            machine.State.Gpr[Rdi] = Target;
            machine.State.Segments[X64SegmentFile.Ds].Base = DsBase;
            machine.State.Segments[X64SegmentFile.Es].Base = EsBase;
            return machine;
        }
    }
}
