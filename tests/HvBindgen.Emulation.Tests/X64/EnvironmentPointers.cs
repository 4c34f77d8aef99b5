using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>
/// Where FNSTENV and FNSAVE put the last instruction of x87 and its operand: processors differ about when they keep them, and about the
/// selectors beside them.
/// </summary>
internal static class EnvironmentPointers
{
    // Of seven fields the last four.
    private const int Fields = 7;
    private const int FirstPointer = 3;

    /// <summary>Puts what a processor left there into what is compared with it.</summary>
    /// <param name="bits">Mode.</param>
    /// <param name="test">The case.</param>
    /// <param name="instruction">Its instruction.</param>
    /// <param name="real">The window as the processor left it.</param>
    /// <param name="mine">The same of the emulator.</param>
    public static void Take(int bits, in OracleCase test, in Instruction instruction, ReadOnlySpan<byte> real, Span<byte> mine)
    {
        if (instruction.Mnemonic is not (Mnemonic.Fnstenv or Mnemonic.Fnsave))
        {
            return;
        }

        int fieldBytes = instruction.MemorySize is MemorySize.FpuEnv14 or MemorySize.FpuState94 ? 2 : 4;
        long first = (long)(Linear(bits, test, instruction) - OracleMachine.DataBase - (ulong)OracleMachine.WindowOffset);

        for (int at = FirstPointer * fieldBytes; at < Fields * fieldBytes; at++)
        {
            long place = first + at;

            if (place >= 0 && place < mine.Length)
            {
                mine[(int)place] = real[(int)place];
            }
        }
    }

    private static ulong Linear(int bits, OracleCase test, in Instruction instruction)
    {
        ulong linear = instruction.GetVirtualAddress(0, 0, (register, _, _) => register.IsSegmentRegister()
            ? SegmentBase(bits, test, register)
            : Truncate(test.Gpr[register.GetNumber()], register.GetSize()));
        return bits == 64 ? linear : (uint)linear;
    }

    private static ulong SegmentBase(int bits, in OracleCase test, Register register) => register switch
    {
        _ when bits != 64 => OracleMachine.Descriptor(test.Segments[register - Register.ES], 0).Base,
        Register.FS => test.FsBase,
        Register.GS => test.GsBase,
        _ => 0,
    };

    private static ulong Truncate(ulong value, int sizeBytes) =>
        sizeBytes == 8 ? value : value & ((1UL << (sizeBytes * 8)) - 1);
}
