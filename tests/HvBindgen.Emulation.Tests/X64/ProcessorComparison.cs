using System.Globalization;
using System.Text;
using HvBindgen.Emulation.X64;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Runs random instructions on the emulator and on the host processor and compares everything they leave behind.</summary>
internal sealed class ProcessorComparison(ulong seed, Func<OpCodeInfo, bool>? isWanted = null) : IDisposable
{
    private const ulong ResumeFlag = 1 << 16;
    private const ulong TrapFlag = 1 << 8;
    private const ulong StatusFlags = 0x8D5;

    private readonly InstructionGenerator generator = new(seed, isWanted);
    private readonly OracleMachine machine = new();
    private readonly OracleProcess oracle = OracleProcess.Start();
    private readonly OracleCase[] cases = new OracleCase[OracleProcess.MaxBatch];
    private readonly OracleResult[] results = new OracleResult[OracleProcess.MaxBatch];
    private readonly Instruction[] instructions = new Instruction[OracleProcess.MaxBatch];
    private readonly EmulationOutcome[] outcomes = new EmulationOutcome[OracleProcess.MaxBatch];
    private readonly OracleResult[] emulated = new OracleResult[OracleProcess.MaxBatch];
    private readonly int[] modes = new int[OracleProcess.MaxBatch];
    private readonly Random random = new((int)seed);
    private readonly Dictionary<Code, int> differing = [];

    /// <summary>Instances compared, by mode and mnemonic.</summary>
    public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Encodings compared.</summary>
    public HashSet<Code> Codes { get; } = [];

    /// <summary>Instances compared.</summary>
    public int Total { get; private set; }

    /// <summary>Instances left out because vendors differ about them.</summary>
    public int VendorsChoices { get; private set; }

    /// <summary>How many of them ended in a fault.</summary>
    public int Faults { get; private set; }

    /// <summary>First differences found, in words.</summary>
    public List<string> Differences { get; } = [];

    /// <summary>Instructions that wrote memory and did not say so.</summary>
    public SortedSet<string> Silent { get; } = new(StringComparer.Ordinal);

    /// <summary>Number of differing instances.</summary>
    public int DifferenceCount { get; private set; }

    /// <summary>Compares at least so many instances.</summary>
    public void Run(int instances, params ReadOnlySpan<int> bits)
    {
        while (Total < instances)
        {
            int count = 0;

            while (count < cases.Length)
            {
                modes[count] = bits[random.Next(bits.Length)];
                cases[count] = generator.Next(modes[count], out instructions[count]);

                if (TryEmulate(count))
                {
                    count++;
                }
            }

            oracle.Run(cases, results);

            for (int index = 0; index < count; index++)
            {
                Compare(index);
            }
        }
    }

