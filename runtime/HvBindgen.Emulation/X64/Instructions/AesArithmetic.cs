using System.Numerics;
using System.Runtime.Intrinsics;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Rounds of AES (FIPS 197) on lanes: four columns of four bytes.</summary>
/// <remarks>In plain arithmetic, the same on every host: an operand of a device is met far too seldom for more.</remarks>
internal static class AesArithmetic
{
    private const int ColumnBytes = 4;

    private static readonly byte[] Substitutes = FindSubstitutes();
    private static readonly byte[] Originals = Invert(Substitutes);

    /// <summary>AESENC.</summary>
    internal static Vector128<byte> Encrypt(Vector128<byte> state, Vector128<byte> key) =>
        MixColumns(Substitute(ShiftRows(state, 1), Substitutes), [2, 3, 1, 1]) ^ key;

    /// <summary>AESENCLAST.</summary>
    internal static Vector128<byte> EncryptLast(Vector128<byte> state, Vector128<byte> key) =>
        Substitute(ShiftRows(state, 1), Substitutes) ^ key;

    /// <summary>AESDEC.</summary>
    internal static Vector128<byte> Decrypt(Vector128<byte> state, Vector128<byte> key) =>
        UnmixColumns(Substitute(ShiftRows(state, -1), Originals)) ^ key;

    /// <summary>AESDECLAST.</summary>
    internal static Vector128<byte> DecryptLast(Vector128<byte> state, Vector128<byte> key) =>
        Substitute(ShiftRows(state, -1), Originals) ^ key;

    /// <summary>AESIMC: a key for the rounds of decryption.</summary>
    internal static Vector128<byte> UnmixColumns(Vector128<byte> state) => MixColumns(state, [14, 11, 13, 9]);

    /// <summary>AESKEYGENASSIST: what the next round's key is made of.</summary>
    internal static Vector128<byte> AssistKey(Vector128<byte> key, byte roundConstant)
    {
        Vector128<uint> words = Substitute(key, Substitutes).AsUInt32();
        uint second = words.GetElement(1);
        uint fourth = words.GetElement(3);
        uint rotatedSecond = BitOperations.RotateRight(second, 8) ^ roundConstant;
        uint rotatedFourth = BitOperations.RotateRight(fourth, 8) ^ roundConstant;
        return Vector128.Create(second, rotatedSecond, fourth, rotatedFourth).AsByte();
    }

    // Each row by as many columns as it has rows above it.
    private static Vector128<byte> ShiftRows(Vector128<byte> state, int direction)
    {
        Vector128<byte> result = default;

        for (int index = 0; index < Vector128<byte>.Count; index++)
        {
            int row = index % ColumnBytes;
            int from = (index + (direction * row * ColumnBytes)) & (Vector128<byte>.Count - 1);
            result = result.WithElement(index, state.GetElement(from));
        }

        return result;
    }

    private static Vector128<byte> Substitute(Vector128<byte> state, ReadOnlySpan<byte> substitutes)
    {
        Vector128<byte> result = default;

        for (int index = 0; index < Vector128<byte>.Count; index++)
        {
            result = result.WithElement(index, substitutes[state.GetElement(index)]);
        }

        return result;
    }

    // Each column as a polynomial times another; the factors are those of the column's bytes from the row itself down.
    private static Vector128<byte> MixColumns(Vector128<byte> state, ReadOnlySpan<byte> factors)
    {
        Vector128<byte> result = default;

        for (int index = 0; index < Vector128<byte>.Count; index++)
        {
            int row = index % ColumnBytes;
            int mixed = 0;

            for (int distance = 0; distance < ColumnBytes; distance++)
            {
                byte other = state.GetElement(index - row + ((row + distance) % ColumnBytes));
                mixed ^= BinaryFields.Multiply(other, factors[distance]);
            }

            result = result.WithElement(index, (byte)mixed);
        }

        return result;
    }

    // FIPS 197, 5.1.1: the inverse, each of its bits with four others, and a number.
    private static byte[] FindSubstitutes()
    {
        byte[] substitutes = new byte[256];

        for (int value = 0; value < substitutes.Length; value++)
        {
            byte inverse = BinaryFields.Inverse((byte)value);
            int mixed = inverse ^ 0x63;

            for (int turn = 1; turn <= 4; turn++)
            {
                mixed ^= (inverse << turn) | (inverse >> (8 - turn));
            }

            substitutes[value] = (byte)mixed;
        }

        return substitutes;
    }

    private static byte[] Invert(byte[] substitutes)
    {
        byte[] originals = new byte[substitutes.Length];

        for (int value = 0; value < originals.Length; value++)
        {
            originals[substitutes[value]] = (byte)value;
        }

        return originals;
    }
}
