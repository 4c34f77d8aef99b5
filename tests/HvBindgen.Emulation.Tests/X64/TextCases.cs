using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Texts for what compares texts: of few letters, so that much of them is the same, and of all lengths.</summary>
internal static class TextCases
{
    /// <summary>Fills memory, the vectors and the lengths.</summary>
    public static void Prepare(Random random, in Instruction instruction, ref OracleCase test)
    {
        if (instruction.Mnemonic is not (Mnemonic.Pcmpestri or Mnemonic.Pcmpestri64 or Mnemonic.Pcmpestrm or Mnemonic.Pcmpestrm64
            or Mnemonic.Pcmpistri or Mnemonic.Pcmpistrm or Mnemonic.Vpcmpestri or Mnemonic.Vpcmpestri64 or Mnemonic.Vpcmpestrm
            or Mnemonic.Vpcmpestrm64 or Mnemonic.Vpcmpistri or Mnemonic.Vpcmpistrm) || random.Next(8) == 0)
        {
            return;
        }

        int elementBytes = (instruction.Immediate8 & 1) + 1;
        Fill(random, test.Window, elementBytes);

        // What is upper halves elsewhere stays random: it must not matter, and not change.
        for (int vector = 0; vector < 16; vector++)
        {
            Fill(random, ((Span<byte>)test.Vectors).Slice(vector * 64, 16), elementBytes);
        }

        foreach (int register in (ReadOnlySpan<int>)[0, 2])
        {
            bool isAddress = (instruction.MemoryBase != Register.None && instruction.MemoryBase.GetNumber() == register)
                || (instruction.MemoryIndex != Register.None && instruction.MemoryIndex.GetNumber() == register);
            test.Gpr[register] = isAddress ? test.Gpr[register] : random.Next(4) switch
            {
                0 => test.Gpr[register],
                1 => (test.Gpr[register] & ~0xFFFF_FFFFUL) | (uint)random.Next(-20, 21),
                _ => (ulong)random.Next(-20, 21),
            };
        }
    }

    private static void Fill(Random random, Span<byte> text, int elementBytes)
    {
        int letters = random.Next(1, 5);
        int zeros = random.Next(2, 40);
        text.Clear();

        for (int at = 0; at < text.Length; at += elementBytes)
        {
            // Signed and unsigned ones are ordered in two ways.
            int letter = random.Next(zeros) == 0 ? 0 : (random.Next(letters) * 0x51) + 1;
            text[at] = (byte)letter;
            text[at + elementBytes - 1] = (byte)letter;
        }
    }
}