    /// <summary>A table of what was compared.</summary>
    public string Summary()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture,
            $"seed {seed}: {Total} instances of {Codes.Count} encodings, {Faults} of them faults, {DifferenceCount} differ\n");
        text.Append(CultureInfo.InvariantCulture, $"left out: {VendorsChoices} instances about which vendors differ, and ");
        text.Append(CultureInfo.InvariantCulture, $"{EmulatedInstructions.NotInProcessor} encodings that need what this processor lacks: ");
        text.AppendJoin(", ", HostProcessor.Missing).Append('\n');

        foreach ((string name, int count) in Counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} {count}; ");
        }

        return text.ToString();
    }

    public void Dispose()
    {
        oracle.Dispose();
        machine.Dispose();
    }

    /// <summary>Runs a case on the emulator.</summary>
    /// <returns>False when the two sides cannot be compared: the case reached what only the oracle's process has.</returns>
    private bool TryEmulate(int index)
    {
        ref OracleCase test = ref cases[index];
        ref OracleResult result = ref emulated[index];
        machine.Load(test);
        X64State state = OracleMachine.StateOf(test);
        EmulationOutcome outcome;
        EmulationInput input = new() { MaxIterations = random.Next(1, 100) };

        if (random.Next(2) == 0)
        {
            input = new() { MaxIterations = 7, InstructionBytes = ((ReadOnlySpan<byte>)test.Code)[..(int)test.CodeSizeBytes] };
        }

        do
        {
            outcome = machine.Emulator.Execute(ref state, input);
        }
        while (outcome.Result == EmulationResult.Continue);

        outcomes[index] = outcome;
        result = default;

        for (int register = 0; register < 16; register++)
        {
            result.Gpr[register] = state.Gpr[register];
        }

        for (int segment = 0; segment < 6; segment++)
        {
            result.Segments[segment] = state.Segments[segment].Selector;
        }

        result.FsBase = state.Segments[X64SegmentFile.Fs].Base;
        result.GsBase = state.Segments[X64SegmentFile.Gs].Base;
        result.Rip = state.Rip;
        result.Flags = state.Rflags;
        machine.Window.CopyTo(result.Window);
        for (int at = 0; at < machine.Told.Length; at++)
        {
            if (machine.Window[at] != test.Window[at] && !machine.Told[at])
            {
                Silent.Add(instructions[index].Mnemonic.ToString());
            }
        }

        machine.Vectors.CopyTo(result.Vectors);
        machine.Masks.CopyTo(result.Masks);
        machine.FloatingPoint.CopyTo(result.FloatingPoint);
        result.Strayed = machine.Clean(test) ? 1u : 0;

        // The kernel reports every fault above its user limit as a protection violation, so as to hide what is mapped there.
        const ulong UserLimit = 0x7FFF_FFFF_F000;
        bool isKernelAddress = outcome.Result == EmulationResult.Fault && outcome.Vector == 14 && outcome.FaultAddress >= UserLimit;
        bool isKernelTarget = outcome.Result == EmulationResult.Completed && state.Rip >= UserLimit;

        // A jump into the middle of the instruction itself would run what it finds there.
        ulong linear = state.Rip + test.CodeAddress - test.Rip;
        bool landsOnItself = outcome.Result == EmulationResult.Completed && linear - test.CodeAddress < test.CodeSizeBytes;
        bool setsTrap = (state.Rflags & TrapFlag) != 0;
        bool runsAway = HostProcessor.IsAmd && VendorDifferences.MayRunAway(modes[index], test, instructions[index]);
        return !runsAway && !isKernelAddress && !isKernelTarget && !landsOnItself && !setsTrap;
    }

    private void Compare(int index)
    {
        ref readonly OracleResult real = ref results[index];
        ref readonly OracleResult mine = ref emulated[index];
        Instruction instruction = instructions[index];
        EmulationOutcome outcome = outcomes[index];

        if (HostProcessor.IsAmd && VendorDifferences.Concern(modes[index], cases[index], instruction, outcome, real.Trap))
        {
            VendorsChoices++;
            return;
        }

        Total++;
        string name = $"{modes[index]}:{instruction.Mnemonic}";
        Counts[name] = Counts.GetValueOrDefault(name) + 1;
        Codes.Add(instruction.Code);
        List<string> found = [];

        // The breakpoint behind the instruction, or at the target of a jump; a jump to where no code is faults there.
        bool isJumpIntoNothing = real.Trap == 14 && (real.ErrorCode & 0x10) != 0 && outcome.Result == EmulationResult.Completed
            && real.Rip == mine.Rip;

        if (real.Trap == 3 || isJumpIntoNothing)
        {
            Expect(found, "result", EmulationResult.Completed, outcome.Result);
            Expect(found, "rip", isJumpIntoNothing ? real.Rip : real.Rip - 1, mine.Rip);
        }
        else
        {
            Faults++;
            Expect(found, "result", EmulationResult.Fault, outcome.Result);
            Expect(found, "vector", real.Trap, outcome.Vector);
            Expect(found, "rip", real.Rip, mine.Rip);

            // #DE and #UD have no error code; the kernel reports zero.
            Expect(found, "error code", real.ErrorCode, outcome.ErrorCode ?? 0);

            if (real.Trap == 14)
            {
                Expect(found, "cr2", real.FaultAddress, outcome.FaultAddress);
            }
        }

        EnvironmentPointers.Take(modes[index], cases[index], instruction, real.Window, emulated[index].Window);
        CompareState(index, found, real, mine);

        if (found.Count != 0)
        {
            Report(index, found);
        }
    }

    private void CompareState(int index, List<string> found, in OracleResult real, in OracleResult mine)
    {
        Instruction instruction = instructions[index];
        bool isUndefinedResult = IsResultUndefined(index);

        for (int register = 0; register < 16; register++)
        {
            bool isDestination = instruction.Op0Kind == OpKind.Register
                && instruction.Op0Register.GetFullRegister() == Register.RAX + register;

            // Outside 64-bit mode a return to a 16-bit stack leaves what the kernel's own stack pointer had in the upper half of RSP;
            // no instruction of these modes can see it.
            ulong visible = register == 4 && modes[index] != 64 ? uint.MaxValue : ulong.MaxValue;

            if (!isUndefinedResult || !isDestination)
            {
                Expect(found, $"{Register.RAX + register}", real.Gpr[register] & visible, mine.Gpr[register] & visible);
            }
        }

        ulong mask = ~(ResumeFlag | StatusFlags) | DefinedFlags.Of(instruction, ShiftCount(index));
        Expect(found, "flags", real.Flags & mask, mine.Flags & mask);
        Expect(found, "strayed", real.Strayed, mine.Strayed);

        if (!((ReadOnlySpan<byte>)real.Vectors).SequenceEqual(mine.Vectors))
        {
            found.Add("vectors differ");
        }

        CompareSegments(index, found, real, mine);
        ushort status = HostProcessor.IsAmd ? VendorDifferences.StatusMask(instruction) : ushort.MaxValue;
        CompareFloatingPoint(found, real.FloatingPoint, mine.FloatingPoint, status);

        for (int maskRegister = 0; maskRegister < 8; maskRegister++)
        {
            Expect(found, $"{Register.K0 + maskRegister}", real.Masks[maskRegister], mine.Masks[maskRegister]);
        }

        int at = ((ReadOnlySpan<byte>)real.Window).CommonPrefixLength(mine.Window);

        if (at != OracleMachine.WindowBytes && !isUndefinedResult)
        {
            Range around = at..Math.Min(at + 16, OracleMachine.WindowBytes);
            string expected = Convert.ToHexString(((ReadOnlySpan<byte>)real.Window)[around]);
            found.Add($"memory at window+0x{at:x}: {expected}, emulator {Convert.ToHexString(((ReadOnlySpan<byte>)mine.Window)[around])}");
        }
    }

    // Of a null selector makers differ about what base is left behind, and the kernel's way back to the program clears its low bits.
    private void CompareSegments(int index, List<string> found, in OracleResult real, in OracleResult mine)
    {
        for (int segment = 0; segment < 6; segment++)
        {
            if (segment != X64SegmentFile.Cs)
            {
                Expect(found, $"{Register.ES + segment}", WithoutNull(real.Segments[segment]), WithoutNull(mine.Segments[segment]));
            }
        }

        if (modes[index] == 64 && mine.Segments[X64SegmentFile.Fs] > 3)
        {
            Expect(found, "FS base", real.FsBase, mine.FsBase);
        }

        if (modes[index] == 64 && mine.Segments[X64SegmentFile.Gs] > 3)
        {
            Expect(found, "GS base", real.GsBase, mine.GsBase);
        }
    }

    private static ushort WithoutNull(ushort selector) => selector <= 3 ? (ushort)0 : selector;

    // Not where the last instruction of x87 was: makers differ about when that is kept. Of a register ten bytes are used.
    private static void CompareFloatingPoint(List<string> found, ReadOnlySpan<byte> real, ReadOnlySpan<byte> mine, ushort statusMask)
    {
        Expect(found, "x87 control", BitConverter.ToUInt16(real), BitConverter.ToUInt16(mine));
        Expect(
            found,
            "x87 status",
            (uint)(BitConverter.ToUInt16(real[2..]) & statusMask),
            (uint)(BitConverter.ToUInt16(mine[2..]) & statusMask));
        Expect(found, "x87 tags", real[4], mine[4]);
        Expect(found, "mxcsr", BitConverter.ToUInt32(real[24..]), BitConverter.ToUInt32(mine[24..]));

        for (int index = 0; index < 8; index++)
        {
            Range register = (32 + (index * 16))..(42 + (index * 16));

            if (!real[register].SequenceEqual(mine[register]))
            {
                found.Add($"st{index} {Convert.ToHexString(real[register])}, emulator {Convert.ToHexString(mine[register])}");
            }
        }
    }

    private int ShiftCount(int index)
    {
        Instruction instruction = instructions[index];
        int last = instruction.OpCount - 1;

        return last < 1 ? 0
            : instruction.GetOpKind(last) switch
            {
                OpKind.Register => (byte)cases[index].Gpr[1],
                OpKind.Immediate8 => instruction.Immediate8,
                _ => 0,
            };
    }

    // SHLD and SHRD of 16 bits by more than 16.
    private bool IsResultUndefined(int index)
    {
        Instruction instruction = instructions[index];
        return instruction.Mnemonic is Mnemonic.Shld or Mnemonic.Shrd && instruction.Op1Register.GetSize() == 2
            && (ShiftCount(index) & 31) > 16;
    }

    private static void Expect<T>(List<string> found, string what, T real, T mine)
    {
        if (!EqualityComparer<T>.Default.Equals(real, mine))
        {
            found.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {Hex(real)}, emulator {Hex(mine)}"));
        }
    }

    private static string Hex<T>(T value) => value is ulong or uint or ushort or byte ? $"0x{value:x}" : $"{value}";

    private void Report(int index, List<string> found)
    {
        DifferenceCount++;
        Code code = instructions[index].Code;
        differing[code] = differing.GetValueOrDefault(code) + 1;

        if (differing[code] > 2 || Differences.Count >= 60)
        {
            return;
        }

        OracleCase test = cases[index];
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{modes[index]}-bit {instructions[index].Code} ");
        text.Append(Convert.ToHexString(((ReadOnlySpan<byte>)test.Code)[..(int)test.CodeSizeBytes]));
        text.Append(CultureInfo.InvariantCulture, $" [{instructions[index]}] trap {results[index].Trap}/{results[index].ErrorCode:x} ");
        text.Append(CultureInfo.InvariantCulture, $"cr2 {results[index].FaultAddress:x}: ");
        text.AppendJoin("; ", found);
        text.Append("\n    before:");

        for (int register = 0; register < (modes[index] == 64 ? 16 : 8); register++)
        {
            text.Append(CultureInfo.InvariantCulture, $" {Register.RAX + register}={test.Gpr[register]:x}");
        }

        text.Append(CultureInfo.InvariantCulture, $" flags={test.Flags:x} seg=");

        for (int segment = 0; segment < 6; segment++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{test.Segments[segment]:x},");
        }

        ReadOnlySpan<byte> image = test.FloatingPoint;
        text.Append(CultureInfo.InvariantCulture, $" x87={Convert.ToHexString(image[..6])} mxcsr={BitConverter.ToUInt32(image[24..]):x}");
        text.Append(CultureInfo.InvariantCulture, $" st0={Convert.ToHexString(image[32..42])} st1={Convert.ToHexString(image[48..58])}");
        text.Append(CultureInfo.InvariantCulture, $" outcome {outcomes[index]}");
        Differences.Add(text.ToString());
    }
}
