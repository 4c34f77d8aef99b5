using System.Buffers.Binary;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Random numbers of 16, 32 and 64 bits of which arithmetic makes something worth comparing, and all ways of rounding.</summary>
internal static class NumberCases
{
    private const int MxcsrOffset = 24;

    private static readonly string[] Starts =
        ["Add", "Sub", "Mul", "Div", "Sqrt", "Min", "Max", "Cmp", "Comi", "Ucomi", "Cvt", "Hadd", "Hsub", "Dpp", "Round", "Fm", "Fnm"];

    /// <summary>Makes vectors and memory worth computing with, where an instruction does.</summary>
    public static void Prepare(Random random, in Instruction instruction, ref OracleCase test)
    {
        if (!IsArithmetic(instruction.Code.ToOpCode()))
        {
            return;
        }

        int sizeBytes = SizeOf(instruction.Mnemonic.ToString());
        Fill(random, test.Window, sizeBytes);

        for (int register = 0; register < 16; register++)
        {
            Fill(random, ((Span<byte>)test.Vectors).Slice(register * 64, 32), sizeBytes);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(((Span<byte>)test.FloatingPoint)[MxcsrOffset..], Mxcsr(random));
    }

    // Most exceptions masked, mostly all of them; most flags not yet set, at times all.
    private static uint Mxcsr(Random random)
    {
        uint masks = random.Next(3) != 0 ? 0x3Fu : (uint)(random.Next(0x40) | random.Next(0x40));
        uint flags = random.Next(4) == 0 ? (uint)random.Next(0x40) : random.Next(3) == 0 ? 0x20u : 0;
        uint modes = (random.Next(4) == 0 ? 1u << 6 : 0) | (random.Next(4) == 0 ? 1u << 15 : 0);
        return (masks << 7) | flags | modes | ((uint)random.Next(4) << 13);
    }

    /// <summary>Whether an instruction computes with numbers in vectors.</summary>
    public static bool IsArithmetic(OpCodeInfo info)
    {
        string name = info.Mnemonic.ToString();
        string stem = name[0] == 'V' ? name[1..] : name;
        return Starts.Any(start => stem.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            && (stem[^2..] is "ps" or "pd" or "ss" or "sd" || stem.StartsWith("cvt", StringComparison.OrdinalIgnoreCase))
            && info.Code != Code.Cmpsd_m32_m32;
    }

    // What is read: halves of CVTPH2PS, the first format of a conversion, else the last letter.
    private static int SizeOf(string name) =>
        name.Contains("ph2", StringComparison.Ordinal) ? 2
        : name.Contains("Cvt", StringComparison.OrdinalIgnoreCase)
            ? (name.Contains("d2", StringComparison.Ordinal) && !name.Contains("dq2", StringComparison.Ordinal) ? 8 : 4)
        : name[^1] == 'd' ? 8 : 4;

    private static void Fill(Random random, Span<byte> bytes, int sizeBytes)
    {
        Span<byte> whole = stackalloc byte[8];

        for (int at = 0; at + sizeBytes <= bytes.Length; at += sizeBytes)
        {
            ulong number = Number(random, sizeBytes);

            // Now and then once more the one before, or its neighbour, with either sign.
            if (at > 0 && random.Next(8) == 0)
            {
                number = Read(bytes[(at - sizeBytes)..], sizeBytes) + (ulong)random.Next(-1, 2);
                number ^= random.Next(2) == 0 ? 0 : 1UL << ((sizeBytes * 8) - 1);
            }

            BinaryPrimitives.WriteUInt64LittleEndian(whole, number);
            whole[..sizeBytes].CopyTo(bytes[at..]);
        }
    }

    private static ulong Number(Random random, int sizeBytes)
    {
        (int fractionBits, int exponentBits) = sizeBytes switch { 2 => (10, 5), 4 => (23, 8), _ => (52, 11) };
        ulong largest = (1UL << exponentBits) - 1;
        ulong bias = largest >> 1;
        ulong exponent = random.Next(16) switch
        {
            0 or 1 => 0,
            2 => largest,
            3 => 1,
            4 => largest - 1,
            5 => bias / 2,
            6 => bias + (ulong)(fractionBits / 2),
            7 => (ulong)random.NextInt64((long)largest + 1),
            8 => bias + (ulong)random.Next(28, 34) & largest,
            9 => bias + (ulong)random.Next(60, 66) & largest,
            10 => bias - (ulong)(fractionBits + 1) & largest,
            _ => bias + (ulong)random.Next(-3, 8),
        };
        ulong fraction = random.Next(8) switch
        {
            0 or 1 => 0,
            2 => 1UL << random.Next(fractionBits),
            3 => ulong.MaxValue,
            4 => ulong.MaxValue << random.Next(fractionBits),
            5 => (ulong)random.NextInt64() >> random.Next(63),
            _ => (ulong)random.NextInt64(),
        };
        ulong sign = (ulong)random.Next(2);
        return (sign << (fractionBits + exponentBits)) | (exponent << fractionBits) | (fraction & ((1UL << fractionBits) - 1));
    }

    private static ulong Read(ReadOnlySpan<byte> bytes, int sizeBytes) => sizeBytes switch
    {
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };
}
