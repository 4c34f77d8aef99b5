using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HvBindgen.Abi;

/// <summary>A record that C aligns more strictly than C# does: a local or field of it may stand where C would not put it.</summary>
public interface IOverAligned
{
    /// <summary>Alignment that C gives the record, in bytes.</summary>
    static abstract int AlignmentBytes { get; }
}

/// <summary>Unmanaged memory with the alignment that C asks for.</summary>
public static class AlignedMemory
{
    /// <summary>Allocates zeroed records at an address that is a multiple of their C alignment.</summary>
    /// <typeparam name="T">Type of record.</typeparam>
    /// <param name="count">Number of records, at least 1.</param>
    /// <returns>The first record. The caller owns the memory and gives it back with <see cref="Free"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is 0 or negative.</exception>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public static unsafe T* Allocate<T>(int count = 1)
        where T : unmanaged, IOverAligned
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        nuint size = checked((nuint)Unsafe.SizeOf<T>() * (nuint)count);
        unsafe
        {
            void* memory = NativeMemory.AlignedAlloc(size, (nuint)T.AlignmentBytes);
            NativeMemory.Clear(memory, size);
            return (T*)memory;
        }
    }

    /// <summary>Gives memory back.</summary>
    /// <param name="memory">What <see cref="Allocate{T}"/> returned; null is ignored.</param>
    public static unsafe void Free(void* memory)
    {
        unsafe
        {
            NativeMemory.AlignedFree(memory);
        }
    }
}
