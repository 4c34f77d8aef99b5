using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What only AVX has: cleared registers, tests of signs, permutations within lanes, elements gathered from memory.</summary>
internal sealed class AvxInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, X64VectorOperands vectors)
{
    private const int MaxBytes = 32;
    private const int LaneBytes = 16;

    /// <summary>VZEROALL, VZEROUPPER.</summary>
    internal bool Clear(bool isWhole)
    {
        if (!vectors.TryUse())
        {
            return false;
        }

        for (int index = 0; index < (context.Is64BitMode ? 16 : 8); index++)
        {
            vectors.Clear(index, isWhole);
        }

        return true;
    }

    /// <summary>VTESTPS, VTESTPD: whether signs are set in both operands, or in the second alone.</summary>
    internal bool TestSigns(int sizeBytes)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        left = left[..vectors.SizeBytes(0)];
        right = right[..left.Length];

        if (!vectors.TryRead(1, right, isAligned: false))
        {
            return false;
        }

        vectors.Read(0, left);
        int common = 0;
        int alone = 0;

        for (int at = sizeBytes - 1; at < left.Length; at += sizeBytes)
        {
            common |= left[at] & right[at];
            alone |= ~left[at] & right[at];
        }

        ref ulong flags = ref context.State.Rflags;
        flags &= ~X64Bits.FlagsStatus;
        X64Arithmetic.SetFlag(X64Bits.FlagZf, (common & 0x80) == 0, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagCf, (alone & 0x80) == 0, ref flags);
        return true;
    }

    /// <summary>VPERMILPS, VPERMILPD: elements of each lane, chosen by a number or by those of another vector.</summary>
    internal bool PermuteInLanes(int sizeBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> source = stackalloc byte[MaxBytes];
        Span<byte> choice = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];
        source = source[..value.Length];
        choice = choice[..value.Length];
        bool isByNumber = context.Instruction.Op2Kind == OpKind.Immediate8;

        if (!vectors.TryRead(isByNumber ? 1 : 2, isByNumber ? source : choice, isAligned: false))
        {
            return false;
        }

        if (!isByNumber)
        {
            vectors.Read(1, source);
        }

        // Of four elements two bits choose, of two one, which in a vector is the second.
        int bits = sizeBytes == sizeof(uint) ? 2 : 1;

        for (int at = 0; at < value.Length; at += sizeBytes)
        {
            int lane = at & ~(LaneBytes - 1);
            int place = (sizeBytes == sizeof(uint) ? at % LaneBytes : at) / sizeBytes;
            int chosen = isByNumber ? context.Instruction.Immediate8 >> (place * bits)
                : bits == 2 ? choice[at] : choice[at] >> 1;
            source.Slice(lane + ((chosen & ((1 << bits) - 1)) * sizeBytes), sizeBytes).CopyTo(value[at..]);
        }

        return vectors.TryWrite(value);
    }

    /// <summary>VPGATHERDD and its kin: elements from where those of a vector say, as the top bits of a third's choose.</summary>
    /// <remarks>What faults leaves the elements before it loaded, and their choices taken back.</remarks>
    /// <param name="sizeBytes">Size of an element.</param>
    /// <param name="indexBytes">Size of what says where.</param>
    internal bool Gather(int sizeBytes, int indexBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> choice = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        Register index = context.Instruction.MemoryIndex;
        Register target = context.Instruction.Op0Register;
        Register mask = context.Instruction.Op2Register;

        if (RegisterNames.VectorIndex(index) == RegisterNames.VectorIndex(target)
            || RegisterNames.VectorIndex(index) == RegisterNames.VectorIndex(mask)
            || RegisterNames.VectorIndex(mask) == RegisterNames.VectorIndex(target))
        {
            return context.Fault(X64Bits.VectorUd);
        }

        value = value[..vectors.SizeBytes(0)];
        choice = choice[..value.Length];
        vectors.Read(0, value);
        vectors.Read(2, choice);
        int count = Math.Min(value.Length / sizeBytes, RegisterNames.SizeBytes(index) / indexBytes);
        bool isWhole = TryGather(value, choice, sizeBytes, indexBytes, count);

        // Above the elements that there are nothing stays.
        if (isWhole)
        {
            value[(count * sizeBytes)..].Clear();
            choice.Clear();
        }

        EmulationOutcome outcome = context.Outcome;
        bool isWritten = vectors.TryWrite(target, value) && vectors.TryWrite(mask, choice);

        if (!isWhole)
        {
            context.Outcome = outcome;
        }

        return isWhole && isWritten;
    }

    private bool TryGather(Span<byte> value, Span<byte> choice, int sizeBytes, int indexBytes, int count)
    {
        Span<byte> indices = stackalloc byte[MaxBytes];
        Register index = context.Instruction.MemoryIndex;
        vectors.Read(index, indices[..RegisterNames.SizeBytes(index)]);

        for (int element = 0; element < count; element++)
        {
            Span<byte> chosen = choice.Slice(element * sizeBytes, sizeBytes);

            if ((chosen[^1] & 0x80) != 0)
            {
                ReadOnlySpan<byte> place = indices.Slice(element * indexBytes, indexBytes);
                long distance = indexBytes == sizeof(int)
                    ? BinaryPrimitives.ReadInt32LittleEndian(place)
                    : BinaryPrimitives.ReadInt64LittleEndian(place);
                ulong offset = operands.EffectiveAddressOf(distance * context.Instruction.MemoryIndexScale);

                if (!space.TryMap(operands.Segment(), offset, sizeBytes, sizeBytes, AccessKind.Read, out MappedMemory memory))
                {
                    return false;
                }

                space.LoadBytes(memory, value.Slice(element * sizeBytes, sizeBytes));
            }

            chosen.Clear();
        }

        return true;
    }
}
