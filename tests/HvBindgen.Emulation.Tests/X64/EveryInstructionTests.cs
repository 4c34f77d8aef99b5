using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Instructions;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64;

public sealed class EveryInstructionTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void What_the_decoder_knows_is_carried_out_or_refused_by_name(int bits)
    {
        IReadOnlyDictionary<(Code Code, bool HasMemory), byte[]> encodings = EveryEncoding.In(bits);
        HashSet<Code> codes = [.. encodings.Keys.Select(key => key.Code)];
        Code[] missed = [.. Enum.GetValues<Code>().Where(code => IsKnown(code, bits) && !codes.Contains(code))];
        Assert.True(missed.Length == 0, $"no encoding of {string.Join(", ", missed)}");
        List<string> wrong = [];
        using X64Machine machine = new(bits);
        machine.Bus.HasFloatingPoint = true;
        PointAtDevices(bits, ref machine.State);

        foreach (((Code code, bool hasMemory), byte[] bytes) in encodings)
        {
            if (Fault(machine, bytes) is string fault)
            {
                wrong.Add($"{code}{(hasMemory ? " with memory" : "")} {Convert.ToHexString(bytes)}: {fault}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {encodings.Count}:\n{string.Join('\n', wrong.Take(40))}");
    }

    [Fact]
    public void An_instruction_without_an_operation_is_none_of_the_table()
    {
        using X64Machine machine = new(64);
        EmulationOutcome outcome = machine.Step(0x0F, 0xA2); // cpuid

        Assert.Equal((EmulationResult.Unsupported, EmulationLimit.Instruction), (outcome.Result, outcome.Limit));
        Assert.DoesNotContain(Mnemonic.Cpuid, InstructionTable.Mnemonics);
    }

    [Fact]
    public void No_mnemonic_has_two_operations() =>
        Assert.Equal(InstructionTable.Mnemonics.Count(), InstructionTable.Mnemonics.Distinct().Count());

    private static bool IsKnown(Code code, int bits)
    {
        OpCodeInfo info = code.ToOpCode();
        bool isInMode = bits switch { 16 => info.Mode16, 32 => info.Mode32, _ => info.Mode64 };

        // A pair of WAIT and another is decoded as two, and two forms of MONTMUL not at all. What only a decoder for another maker's or an
        // extinct processor knows is not asked for.
        return info.IsInstruction && !info.Fwait && isInMode && code is not (Code.Popw_CS or Code.Montmul_16 or Code.Montmul_64)
            && info.DecoderOption == DecoderOptions.None && info.Encoding != EncodingKind.MVEX
            && (bits == 64 ? info.IntelDecoder64 : bits == 32 ? info.IntelDecoder32 : info.IntelDecoder16);
    }

    // Whatever forms an address leads to a device. In real mode segments do, as if they had been loaded in protected mode.
    private static void PointAtDevices(int bits, ref X64State state)
    {
        ((Span<ulong>)state.Gpr).Fill(bits == 16 ? 0x100 : X64Machine.DeviceBase);
        state.Gpr[4] = 0x7800;

        if (bits == 16)
        {
            state.Segments[X64SegmentFile.Ds].Base = X64Machine.DeviceBase;
            state.Segments[X64SegmentFile.Ss].Base = X64Machine.DeviceBase;
        }
    }

    private static ReadOnlySpan<byte> BytesOf(in X64State state) => MemoryMarshal.AsBytes(new ReadOnlySpan<X64State>(in state));

    // What is wrong with the emulation of an instruction whose memory operands are devices, in words.
    private static string? Fault(X64Machine machine, byte[] bytes)
    {
        X64State before = machine.State;
        machine.Bus.Log.Clear();
        EmulationOutcome outcome;

        try
        {
            outcome = machine.Step(bytes);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error.ToString();
        }

        bool hasChanged = !BytesOf(in machine.State).SequenceEqual(BytesOf(in before));
        machine.State = before;
        return outcome.Result != EmulationResult.Unsupported ? null
            : machine.Bus.Log.Count != 0 ? $"refused after {string.Join(", ", machine.Bus.Log)}"
            : hasChanged ? "refused, and the state has changed"
            : outcome.Limit == EmulationLimit.None || outcome.InstructionName.Length == 0 ? "refused without a reason"
            : null;
    }
}
