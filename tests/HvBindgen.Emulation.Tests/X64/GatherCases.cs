using System.Buffers.Binary;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Indices that lead to places near each other, for instructions that gather elements from memory.</summary>
internal static class GatherCases
{
    private const int VectorBytes = 64;

    public static void Prepare(Random random, in Instruction instruction, ref OracleCase test)
    {
        if (!instruction.MemoryIndex.IsVectorRegister())
        {
            return;
        }

        Span<byte> index = ((Span<byte>)test.Vectors).Slice(instruction.MemoryIndex.GetNumber() * VectorBytes, VectorBytes / 2);
        bool isWide = instruction.Mnemonic is Mnemonic.Vpgatherqd or Mnemonic.Vpgatherqq or Mnemonic.Vgatherqps or Mnemonic.Vgatherqpd;

        for (int at = 0; at < index.Length; at += isWide ? 8 : 4)
        {
            int distance = random.Next(-6, 7);

            if (isWide)
            {
                BinaryPrimitives.WriteInt64LittleEndian(index[at..], distance);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(index[at..], distance);
            }
        }
    }
}
