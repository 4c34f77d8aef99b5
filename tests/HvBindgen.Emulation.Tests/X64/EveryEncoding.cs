using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>An encoding of each instruction that the decoder knows in a mode, with a memory operand and without where both exist.</summary>
/// <remarks>
/// Found by decoding: all prefixes that choose an instruction, all opcode maps, all opcodes, and the values of ModRM that matter.
/// </remarks>
internal sealed class EveryEncoding
{
    private const byte OperandSize = 0x66;
    private const byte AddressSize = 0x67;
    private const int LongestBytes = 15;

    private static readonly byte[][] LegacyPrefixes =
    [
        [], [OperandSize], [0xF3], [0xF2], [OperandSize, 0xF3], [OperandSize, 0xF2], [AddressSize], [AddressSize, OperandSize],
        [AddressSize, 0xF3], [AddressSize, 0xF2], [AddressSize, OperandSize, 0xF3],
    ];

    private static readonly byte[][] LegacyMaps = [[], [0x0F], [0x0F, 0x38], [0x0F, 0x3A], [0x0F, 0x01], [0x0F, 0xAE], [0x0F, 0xC7]];

    private readonly int bits;
    private readonly BytesReader reader = new();
    private readonly Decoder decoder;
    private readonly Dictionary<(Code Code, bool HasMemory), byte[]> found = [];

    private EveryEncoding(int bits)
    {
        this.bits = bits;
        decoder = Decoder.Create(bits, reader);
    }

    /// <summary>Looks for all of them.</summary>
    /// <param name="bits">Mode: 16, 32 or 64.</param>
    public static IReadOnlyDictionary<(Code Code, bool HasMemory), byte[]> In(int bits)
    {
        EveryEncoding all = new(bits);
        all.TryLegacy();
        all.TryVectorPrefixes();
        return all.found;
    }

    private void TryLegacy()
    {
        byte?[] rex = bits == 64 ? [null, 0x40, 0x48, 0x49] : [null];

        foreach (byte[] prefixes in LegacyPrefixes)
        {
            foreach (byte? wide in rex)
            {
                foreach (byte[] map in LegacyMaps)
                {
                    byte[] start = wide is byte one ? [.. prefixes, one, .. map] : [.. prefixes, .. map];
                    TryOpcodes(start, allModRm: true);
                }
            }
        }

        // 3DNow! has its opcode where others have an immediate.
        for (int opcode = 0; opcode < 256; opcode++)
        {
            TryDecode([0x0F, 0x0F, 0x00, (byte)opcode]);
            TryDecode([0x0F, 0x0F, 0x03, (byte)opcode]);
            TryDecode([0x0F, 0x0F, 0xC3, (byte)opcode]);
        }
    }

    // In 16-bit mode only with 32-bit addresses an operand has the index that gathers need.
    private void TryVectorPrefixes()
    {
        TryVectorPrefixes([]);

        if (bits == 16)
        {
            TryVectorPrefixes([AddressSize]);
        }
    }

    private void TryVectorPrefixes(ReadOnlySpan<byte> address)
    {
        for (int last = 0; last < 256; last++)
        {
            // VEX and XOP: W, the inverted third register (none, or the last), L and the implied prefix.
            if ((last & 0x78) is not (0x78 or 0x70))
            {
                continue;
            }

            for (int map = 0; map < 32; map++)
            {
                TryOpcodes([.. address, 0xC4, (byte)(0xE0 | map), (byte)last], allModRm: map is 0 or 1);
                TryOpcodes([.. address, 0x8F, (byte)(0xE0 | map), (byte)last], allModRm: false);
            }
        }

        // EVEX: map, then W and the implied prefix, then length, broadcast and mask.
        foreach (byte map in (ReadOnlySpan<byte>)[1, 2, 3, 4, 5, 6, 7])
        {
            for (int choice = 0; choice < 8; choice++)
            {
                byte second = (byte)(0x7C | (choice & 3) | ((choice & 4) << 5));

                foreach (byte third in (ReadOnlySpan<byte>)[0x08, 0x28, 0x48, 0x68, 0x09, 0x29, 0x49, 0x18, 0x38, 0x58])
                {
                    TryOpcodes([.. address, 0x62, (byte)(0xF0 | map), second, third], allModRm: false);
                }
            }
        }
    }

    private void TryOpcodes(ReadOnlySpan<byte> start, bool allModRm)
    {
        Span<byte> code = stackalloc byte[LongestBytes];
        code.Clear();
        start.CopyTo(code);

        for (int opcode = 0; opcode < 256; opcode++)
        {
            code[start.Length] = (byte)opcode;

            for (int modRm = 0; modRm < 256; modRm++)
            {
                // Every register field, with a memory operand (by register or by index) and with a register.
                if (allModRm || (modRm & 0xC7) is 0x03 or 0x04 or 0xC0 or 0xC3)
                {
                    code[start.Length + 1] = (byte)modRm;
                    code[start.Length + 2] = (modRm & 0xC7) == 0x04 ? (byte)0x0B : (byte)0;
                    TryDecode(code);
                }
            }
        }
    }

    private void TryDecode(ReadOnlySpan<byte> code)
    {
        reader.Set(code);
        decoder.IP = 0;
        decoder.Decode(out Instruction instruction);

        if (instruction.Code != Code.INVALID)
        {
            bool hasMemory = instruction.MemorySize != MemorySize.Unknown;

            if (!found.ContainsKey((instruction.Code, hasMemory)))
            {
                found[(instruction.Code, hasMemory)] = [.. code[..Math.Min(instruction.Length, code.Length)]];
            }
        }
    }

    private sealed class BytesReader : CodeReader
    {
        private readonly byte[] bytes = new byte[LongestBytes];
        private int position;

        public void Set(ReadOnlySpan<byte> code)
        {
            Array.Clear(bytes);
            code.CopyTo(bytes);
            position = 0;
        }

        public override int ReadByte() => position < LongestBytes ? bytes[position++] : -1;
    }
}
