using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Integer arithmetic on the elements of vectors, from SSE to AVX-512, in lanes of 16 bytes.</summary>
internal sealed class PackedInstructions(
    X64Context context, X64Operands operands, X64VectorOperands vectors, MaskedMoveInstructions masked)
{
    private const int MaxBytes = 64;
    private const int LaneBytes = 16;

    /// <summary>What an instruction makes of two lanes.</summary>
    internal delegate Vector128<byte> LaneOperation(Vector128<byte> left, Vector128<byte> right);

    /// <summary>
    /// An instruction of a register, which with VEX and EVEX has a destination of its own, and a register or memory. Comparisons of
    /// AVX-512 leave one bit of a mask register for each element.
    /// </summary>
    /// <param name="operation">What becomes of a lane.</param>
    /// <param name="elements">Which of them a mask chooses.</param>
    internal bool Combine(LaneOperation operation, MaskedElements elements)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        int last = vectors.IsVex ? 2 : 1;
        int size = vectors.SizeBytes(last - 1);
        left = left[..size];
        right = right[..size];

        if (!masked.TryReadSource(last, right, elements))
        {
            return false;
        }

        vectors.Read(last - 1, left);

        for (int at = 0; at < size; at += LaneBytes)
        {
            operation(Vector128.Create<byte>(left[at..]), Vector128.Create<byte>(right[at..])).CopyTo(left[at..]);
        }

        return vectors.TryWriteChosen(left, elements.SizeBytes);
    }

    /// <summary>PABSB and its kin: an instruction of one operand.</summary>
    internal bool Convert(Func<Vector128<byte>, Vector128<byte>> operation, MaskedElements elements)
    {
        Span<byte> value = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];

        if (!masked.TryReadSource(1, value, elements))
        {
            return false;
        }

        for (int at = 0; at < value.Length; at += LaneBytes)
        {
            operation(Vector128.Create<byte>(value[at..])).CopyTo(value[at..]);
        }

        return vectors.TryWriteChosen(value, elements.SizeBytes);
    }

    /// <summary>PSHUFD, PSHUFHW, PSHUFLW: four elements of each lane, chosen by two bits each.</summary>
    /// <param name="sizeBytes">Size of the element.</param>
    /// <param name="firstBytes">Where in the lane they begin.</param>
    internal bool ShuffleByImmediate(int sizeBytes, int firstBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> lane = stackalloc byte[LaneBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];

        if (!masked.TryReadSource(1, value, new MaskedElements(sizeBytes, AreMixed: true)))
        {
            return false;
        }

        for (int at = firstBytes; at < value.Length; at += LaneBytes)
        {
            value.Slice(at, 4 * sizeBytes).CopyTo(lane);

            for (int element = 0; element < 4; element++)
            {
                int chosen = (context.Instruction.Immediate8 >> (element * 2)) & 3;
                lane.Slice(chosen * sizeBytes, sizeBytes).CopyTo(value[(at + (element * sizeBytes))..]);
            }
        }

        return vectors.TryWriteChosen(value, sizeBytes);
    }

    /// <summary>PMOVZX and PMOVSX: elements that become wider.</summary>
    internal bool Widen(int fromBytes, int toBytes, bool isSigned)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> source = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];
        int readBytes = value.Length / toBytes * fromBytes;

        bool isRead = operands.IsMemory(1)
            ? masked.TryReadSource(1, source[..readBytes], new MaskedElements(fromBytes), isAligned: false)
            : vectors.TryRead(1, source[..vectors.SizeBytes(1)], isAligned: false);

        if (!isRead)
        {
            return false;
        }

        for (int element = 0; element < value.Length / toBytes; element++)
        {
            ulong narrow = X64Value.Truncate(BinaryPrimitives.ReadUInt64LittleEndian(source[(element * fromBytes)..]), fromBytes);
            ulong wide = isSigned ? X64Value.SignExtend(narrow, fromBytes) : narrow;
            MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in wide))[..toBytes].CopyTo(value[(element * toBytes)..]);
        }

        return vectors.TryWriteChosen(value, toBytes);
    }

    /// <summary>PTEST: whether bits are set in both operands, or in the second alone.</summary>
    internal bool Test()
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        left = left[..vectors.SizeBytes(0)];
        right = right[..left.Length];

        if (!vectors.TryRead(1, right, isAligned: !vectors.IsVex))
        {
            return false;
        }

        vectors.Read(0, left);
        bool isCommon = false;
        bool isAlone = false;

        for (int index = 0; index < left.Length; index++)
        {
            isCommon |= (left[index] & right[index]) != 0;
            isAlone |= (~left[index] & right[index]) != 0;
        }

        ref ulong flags = ref context.State.Rflags;
        flags &= ~X64Bits.FlagsStatus;
        X64Arithmetic.SetFlag(X64Bits.FlagZf, !isCommon, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagCf, !isAlone, ref flags);
        return true;
    }

    /// <summary>PUNPCKL and PUNPCKH: elements of two lanes, by turns.</summary>
    /// <param name="left">Gives the first of each two.</param>
    /// <param name="right">Gives the second.</param>
    /// <param name="sizeBytes">Size of the element.</param>
    /// <param name="firstBytes">Where in the lanes they begin.</param>
    internal static Vector128<byte> Interleave(Vector128<byte> left, Vector128<byte> right, int sizeBytes, int firstBytes)
    {
        Vector128<byte> result = default;

        for (int index = 0; index < LaneBytes; index++)
        {
            int pair = index / (2 * sizeBytes);
            bool isSecond = index / sizeBytes % 2 != 0;
            int at = firstBytes + (pair * sizeBytes) + (index % sizeBytes);
            result = result.WithElement(index, (isSecond ? right : left).GetElement(at));
        }

        return result;
    }

    /// <summary>PAVGB and PAVGW: means, rounded up.</summary>
    internal static Vector128<T> Average<T>(Vector128<T> left, Vector128<T> right) => (left | right) - ((left ^ right) >>> 1);

    /// <summary>PSHUFB: bytes of the left lane where the right one says; zero where its top bit is set.</summary>
    internal static Vector128<byte> ShuffleBytes(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Shuffle(left, right & Vector128.Create((byte)0x8F));

    /// <summary>PMADDWD: sums of two products each.</summary>
    internal static Vector128<byte> MultiplyAndAdd(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<int> result = default;

        for (int index = 0; index < 4; index++)
        {
            int low = left.AsInt16().GetElement(index * 2) * right.AsInt16().GetElement(index * 2);
            int high = left.AsInt16().GetElement((index * 2) + 1) * right.AsInt16().GetElement((index * 2) + 1);
            result = result.WithElement(index, unchecked(low + high));
        }

        return result.AsByte();
    }

    /// <summary>PSADBW: sums of eight distances each.</summary>
    internal static Vector128<byte> SumDistances(Vector128<byte> left, Vector128<byte> right)
    {
        Vector128<ulong> result = default;

        for (int index = 0; index < LaneBytes; index++)
        {
            ulong distance = (ulong)Math.Abs(left.GetElement(index) - right.GetElement(index));
            result = result.WithElement(index / 8, result.GetElement(index / 8) + distance);
        }

        return result.AsByte();
    }

    /// <summary>PMULHW and PMULHUW: upper halves of products.</summary>
    internal static Vector128<byte> MultiplyHigh(Vector128<byte> left, Vector128<byte> right, bool isSigned)
    {
        Vector128<ushort> result = default;

        for (int index = 0; index < 8; index++)
        {
            int product = isSigned
                ? left.AsInt16().GetElement(index) * right.AsInt16().GetElement(index)
                : left.AsUInt16().GetElement(index) * right.AsUInt16().GetElement(index);
            result = result.WithElement(index, (ushort)(product >> 16));
        }

        return result.AsByte();
    }

    /// <summary>PMULUDQ and PMULDQ: products of every second element.</summary>
    internal static Vector128<byte> MultiplyEven(Vector128<byte> left, Vector128<byte> right, bool isSigned)
    {
        Vector128<long> result = default;

        for (int index = 0; index < 2; index++)
        {
            long product = isSigned
                ? (long)left.AsInt32().GetElement(index * 2) * right.AsInt32().GetElement(index * 2)
                : (long)((ulong)left.AsUInt32().GetElement(index * 2) * right.AsUInt32().GetElement(index * 2));
            result = result.WithElement(index, product);
        }

        return result.AsByte();
    }
}
