using System.Numerics;
using System.Runtime.Intrinsics;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What instructions make of lanes whose bits are coefficients of polynomials: sums are XOR, and nothing carries.</summary>
internal static class BinaryFields
{
    // x^8 + x^4 + x^3 + x + 1, by which bytes are reduced (FIPS 197, 4.2).
    private const int Reduction = 0x11B;

    private static readonly byte[] Inverses = FindInverses();

    /// <summary>A product of two bytes in the field of 256 elements.</summary>
    internal static byte Multiply(byte left, byte right)
    {
        int product = 0;
        int power = left;

        for (int rest = right; rest != 0; rest >>= 1)
        {
            product ^= (rest & 1) != 0 ? power : 0;
            power <<= 1;
            power ^= (power & 0x100) != 0 ? Reduction : 0;
        }

        return (byte)product;
    }

    /// <summary>What a byte is multiplied by to give one; of zero it is zero.</summary>
    internal static byte Inverse(byte value) => Inverses[value];

    /// <summary>PCLMULQDQ: 128 bits of the product of two halves.</summary>
    /// <param name="left">A lane.</param>
    /// <param name="right">Another.</param>
    /// <param name="halves">Bit 0 chooses the upper half of the left lane, bit 4 that of the right one.</param>
    internal static Vector128<byte> MultiplyHalves(Vector128<byte> left, Vector128<byte> right, byte halves)
    {
        ulong factor = left.AsUInt64().GetElement(halves & 1);
        ulong rest = right.AsUInt64().GetElement((halves >> 4) & 1);
        UInt128 product = 0;

        for (; rest != 0; rest &= rest - 1)
        {
            product ^= (UInt128)factor << BitOperations.TrailingZeroCount(rest);
        }

        return Vector128.Create((ulong)product, (ulong)(product >> 64)).AsByte();
    }

    /// <summary>GF2P8MULB: products of bytes.</summary>
    internal static Vector128<byte> MultiplyBytes(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<byte> result = default;

        for (int index = 0; index < Vector128<byte>.Count; index++)
        {
            result = result.WithElement(index, Multiply(left.GetElement(index), right.GetElement(index)));
        }

        return result;
    }

    /// <summary>GF2P8AFFINEQB: each byte of the left lane times the matrix of 8 by 8 bits beside it, and a byte added.</summary>
    internal static Vector128<byte> Transform(Vector128<byte> left, Vector128<byte> right, byte added)
    {
        Vector128<byte> result = default;

        for (int index = 0; index < Vector128<byte>.Count; index++)
        {
            int value = 0;

            // The first row of the matrix is its last byte, and gives the lowest bit.
            for (int bit = 0; bit < 8; bit++)
            {
                int row = right.GetElement((index & 8) + 7 - bit);
                value |= (BitOperations.PopCount((uint)(row & left.GetElement(index))) & 1) << bit;
            }

            result = result.WithElement(index, (byte)(value ^ added));
        }

        return result;
    }

    /// <summary>GF2P8AFFINEINVQB: the same of the bytes' inverses.</summary>
    internal static Vector128<byte> TransformInverse(Vector128<byte> left, Vector128<byte> right, byte added)
    {
        Vector128<byte> inverse = default;

        for (int index = 0; index < Vector128<byte>.Count; index++)
        {
            inverse = inverse.WithElement(index, Inverse(left.GetElement(index)));
        }

        return Transform(inverse, right, added);
    }

    private static byte[] FindInverses()
    {
        byte[] inverses = new byte[256];

        for (int value = 1; value < inverses.Length; value++)
        {
            for (int candidate = 1; candidate < inverses.Length; candidate++)
            {
                if (Multiply((byte)value, (byte)candidate) == 1)
                {
                    inverses[value] = (byte)candidate;
                    break;
                }
            }
        }

        return inverses;
    }
}
