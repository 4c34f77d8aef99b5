using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Processors;

/// <summary>Whole pages of zeroed memory at a page boundary, which the driver wants for processor state: it pins the pages.</summary>
internal readonly unsafe ref struct AlignedBuffer
{
    private const int PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    private readonly byte* pointer;

    /// <summary>Allocates room for a number of bytes.</summary>
    internal AlignedBuffer(int sizeBytes)
    {
        SizeBytes = (Math.Max(sizeBytes, 1) + PageBytes - 1) / PageBytes * PageBytes;
        pointer = (byte*)NativeMemory.AlignedAlloc((nuint)SizeBytes, PageBytes);
        Bytes.Clear();
    }

    /// <summary>Size, whole pages.</summary>
    internal int SizeBytes { get; }

    /// <summary>Address of the first page.</summary>
    internal ulong Address => (ulong)pointer;

    /// <summary>All bytes, until the buffer is disposed.</summary>
    internal Span<byte> Bytes => new(pointer, SizeBytes);

    /// <summary>Gives the pages back.</summary>
    internal void Dispose() => NativeMemory.AlignedFree(pointer);
}
