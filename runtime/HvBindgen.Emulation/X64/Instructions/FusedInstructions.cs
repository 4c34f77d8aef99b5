using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>FMA: products and sums of three vectors, rounded once.</summary>
internal sealed class FusedInstructions(X64Operands operands, X64VectorOperands vectors, X64FloatingControl control)
{
    private const int MaxBytes = 32;
    private const int LaneBytes = 16;

    /// <summary>VFMADD132PS and its kin.</summary>
    /// <param name="kind">Signs, and which operands are multiplied.</param>
    /// <param name="format">Of the elements.</param>
    /// <param name="isScalar">Whether of the first elements alone.</param>
    internal bool Combine(FusedKind kind, NumberFormat format, bool isScalar)
    {
        Span<byte> first = stackalloc byte[MaxBytes];
        Span<byte> second = stackalloc byte[MaxBytes];
        Span<byte> third = stackalloc byte[MaxBytes];

        if (!control.TryBegin(out NumberEnvironment environment))
        {
            return false;
        }

        int size = format.SizeBytes;
        first = first[..(isScalar ? LaneBytes : vectors.SizeBytes(0))];
        second = second[..first.Length];
        third = third[..(isScalar && operands.IsMemory(2) ? size : first.Length)];

        if (!vectors.TryRead(2, third, isAligned: false))
        {
            return false;
        }

        vectors.Read(0, first);
        vectors.Read(1, second);
        int end = isScalar ? size : first.Length;

        for (int at = 0; at < end; at += size)
        {
            ulong result = kind.Apply(
                FloatingElements.Read(first[at..], size),
                FloatingElements.Read(second[at..], size),
                FloatingElements.Read(third[at..], size),
                isOdd: (at / size & 1) != 0,
                format,
                ref environment);
            FloatingElements.Write(first[at..], size, result);
        }

        return control.TryFinish(in environment) && vectors.TryWrite(first);
    }
}
