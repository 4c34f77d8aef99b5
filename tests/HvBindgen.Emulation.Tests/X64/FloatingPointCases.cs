using System.Buffers.Binary;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Random registers of x87, and memory for the instructions that load and store them.</summary>
internal static class FloatingPointCases
{
    private const int StatusOffset = 2;
    private const int TagOffset = 4;
    private const int MxcsrOffset = 24;
    private const int MaskOffset = 28;
    private const int FirstRegister = 32;
    private const uint UsualMxcsr = 0x1F80;

    /// <summary>Fills an image as FXSAVE writes it.</summary>
    public static void Fill(Random random, Span<byte> image)
    {
        image.Clear();
        bool isCalm = random.Next(4) != 0;
        int masks = isCalm ? 0x3F : random.Next(0x40);
        int control = masks | 0x40 | (random.Next(4) << 8) | (random.Next(4) << 10);
        int exceptions = isCalm ? random.Next(0x40) : random.Next(0x40) & masks;

        // Now and then an exception waits; the summary says so.
        exceptions |= random.Next(40) == 0 ? random.Next(0x40) : 0;
        int status = exceptions | (random.Next(8) << 11) | (random.Next(8) << 8) | (random.Next(2) << 14) | (random.Next(2) << 6);
        status |= (exceptions & ~control) != 0 ? 0x8080 : 0;
        BinaryPrimitives.WriteUInt16LittleEndian(image, (ushort)control);
        BinaryPrimitives.WriteUInt16LittleEndian(image[StatusOffset..], (ushort)status);
        image[TagOffset] = (byte)random.Next(256);
        BinaryPrimitives.WriteUInt32LittleEndian(image[MxcsrOffset..], UsualMxcsr);
        BinaryPrimitives.WriteUInt32LittleEndian(image[MaskOffset..], HostProcessor.IsAmd ? 0x2_FFFFu : 0xFFFF);

        for (int register = 0; register < 8; register++)
        {
            Span<byte> slot = image.Slice(FirstRegister + (register * 16), 16);
            BinaryPrimitives.WriteUInt64LittleEndian(slot, Significand(random));
            BinaryPrimitives.WriteUInt16LittleEndian(slot[8..], SignAndExponent(random));
        }
    }

    /// <summary>Makes memory worth loading.</summary>
    public static void Prepare(Random random, in Instruction instruction, ref OracleCase test)
    {
        Span<byte> window = test.Window;

        switch (instruction.Mnemonic)
        {
            case Mnemonic.Fld when random.Next(2) == 0:
                // Exponents that are largest, smallest or zero, with all kinds of fractions.
                for (int at = 0; at + 8 <= window.Length; at += 4)
                {
                    uint exponent = random.Next(3) switch { 0 => 0, 1 => 0x7FF0_0000, _ => 0x7F80_0000 };
                    uint fraction = (uint)random.Next() >> random.Next(8, 32);
                    BinaryPrimitives.WriteUInt32LittleEndian(window[at..], exponent | fraction | ((uint)random.Next(2) << 31));
                }

                break;
            case Mnemonic.Ldmxcsr or Mnemonic.Vldmxcsr when random.Next(3) != 0:
                // Bits that there are.
                for (int at = 0; at + 4 <= window.Length; at += 4)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(window[at..], (uint)random.Next(0x1_0000));
                }

                break;
            case Mnemonic.Fbld when random.Next(3) != 0:
                // Digits, nearly all of them decimal.
                for (int at = 0; at < window.Length; at++)
                {
                    int largest = random.Next(200) == 0 ? 16 : 10;
                    window[at] = (byte)((random.Next(largest) << 4) | random.Next(largest));
                }

                break;
            case Mnemonic.Fxrstor or Mnemonic.Fxrstor64:
                // The same image at each place where it may begin; most are allowed.
                Span<byte> image = stackalloc byte[160];
                Fill(random, image);
                window.Clear();

                if (instruction.MemoryBase != Register.None && instruction.MemoryIndex == Register.None
                    && instruction.MemoryBase.GetSize() == 8 && instruction.MemoryBase != Register.RIP
                    && instruction.SegmentPrefix == Register.None)
                {
                    const ulong Window = OracleMachine.DataBase + OracleMachine.WindowOffset;
                    test.Gpr[instruction.MemoryBase.GetNumber()] = Window - instruction.MemoryDisplacement64;
                    image.CopyTo(window);
                }

                break;
            default:
                break;
        }
    }

    private static ulong Significand(Random random) => random.Next(6) switch
    {
        0 => (ulong)random.NextInt64() >> random.Next(64),
        1 => 1UL << 63,
        2 => 0,
        3 => ulong.MaxValue << random.Next(64),
        _ => (1UL << 63) | ((ulong)random.NextInt64() << random.Next(60)),
    };

    // Around the ends of what 32 and 64 bits hold, whole numbers, and anything.
    private static ushort SignAndExponent(Random random)
    {
        int exponent = random.Next(8) switch
        {
            0 => 0,
            1 => 0x7FFF,
            2 => 16383 + random.Next(-160, -110),
            3 => 16383 + random.Next(120, 135),
            4 => 16383 + random.Next(-1085, -1010),
            5 => 16383 + random.Next(1015, 1030),
            6 => 16383 + random.Next(-3, 67),
            _ => random.Next(0x8000),
        };
        return (ushort)(exponent | (random.Next(2) << 15));
    }
}
