using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Floating-point arithmetic that takes elements of vectors together: by turns, in pairs, in sums of products.</summary>
internal sealed class FloatingLaneInstructions(
    X64Context context, X64VectorOperands vectors, X64FloatingControl control)
{
    private const int MaxBytes = 32;
    private const int LaneBytes = 16;

    /// <summary>ADDSUBPS, ADDSUBPD: differences and sums by turns.</summary>
    internal bool AddAndSubtract(NumberFormat format)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment) || !TryReadBoth(ref left, ref right))
        {
            return false;
        }

        int size = format.SizeBytes;

        for (int at = 0; at < left.Length; at += size)
        {
            ulong first = FloatingElements.Read(left[at..], size);
            ulong second = FloatingElements.Read(right[at..], size);
            bool isSum = (at / size & 1) != 0;
            ulong result = isSum
                ? NumberArithmetic.Add(first, second, format, ref environment)
                : NumberArithmetic.Subtract(first, second, format, ref environment);
            FloatingElements.Write(left[at..], size, result);
        }

        return control.TryFinish(in environment) && vectors.TryWrite(left);
    }

    /// <summary>HADDPS, HSUBPS and their kin: of each two neighbours one number, those of the left lane first.</summary>
    internal bool CombineNeighbours(NumberArithmetic.Binary operation, NumberFormat format)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];
        Span<byte> result = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment) || !TryReadBoth(ref left, ref right))
        {
            return false;
        }

        int size = format.SizeBytes;
        const int HalfBytes = LaneBytes / 2;

        for (int at = 0; at < left.Length; at += size)
        {
            int inLane = at % LaneBytes;
            ReadOnlySpan<byte> source = inLane < HalfBytes ? left : right;
            int from = at - inLane + (inLane % HalfBytes * 2);
            ulong first = FloatingElements.Read(source[from..], size);
            ulong second = FloatingElements.Read(source[(from + size)..], size);
            FloatingElements.Write(result[at..], size, operation(first, second, format, ref environment));
        }

        return control.TryFinish(in environment) && vectors.TryWrite(result[..left.Length]);
    }

    /// <summary>DPPS, DPPD: the sum of the chosen products of a lane, where it is wanted.</summary>
    internal bool SumProducts(NumberFormat format)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment) || !TryReadBoth(ref left, ref right))
        {
            return false;
        }

        for (int at = 0; at < left.Length; at += LaneBytes)
        {
            SumProducts(left.Slice(at, LaneBytes), right.Slice(at, LaneBytes), format, ref environment);
        }

        return control.TryFinish(in environment) && vectors.TryWrite(left);
    }

    private void SumProducts(Span<byte> left, ReadOnlySpan<byte> right, NumberFormat format, ref NumberEnvironment environment)
    {
        int size = format.SizeBytes;
        int count = LaneBytes / size;
        int choice = context.Instruction.Immediate8;
        Span<ulong> sums = stackalloc ulong[4];
        sums.Clear();

        for (int element = 0; element < count; element++)
        {
            if ((choice & (0x10 << element)) != 0)
            {
                ulong first = FloatingElements.Read(left[(element * size)..], size);
                ulong second = FloatingElements.Read(right[(element * size)..], size);
                sums[element] = NumberArithmetic.Multiply(first, second, format, ref environment);
            }
        }

        // Neighbours first, then what they gave; a step that is refused keeps the next from being done.
        for (; count > 1 && !environment.IsInterrupted; count /= 2)
        {
            for (int element = 0; element < count / 2; element++)
            {
                sums[element] = NumberArithmetic.Add(sums[element * 2], sums[(element * 2) + 1], format, ref environment);
            }
        }

        for (int element = 0; element < LaneBytes / size; element++)
        {
            FloatingElements.Write(left[(element * size)..], size, (choice & (1 << element)) != 0 ? sums[0] : 0);
        }
    }

    private bool TryReadBoth(ref Span<byte> left, ref Span<byte> right)
    {
        int source = vectors.IsVex ? 2 : 1;
        left = left[..vectors.SizeBytes(0)];
        right = right[..left.Length];

        if (!vectors.TryRead(source, right, isAligned: !vectors.IsVex))
        {
            return false;
        }

        vectors.Read(source - 1, left);
        return true;
    }
}
