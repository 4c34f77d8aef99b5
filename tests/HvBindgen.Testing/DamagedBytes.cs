using System.Buffers.Binary;

namespace HvBindgen.Testing;

/// <summary>Makes bytes wrong at random: single bits and bytes, numbers at the ends of their ranges, cuts, repetitions.</summary>
public static class DamagedBytes
{
    private const int MaxEdits = 6;
    private const int MaxRunBytes = 64;

    private static readonly ulong[] Extremes =
    [
        0, 1, 0x7f, 0x80, 0xff, 0xfff, 0x1000, 0x1001, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000,
        0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, ulong.MaxValue - 0xfff, ulong.MaxValue,
    ];

    /// <summary>A damaged copy.</summary>
    /// <param name="random">Chooses the damage.</param>
    /// <param name="whole">What is sound; not empty.</param>
    /// <param name="keepsLength">Whether only values change.</param>
    public static byte[] Of(Random random, byte[] whole, bool keepsLength = false)
    {
        byte[] bytes = [.. whole];
        for (int edit = random.Next(1, MaxEdits); edit > 0 && bytes.Length > 0; edit--)
        {
            int at = random.Next(bytes.Length);
            int count = Math.Min(random.Next(1, MaxRunBytes), bytes.Length - at);
            switch (random.Next(keepsLength ? 3 : 6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    PutExtreme(random, bytes.AsSpan(at));
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes[(at + count)..]];
                    break;
                case 4:
                    bytes = [.. bytes[..(at + count)], .. bytes[at..]];
                    break;
                default:
                    bytes = random.Next(4) == 0 ? bytes[..at] : bytes;
                    break;
            }
        }

        return bytes;
    }

    // Numbers of a format lie at multiples of their size more often than not; both kinds of place are tried.
    private static void PutExtreme(Random random, Span<byte> place)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, Extremes[random.Next(Extremes.Length)]);
        int size = 1 << random.Next(4);
        number[..Math.Min(size, place.Length)].CopyTo(place);
    }
}
