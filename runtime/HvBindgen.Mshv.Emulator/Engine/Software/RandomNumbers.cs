using System.Security.Cryptography;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>What RDRAND and RDSEED give on one processor: the host's random numbers, or a series that a seed begins.</summary>
/// <remarks>The series is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014), which meets every one of
/// its 2^64 states; processors of a machine begin far from each other.</remarks>
internal sealed class RandomNumbers
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private readonly bool isSeeded;
    private ulong state;

    /// <param name="seed">The seed; null for the host's numbers.</param>
    /// <param name="processor">Index of the processor.</param>
    internal RandomNumbers(ulong? seed, uint processor)
    {
        isSeeded = seed is not null;
        state = Mix((seed ?? 0) ^ Mix(processor));
    }

    internal ulong Next()
    {
        if (!isSeeded)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            RandomNumberGenerator.Fill(bytes);
            return BitConverter.ToUInt64(bytes);
        }

        state += Step;
        return Mix(state);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
