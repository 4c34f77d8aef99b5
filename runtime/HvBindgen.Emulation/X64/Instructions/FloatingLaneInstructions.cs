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

        int size = format.SizeBytes;
        int choice = context.Instruction.Immediate8;
        int count = LaneBytes / size;
        Span<ulong> sums = stackalloc ulong[MaxBytes / sizeof(float)];
        sums.Clear();

        for (int element = 0; element < left.Length / size; element++)
        {
            if ((choice & (0x10 << (element % count))) != 0)
            {
                ulong first = FloatingElements.Read(left[(element * size)..], size);
                ulong second = FloatingElements.Read(right[(element * size)..], size);
                sums[element] = NumberArithmetic.Multiply(first, second, format, ref environment);
            }
        }

        // In all lanes neighbours first, then what they gave. A step that is refused keeps the next from being done, and what was told of
        // the steps before it stands.
        for (int apart = 1; apart < count && !environment.IsInterrupted; apart *= 2)
        {
            environment.CompleteStep();

            for (int element = 0; element < left.Length / size; element += apart * 2)
            {
                sums[element] = NumberArithmetic.Add(sums[element], sums[element + apart], format, ref environment);
            }
        }

        for (int element = 0; element < left.Length / size; element++)
        {
            ulong sum = (choice & (1 << (element % count))) != 0 ? sums[element - (element % count)] : 0;
            FloatingElements.Write(left[(element * size)..], size, sum);
        }

        return control.TryFinish(in environment) && vectors.TryWrite(left);
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
