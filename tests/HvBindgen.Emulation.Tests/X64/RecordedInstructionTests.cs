using System.Globalization;
using HvBindgen.Emulation.X64;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>
/// Instructions that few processors have, so that the oracle can rarely ask one: what another emulator, Bochs, did with them is recorded
/// in <c>oracle/recorded-instructions.txt</c>, by <c>oracle/record-instructions.sh</c>.
/// </summary>
public sealed class RecordedInstructionTests
{
    private const ulong CodeBuffer = 0x7800;
    private const ulong DataWindow = 0x8000;
    private const ulong ExtraWindow = 0xA000;
    private const int WindowBytes = 256;
    private const byte Breakpoint = 3;

    // RAX, RCX, RDX, RBX, RSI, RDI.
    private static readonly int[] Registers = [0, 1, 2, 3, 6, 7];

    private static readonly string[] Lines =
        [.. File.ReadLines(Repository.PathOf("tests/HvBindgen.Emulation.Tests/X64/oracle/recorded-instructions.txt"))
            .Where(line => line[0] != '#')];

    private static readonly int[] Modes = [16, 32, 64];

    private static readonly Iced.Intel.Mnemonic[] Lacking =
        [Iced.Intel.Mnemonic.Cldemote, Iced.Intel.Mnemonic.Movdir64b, Iced.Intel.Mnemonic.Movdiri, Iced.Intel.Mnemonic.Wbnoinvd];

    [Fact]
    public void All_that_this_host_may_lack_is_recorded_in_every_mode()
    {
        IEnumerable<(int Bits, Iced.Intel.Mnemonic Mnemonic)> recorded = Lines.Select(line => new Recording(line))
            .Where(recording => recording.Vector == Breakpoint)
            .Select(recording => (recording.Bits, Iced.Intel.Decoder.Create(recording.Bits, recording.Code).Decode().Mnemonic));

        Assert.Equal(
            from bits in Modes
            from mnemonic in Lacking
            select (bits, mnemonic),
            recorded.Distinct().OrderBy(entry => entry.Bits).ThenBy(entry => entry.Mnemonic));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void What_is_recorded_is_what_the_emulator_leaves(int bits)
    {
        List<string> differences = [];
        int count = 0;

        foreach (string line in Lines)
        {
            Recording recording = new(line);

            if (recording.Bits == bits)
            {
                string mine = Emulate(recording);
                count++;

                if (mine != recording.Outcome)
                {
                    differences.Add($"{bits} {Convert.ToHexString(recording.Code)}: {recording.Outcome}\n  emulator: {mine}");
                }
            }
        }

        Assert.True(count >= 36, $"only {count} recordings of {bits}-bit code");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static string Emulate(Recording recording)
    {
        using X64Machine machine = new(recording.Bits);
        Surround(machine, recording.Bits);

        for (int index = 0; index < Registers.Length; index++)
        {
            machine.State.Gpr[Registers[index]] = recording.Inputs[index];
        }

        ulong start = machine.State.Rip;
        EmulationOutcome outcome = machine.Step(recording.Code);
        bool isFault = outcome.Result == EmulationResult.Fault;
        Assert.True(isFault || outcome.Result == EmulationResult.Completed, $"{Convert.ToHexString(recording.Code)}: {outcome}");

        // What runs on runs into the breakpoint of one byte behind it. Real mode pushes no error codes.
        ulong[] numbers =
        [
            isFault ? outcome.Vector : Breakpoint,
            recording.Bits == 16 ? 0 : outcome.ErrorCode ?? 0,
            machine.State.Rip - start + (isFault ? 0u : 1u),
            outcome.FaultAddress,
            .. Registers.Select(register => machine.State.Gpr[register]),
        ];
        return string.Join(' ', numbers.Select(number => number.ToString("x16", CultureInfo.InvariantCulture)))
            + Changes(machine, DataWindow, DataByte) + Changes(machine, ExtraWindow, ExtraByte);
    }

    // As recorded-instructions.S has it.
    private static void Surround(X64Machine machine, int bits)
    {
        for (int index = 0; index < WindowBytes; index++)
        {
            machine.Memory.Bytes[(int)DataWindow + index] = DataByte(index);
            machine.Memory.Bytes[(int)ExtraWindow + index] = ExtraByte(index);
        }

        machine.State.Rip = bits == 16 ? 0 : CodeBuffer;

        if (bits == 64)
        {
            machine.Memory.Words[0x1000 / 8] = 0x2003;
            machine.Memory.Words[0x2000 / 8] = 0x3003;
            machine.Memory.Words[0x3000 / 8] = 0x83;
            machine.State.Cr3 = 0x1000;
            machine.State.Cr0 |= 1UL << 31;
            return;
        }

        uint limit = bits == 16 ? 0xFFFF : 0xFFFu;
        machine.State.Segments[X64SegmentFile.Cs].Base = bits == 16 ? CodeBuffer : 0;
        machine.State.Segments[X64SegmentFile.Ds].Base = DataWindow;
        machine.State.Segments[X64SegmentFile.Ds].Limit = limit;
        machine.State.Segments[X64SegmentFile.Es].Base = ExtraWindow;
        machine.State.Segments[X64SegmentFile.Es].Limit = limit;
    }

    private static byte DataByte(int index) => (byte)(index * 151);

    private static byte ExtraByte(int index) => (byte)((index * 29) + 7);

    private static string Changes(X64Machine machine, ulong window, Func<int, byte> before)
    {
        string text = "";
        bool isInRun = false;

        for (int index = 0; index < WindowBytes; index++)
        {
            byte now = machine.Memory.Bytes[(int)window + index];
            bool isChanged = now != before(index);

            if (isChanged)
            {
                text += string.Create(
                    CultureInfo.InvariantCulture, $"{(isInRun ? "" : $" {window + (uint)index:x4}:")}{now:x2}");
            }

            isInRun = isChanged;
        }

        return text;
    }

    /// <summary>
    /// A line: mode, instruction, six registers before; then vector, error code, where it stopped behind the instruction's begin, CR2, six
    /// registers after, and what memory has changed.
    /// </summary>
    private sealed class Recording
    {
        private const int FirstInput = 2;

        internal Recording(string line)
        {
            string[] columns = line.Split(' ');
            Bits = int.Parse(columns[0], CultureInfo.InvariantCulture);
            Code = Convert.FromHexString(columns[1]);
            Inputs = [.. columns.Skip(FirstInput).Take(Registers.Length).Select(Number)];
            Vector = (byte)Number(columns[FirstInput + Registers.Length]);
            Outcome = string.Join(' ', columns.Skip(FirstInput + Registers.Length));
        }

        internal int Bits { get; }

        internal byte[] Code { get; }

        internal ulong[] Inputs { get; }

        internal byte Vector { get; }

        internal string Outcome { get; }

        private static ulong Number(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
