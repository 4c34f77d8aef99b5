using System.Runtime.Intrinsics;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What instructions make of lanes of 16 bytes, where no operation of the host is the whole of it.</summary>
internal static class LaneArithmetic
{
    private const int LaneBytes = 16;

    /// <summary>PACKSSWB: words as bytes, those that do not fit as the nearest.</summary>
    internal static Vector128<byte> PackSigned16(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.NarrowWithSaturation(left.AsInt16(), right.AsInt16()).AsByte();

    /// <summary>PACKSSDW.</summary>
    internal static Vector128<byte> PackSigned32(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.NarrowWithSaturation(left.AsInt32(), right.AsInt32()).AsByte();

    /// <summary>PACKUSWB: signed words as unsigned bytes.</summary>
    internal static Vector128<byte> PackUnsigned16(Vector128<byte> left, Vector128<byte> right) => Vector128.NarrowWithSaturation(
        Vector128.Max(left.AsInt16(), Vector128<short>.Zero).AsUInt16(),
        Vector128.Max(right.AsInt16(), Vector128<short>.Zero).AsUInt16());

    /// <summary>PACKUSDW.</summary>
    internal static Vector128<byte> PackUnsigned32(Vector128<byte> left, Vector128<byte> right) => Vector128.NarrowWithSaturation(
        Vector128.Max(left.AsInt32(), Vector128<int>.Zero).AsUInt32(),
        Vector128.Max(right.AsInt32(), Vector128<int>.Zero).AsUInt32()).AsByte();

    /// <summary>The first of each two words of both lanes.</summary>
    internal static Vector128<short> Even16(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsUInt32(), right.AsUInt32()).AsInt16();

    /// <summary>The second of each two words of both lanes.</summary>
    internal static Vector128<short> Odd16(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsUInt32() >>> 16, right.AsUInt32() >>> 16).AsInt16();

    /// <summary>The first of each two doublewords of both lanes.</summary>
    internal static Vector128<uint> Even32(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsUInt64(), right.AsUInt64());

    /// <summary>The second of each two doublewords of both lanes.</summary>
    internal static Vector128<uint> Odd32(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsUInt64() >>> 32, right.AsUInt64() >>> 32);

    /// <summary>PSIGNB and its kin: the left element, its negative or zero, as the sign of the right one says.</summary>
    internal static Vector128<byte> Sign<T>(Vector128<T> left, Vector128<T> right) =>
        (Vector128.ConditionalSelect(Vector128.LessThan(right, Vector128<T>.Zero), -left, left)
            & ~Vector128.Equals(right, Vector128<T>.Zero)).AsByte();

    /// <summary>PMADDUBSW: sums of two products of an unsigned and a signed byte each; the nearest where one does not fit.</summary>
    internal static Vector128<byte> MultiplyBytesAndAdd(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<short> result = default;

        for (int index = 0; index < 8; index++)
        {
            int low = left.GetElement(index * 2) * (sbyte)right.GetElement(index * 2);
            int high = left.GetElement((index * 2) + 1) * (sbyte)right.GetElement((index * 2) + 1);
            result = result.WithElement(index, (short)Math.Clamp(low + high, short.MinValue, short.MaxValue));
        }

        return result.AsByte();
    }

    /// <summary>PMULHRSW: products of fractions, rounded.</summary>
    internal static Vector128<byte> MultiplyRounded(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<short> result = default;

        for (int index = 0; index < 8; index++)
        {
            int product = left.AsInt16().GetElement(index) * right.AsInt16().GetElement(index);
            result = result.WithElement(index, unchecked((short)(((product >> 14) + 1) >> 1)));
        }

        return result.AsByte();
    }

    /// <summary>PHMINPOSUW: the smallest word and where it is.</summary>
    internal static Vector128<byte> FindSmallest(Vector128<byte> value)
    {
        Vector128<ushort> words = value.AsUInt16();
        int place = 0;

        for (int index = 1; index < 8; index++)
        {
            place = words[index] < words[place] ? index : place;
        }

        return Vector128<ushort>.Zero.WithElement(0, words[place]).WithElement(1, (ushort)place).AsByte();
    }

    /// <summary>Shifts all elements by one count; one that is too large takes all bits.</summary>
    internal static Vector128<byte> Shift(Vector128<byte> value, int sizeBytes, PackedShift direction, ulong count)
    {
        ulong bits = (ulong)sizeBytes * 8;

        if (count >= bits && direction != PackedShift.RightSigned)
        {
            return default;
        }

        int by = (int)Math.Min(count, bits - 1);

        return (sizeBytes, direction) switch
        {
            (2, PackedShift.Left) => (value.AsUInt16() << by).AsByte(),
            (2, PackedShift.Right) => (value.AsUInt16() >>> by).AsByte(),
            (2, _) => (value.AsInt16() >> by).AsByte(),
            (4, PackedShift.Left) => (value.AsUInt32() << by).AsByte(),
            (4, PackedShift.Right) => (value.AsUInt32() >>> by).AsByte(),
            (4, _) => (value.AsInt32() >> by).AsByte(),
            (_, PackedShift.Left) => (value.AsUInt64() << by).AsByte(),
            (_, PackedShift.Right) => (value.AsUInt64() >>> by).AsByte(),
            _ => (value.AsInt64() >> by).AsByte(),
        };
    }

    /// <summary>VPSLLVD and its kin: each doubleword by a count of its own.</summary>
    internal static Vector128<byte> ShiftEach32(Vector128<byte> value, Vector128<byte> counts, PackedShift direction)
    {
        Vector128<uint> result = default;

        for (int index = 0; index < 4; index++)
        {
            Vector128<byte> shifted = Shift(value, 4, direction, counts.AsUInt32().GetElement(index));
            result = result.WithElement(index, shifted.AsUInt32().GetElement(index));
        }

        return result.AsByte();
    }

    /// <summary>VPSLLVQ, VPSRLVQ: each quadword by a count of its own.</summary>
    internal static Vector128<byte> ShiftEach64(Vector128<byte> value, Vector128<byte> counts, PackedShift direction)
    {
        Vector128<ulong> result = default;

        for (int index = 0; index < 2; index++)
        {
            Vector128<byte> shifted = Shift(value, 8, direction, counts.AsUInt64().GetElement(index));
            result = result.WithElement(index, shifted.AsUInt64().GetElement(index));
        }

        return result.AsByte();
    }

    /// <summary>PALIGNR: sixteen bytes out of the right lane and behind it the left one; beyond both are zeros.</summary>
    internal static Vector128<byte> Align(Vector128<byte> left, Vector128<byte> right, byte firstByte)
    {
        Span<byte> both = stackalloc byte[3 * LaneBytes];
        both.Clear();
        right.CopyTo(both);
        left.CopyTo(both[LaneBytes..]);
        return Vector128.Create<byte>(both[Math.Min((int)firstByte, 2 * LaneBytes)..]);
    }

    /// <summary>MPSADBW: distances of four bytes of the right lane to eight places of the left one.</summary>
    internal static Vector128<byte> SumDistancesByPlace(Vector128<byte> left, Vector128<byte> right, byte places)
    {
        int leftAt = (places & 4) != 0 ? 4 : 0;
        int rightAt = (places & 3) * 4;
        Vector128<ushort> result = default;

        for (int index = 0; index < 8; index++)
        {
            int sum = 0;

            for (int at = 0; at < 4; at++)
            {
                sum += Math.Abs(left.GetElement(leftAt + index + at) - right.GetElement(rightAt + at));
            }

            result = result.WithElement(index, (ushort)sum);
        }

        return result.AsByte();
    }

    /// <summary>PBLENDW and its kin: elements of the right lane where a bit is set, else of the left.</summary>
    internal static Vector128<byte> Blend(Vector128<byte> left, Vector128<byte> right, int sizeBytes, byte choice)
    {
        Vector128<byte> result = left;

        for (int index = 0; index < LaneBytes; index++)
        {
            result = (choice & (1 << (index / sizeBytes))) != 0 ? result.WithElement(index, right.GetElement(index)) : result;
        }

        return result;
    }

    /// <summary>VPCMPB and its kin: all bits of an element, or none, as a comparison of three bits says.</summary>
    internal static Vector128<byte> Compare<T>(Vector128<T> left, Vector128<T> right, byte predicate)
    {
        Vector128<byte> result = ((predicate & 3) switch
        {
            0 => Vector128.Equals(left, right),
            1 => Vector128.LessThan(left, right),
            2 => Vector128.LessThanOrEqual(left, right),
            _ => Vector128<T>.Zero,
        }).AsByte();
        return (predicate & 4) != 0 ? ~result : result;
    }

    /// <summary>SHUFPS: two elements of the left lane, then two of the right.</summary>
    internal static Vector128<byte> Choose32(Vector128<byte> left, Vector128<byte> right, byte choice) => Vector128.Create(
        left.AsUInt32().GetElement(choice & 3),
        left.AsUInt32().GetElement((choice >> 2) & 3),
        right.AsUInt32().GetElement((choice >> 4) & 3),
        right.AsUInt32().GetElement(choice >> 6)).AsByte();

    /// <summary>SHUFPD: one element of the left lane, then one of the right.</summary>
    internal static Vector128<byte> Choose64(Vector128<byte> left, Vector128<byte> right, byte choice) => Vector128.Create(
        left.AsUInt64().GetElement(choice & 1), right.AsUInt64().GetElement((choice >> 1) & 1)).AsByte();
}
