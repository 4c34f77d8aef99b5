using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Components of the extended state between the registers and an area: x87, SSE, and the upper halves of AVX.</summary>
/// <remarks>The upper halves are the first component behind the header: the compacted form has them where the standard form does.</remarks>
internal sealed class ExtendedState(X64Context context, VectorFile vectors)
{
    internal const ulong X87 = 1;
    internal const ulong Sse = 2;
    internal const ulong Avx = 4;

    /// <summary>Size of the legacy region, behind which the header is.</summary>
    internal const int LegacyBytes = 512;

    /// <summary>Where the upper halves lie.</summary>
    internal const int UpperHalvesOffset = LegacyBytes + HeaderBytes;

    /// <summary>Size of the area with every component that there is.</summary>
    internal const int AreaBytes = UpperHalvesOffset + (VectorFile.Count * VectorFile.LowBytes);

    internal const int HeaderBytes = 64;
    private const int FloatingPointBytes = 160;
    private const int MxcsrOffset = 24;
    private const int MaskOffset = 28;
    private const uint MxcsrAfterReset = 0x1F80;

    /// <summary>The components that are not as after a reset. Outside 64-bit mode a program sees half of the registers.</summary>
    internal ulong InUse
    {
        get
        {
            ulong inUse = 0;
            Span<byte> floatingPoint = stackalloc byte[FloatingPointBytes];
            vectors.FloatingPoint.CopyTo(floatingPoint);
            floatingPoint.Slice(MxcsrOffset, 2 * sizeof(uint)).Clear();
            bool hasControl = BinaryPrimitives.ReadUInt16LittleEndian(floatingPoint) != VectorFile.ControlAfterInit;
            inUse |= hasControl || floatingPoint[sizeof(ushort)..].ContainsAnyExcept((byte)0) ? X87 : 0;

            for (int index = 0; index < VectorCount; index++)
            {
                inUse |= vectors.Low(index).ContainsAnyExcept((byte)0) ? Sse : 0;
                inUse |= vectors.High(index).ContainsAnyExcept((byte)0) ? Avx : 0;
            }

            return inUse;
        }
    }

    /// <summary>Whether MXCSR, which no component's use tells of, is not as after a reset.</summary>
    internal bool HasOwnMxcsr => vectors.Mxcsr != MxcsrAfterReset;

    private int VectorCount => context.Is64BitMode ? VectorFile.Count : VectorFile.Count / 2;

    private bool HasWidePointers => context.Instruction.Mnemonic
        is Mnemonic.Xsave64 or Mnemonic.Xsaveopt64 or Mnemonic.Xsavec64 or Mnemonic.Xsaves64
        or Mnemonic.Xrstor64 or Mnemonic.Xrstors64;

    /// <summary>Writes components into an area; what is of no component that is asked for keeps its bytes.</summary>
    /// <param name="area">The area.</param>
    /// <param name="components">The components.</param>
    /// <param name="withControl">Whether MXCSR is written, with the mask of its bits.</param>
    internal void Write(Span<byte> area, ulong components, bool withControl)
    {
        if ((components & X87) != 0)
        {
            vectors.FloatingPoint[..MxcsrOffset].CopyTo(area);
            vectors.FloatingPoint[(MaskOffset + sizeof(uint))..].CopyTo(area[(MaskOffset + sizeof(uint))..]);
            TrimPointers(area);
        }

        if (withControl)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(area[MxcsrOffset..], vectors.Mxcsr);
            BinaryPrimitives.WriteUInt32LittleEndian(area[MaskOffset..], VectorFile.MxcsrMask);
        }

        for (int index = 0; index < VectorCount; index++)
        {
            if ((components & Sse) != 0)
            {
                vectors.Low(index).CopyTo(area[(FloatingPointBytes + (index * VectorFile.LowBytes))..]);
            }

            if ((components & Avx) != 0)
            {
                vectors.High(index).CopyTo(area[(UpperHalvesOffset + (index * VectorFile.LowBytes))..]);
            }
        }
    }

    /// <summary>Reads MXCSR from an area.</summary>
    /// <returns>False when it has bits that there are not.</returns>
    internal static bool TryReadControl(ReadOnlySpan<byte> area, out uint mxcsr)
    {
        mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(area[MxcsrOffset..]);
        return (mxcsr & ~VectorFile.MxcsrMask) == 0;
    }

    /// <summary>Loads MXCSR; null: as after a reset.</summary>
    internal void LoadControl(uint? mxcsr) => vectors.Mxcsr = mxcsr ?? MxcsrAfterReset;

    /// <summary>Loads components from an area. One that the area does not hold gets the values it has after a reset.</summary>
    internal void Read(Span<byte> area, ulong components, ulong present)
    {
        if ((components & X87) != 0)
        {
            uint mxcsr = vectors.Mxcsr;
            Span<byte> initial = stackalloc byte[FloatingPointBytes];
            initial.Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(initial, VectorFile.ControlAfterInit);

            if ((present & X87) != 0)
            {
                TrimPointers(area);
            }

            vectors.WriteFloatingPoint((present & X87) != 0 ? area[..FloatingPointBytes] : initial);
            vectors.Mxcsr = mxcsr;
        }

        for (int index = 0; index < VectorCount; index++)
        {
            if ((components & Sse) != 0)
            {
                Load(vectors.Low(index), area[(FloatingPointBytes + (index * VectorFile.LowBytes))..], (present & Sse) != 0);
            }

            if ((components & Avx) != 0)
            {
                Load(vectors.High(index), area[(UpperHalvesOffset + (index * VectorFile.LowBytes))..], (present & Avx) != 0);
            }
        }
    }

    private static void Load(Span<byte> register, ReadOnlySpan<byte> source, bool isPresent)
    {
        if (isPresent)
        {
            source[..register.Length].CopyTo(register);
        }
        else
        {
            register.Clear();
        }
    }

    private void TrimPointers(Span<byte> area)
    {
        if (!HasWidePointers)
        {
            area.Slice(12, 4).Clear();
            area.Slice(20, 4).Clear();
        }
    }
}
