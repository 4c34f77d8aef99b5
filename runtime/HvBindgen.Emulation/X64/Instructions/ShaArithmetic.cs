using System.Numerics;
using System.Runtime.Intrinsics;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Rounds and message schedules of SHA-1 and SHA-256 (FIPS 180-4) on lanes of four words, the first of them topmost.</summary>
internal static class ShaArithmetic
{
    // FIPS 180-4, 4.2.1.
    private static readonly uint[] RoundConstants = [0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC, 0xCA62_C1D6];

    /// <summary>SHA1RNDS4: four rounds.</summary>
    /// <param name="left">A, B, C and D.</param>
    /// <param name="right">Four words of the message, E in the first.</param>
    /// <param name="phase">Which function and constant, of four.</param>
    internal static Vector128<byte> Round1(Vector128<byte> left, Vector128<byte> right, byte phase)
    {
        Vector128<uint> words = left.AsUInt32();
        (uint a, uint b, uint c, uint d, uint e) = (words.GetElement(3), words.GetElement(2), words.GetElement(1), words.GetElement(0), 0u);

        for (int round = 0; round < 4; round++)
        {
            uint mixed = (phase & 3) switch { 0 => Choose(b, c, d), 2 => Majority(b, c, d), _ => b ^ c ^ d };
            uint next = mixed + BitOperations.RotateLeft(a, 5) + right.AsUInt32().GetElement(3 - round) + e + RoundConstants[phase & 3];
            (a, b, c, d, e) = (next, a, BitOperations.RotateLeft(b, 30), c, d);
        }

        return Vector128.Create(d, c, b, a).AsByte();
    }

    /// <summary>SHA1NEXTE: the word that the next rounds begin with.</summary>
    internal static Vector128<byte> AddNext1(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<uint> words = right.AsUInt32();
        return words.WithElement(3, words.GetElement(3) + BitOperations.RotateLeft(left.AsUInt32().GetElement(3), 30)).AsByte();
    }

    /// <summary>SHA1MSG1: the first half of four further words of the message.</summary>
    internal static Vector128<byte> Schedule1(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<uint> words = left.AsUInt32();
        return (words ^ Vector128.Create(
            right.AsUInt32().GetElement(2), right.AsUInt32().GetElement(3), words.GetElement(0), words.GetElement(1))).AsByte();
    }

    /// <summary>SHA1MSG2: the second half.</summary>
    internal static Vector128<byte> FinishSchedule1(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<uint> words = left.AsUInt32();
        Vector128<uint> before = right.AsUInt32();
        uint first = BitOperations.RotateLeft(words.GetElement(3) ^ before.GetElement(2), 1);
        return Vector128.Create(
            BitOperations.RotateLeft(words.GetElement(0) ^ first, 1),
            BitOperations.RotateLeft(words.GetElement(1) ^ before.GetElement(0), 1),
            BitOperations.RotateLeft(words.GetElement(2) ^ before.GetElement(1), 1),
            first).AsByte();
    }

    /// <summary>SHA256RNDS2: two rounds.</summary>
    /// <param name="left">C, D, G and H.</param>
    /// <param name="right">A, B, E and F.</param>
    /// <param name="added">Two words of the message with their constants, in the lowest places.</param>
    internal static Vector128<byte> Round256(Vector128<byte> left, Vector128<byte> right, Vector128<byte> added)
    {
        Vector128<uint> first = right.AsUInt32();
        Vector128<uint> second = left.AsUInt32();
        (uint a, uint b, uint e, uint f) = (first.GetElement(3), first.GetElement(2), first.GetElement(1), first.GetElement(0));
        (uint c, uint d, uint g, uint h) = (second.GetElement(3), second.GetElement(2), second.GetElement(1), second.GetElement(0));

        for (int round = 0; round < 2; round++)
        {
            uint common = Choose(e, f, g) + Rotations(e, 6, 11, 25) + added.AsUInt32().GetElement(round) + h;
            uint next = common + Majority(a, b, c) + Rotations(a, 2, 13, 22);
            (a, b, c, d, e, f, g, h) = (next, a, b, c, common + d, e, f, g);
        }

        return Vector128.Create(f, e, b, a).AsByte();
    }

    /// <summary>SHA256MSG1: the first half of four further words of the message.</summary>
    internal static Vector128<byte> Schedule256(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<uint> words = left.AsUInt32();
        Vector128<uint> next = Vector128.Create(
            words.GetElement(1), words.GetElement(2), words.GetElement(3), right.AsUInt32().GetElement(0));

        for (int index = 0; index < 4; index++)
        {
            uint word = next.GetElement(index);
            next = next.WithElement(index, BitOperations.RotateRight(word, 7) ^ BitOperations.RotateRight(word, 18) ^ (word >> 3));
        }

        return (words + next).AsByte();
    }

    /// <summary>SHA256MSG2: the second half.</summary>
    internal static Vector128<byte> FinishSchedule256(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<uint> words = left.AsUInt32();

        // The third and fourth are made of the first and second.
        for (int index = 0; index < 4; index++)
        {
            uint before = index < 2 ? right.AsUInt32().GetElement(index + 2) : words.GetElement(index - 2);
            uint mixed = BitOperations.RotateRight(before, 17) ^ BitOperations.RotateRight(before, 19) ^ (before >> 10);
            words = words.WithElement(index, words.GetElement(index) + mixed);
        }

        return words.AsByte();
    }

    private static uint Choose(uint chooser, uint first, uint second) => (chooser & first) ^ (~chooser & second);

    private static uint Majority(uint first, uint second, uint third) => (first & second) ^ (first & third) ^ (second & third);

    private static uint Rotations(uint word, int first, int second, int third) =>
        BitOperations.RotateRight(word, first) ^ BitOperations.RotateRight(word, second) ^ BitOperations.RotateRight(word, third);
}
