using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>XSAVE and XRSTOR in their standard form.</summary>
internal sealed class ExtendedStateInstructions(X64Context context, X64AddressSpace space, X64Operands operands, VectorFile vectors)
{
    /// <summary>Size of the area with every component that there is: legacy region, header, upper halves.</summary>
    internal const int AreaBytes = LegacyBytes + HeaderBytes + (VectorFile.Count * VectorFile.LowBytes);

    /// <summary>Where the upper halves lie.</summary>
    internal const int UpperHalvesOffset = LegacyBytes + HeaderBytes;

    private const int LegacyBytes = 512;
    private const int HeaderBytes = 64;
    private const int FloatingPointBytes = 160;
    private const int MxcsrOffset = 24;
    private const int MaskOffset = 28;
    private const ulong X87 = 1;
    private const ulong Sse = 2;
    private const ulong Avx = 4;
    private const int Alignment = 64;

    /// <summary>XSAVE and XSAVEOPT, which may save all that it is asked for.</summary>
    internal bool Save()
    {
        Span<byte> area = stackalloc byte[AreaBytes];

        if (!TryBegin(AccessKind.Write, out MappedMemory whole, out ulong requested))
        {
            return false;
        }

        // What is not asked for keeps its bytes.
        area = area[..whole.Length];
        space.LoadBytes(whole, area);
        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area[LegacyBytes..]) & ~requested;
        Write(area, requested);
        BinaryPrimitives.WriteUInt64LittleEndian(area[LegacyBytes..], present | requested);

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        space.StoreBytes(whole, area);
        return true;
    }

    /// <summary>XRSTOR.</summary>
    internal bool Restore()
    {
        Span<byte> area = stackalloc byte[AreaBytes];

        if (!TryBegin(AccessKind.Read, out MappedMemory whole, out ulong requested))
        {
            return false;
        }

        area = area[..whole.Length];
        space.LoadBytes(whole, area);

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area[LegacyBytes..]);
        bool hasUnknown = (present & ~context.State.Xcr0) != 0
            || area.Slice(LegacyBytes + sizeof(ulong), HeaderBytes - sizeof(ulong)).ContainsAnyExcept((byte)0);
        bool loadsMxcsr = (requested & (Sse | Avx)) != 0;
        uint mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(area[MxcsrOffset..]);

        if (hasUnknown || (loadsMxcsr && (mxcsr & ~VectorFile.MxcsrMask) != 0))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        Read(area, requested, present);

        if (loadsMxcsr)
        {
            vectors.Mxcsr = mxcsr;
        }

        return true;
    }

    private bool TryBegin(AccessKind access, out MappedMemory memory, out ulong requested)
    {
        memory = default;
        requested = ((context.State.Gpr[Gpr.Rdx] << 32) | (uint)context.State.Gpr[Gpr.Rax]) & context.State.Xcr0;

        if ((context.State.Cr4 & X64Bits.Cr4Osxsave) == 0)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        if ((context.State.Cr0 & X64Bits.Cr0Ts) != 0)
        {
            return context.Fault(X64Bits.VectorNm);
        }

        // As long as what XCR0 enables. The mapping knows two pages, and no area is longer.
        int size = (context.State.Xcr0 & Avx) != 0 ? AreaBytes : UpperHalvesOffset;
        return space.IsAligned(operands.Segment(), operands.EffectiveAddress(0), Alignment)
            && space.TryMap(operands.Segment(), operands.EffectiveAddress(0), size, Alignment, access, out memory);
    }

    private int VectorCount => context.Is64BitMode ? VectorFile.Count : VectorFile.Count / 2;

    private bool HasWidePointers => context.Instruction.Mnemonic is Mnemonic.Xsave64 or Mnemonic.Xsaveopt64 or Mnemonic.Xrstor64;

    private void Write(Span<byte> area, ulong components)
    {
        if ((components & X87) != 0)
        {
            vectors.FloatingPoint[..MxcsrOffset].CopyTo(area);
            vectors.FloatingPoint[(MaskOffset + sizeof(uint))..].CopyTo(area[(MaskOffset + sizeof(uint))..]);
            TrimPointers(area);
        }

        if ((components & (Sse | Avx)) != 0)
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

    // A component that the area does not hold gets the values it has after a reset.
    private void Read(Span<byte> area, ulong components, ulong present)
    {
        if ((components & X87) != 0)
        {
            uint mxcsr = vectors.Mxcsr;
            Span<byte> initial = stackalloc byte[FloatingPointBytes];
            initial.Clear();
            initial[0] = 0x7F;
            initial[1] = 0x03;

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
