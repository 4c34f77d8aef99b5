using System.Buffers.Binary;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Selectors for what loads segment registers: those that the tables of the process have, and others.</summary>
internal static class SelectorCases
{
    // Of the global table only what every Linux has: segments of programs, one of the kernel, and what lies behind its end.
    private static readonly ushort[] Selectors =
    [
        OracleMachine.FlatData, OracleMachine.FlatData, OracleMachine.Flat32Code, OracleMachine.Flat64Code, OracleMachine.KernelData,
        0, 1, 3,
        0x0F, 0x1F, 0x27, 0x2F, 0x37, 0x3F, 0x47, 0x4F, 0x07, 0x17, 0x0C, 0x1D, 0x57, 0x83, 0x28, 0xFFFB, 0xFFFF,
    ];

    /// <summary>Puts selectors wherever an instruction may find one.</summary>
    public static void Prepare(Random random, in Instruction instruction, ref OracleCase test)
    {
        bool isFarPointer = instruction.Mnemonic is Mnemonic.Lds or Mnemonic.Les or Mnemonic.Lfs or Mnemonic.Lgs or Mnemonic.Lss;
        bool isLoaded = instruction.Mnemonic is Mnemonic.Mov or Mnemonic.Pop && instruction.Op0Kind == OpKind.Register
            && instruction.Op0Register.IsSegmentRegister();

        if (!isFarPointer && !isLoaded)
        {
            return;
        }

        // One for the whole window, so that it is found at every address.
        ushort selector = Selectors[random.Next(Selectors.Length)];

        for (int at = 0; at + 2 <= OracleMachine.WindowBytes; at += 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(((Span<byte>)test.Window)[at..], selector);
        }

        if (isLoaded && instruction.OpCount > 1 && instruction.Op1Kind == OpKind.Register)
        {
            ref ulong register = ref test.Gpr[instruction.Op1Register.GetNumber()];
            register = (register & ~0xFFFFUL) | selector;
        }
    }
}
