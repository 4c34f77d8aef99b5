namespace HvBindgen.Emulation.A64;

/// <summary>Takes loads and stores of A64 apart, for data aborts whose syndrome does not describe the access (ISV clear).</summary>
/// <remarks>
/// Arm Architecture Reference Manual for A-profile, C4.1, "Loads and Stores". Code is little-endian always, data here too.
/// </remarks>
public static class A64LoadStoreDecoder
{
    /// <summary>Decodes an instruction.</summary>
    /// <param name="word">The instruction.</param>
    /// <param name="decoded">What it does.</param>
    /// <returns>None, or why it cannot be carried out.</returns>
    public static A64Refusal Decode(uint word, out A64LoadStore decoded)
    {
        decoded = default;

        if (Bits(word, 27, 1) != 1 || Bits(word, 25, 1) != 0)
        {
            return A64Refusal.NotLoadStore;
        }

        return Bits(word, 28, 2) switch
        {
            0 => DecodeOrdered(word, out decoded),
            1 when Bits(word, 24, 1) == 0 => DecodeLiteral(word, out decoded),
            1 => DecodeOrderedUnscaled(word, out decoded),
            2 => DecodePair(word, out decoded),
            _ => DecodeSingle(word, out decoded),
        };
    }

    private static uint Bits(uint word, int lowest, int count) => (word >> lowest) & ((1u << count) - 1);

    private static long SignedBits(uint word, int lowest, int count) =>
        (long)((ulong)Bits(word, lowest, count) << (64 - count)) >> (64 - count);

    // LDAR, STLR, LDLAR, STLLR among exclusives, compare-and-swap and vector structures.
    private static A64Refusal DecodeOrdered(uint word, out A64LoadStore decoded)
    {
        decoded = default;

        if (Bits(word, 26, 1) != 0)
        {
            return Bits(word, 31, 1) == 0 ? A64Refusal.VectorStructure : A64Refusal.Unallocated;
        }

        // FEAT_LSUI, exclusives and compare-and-swap with the rights of EL0.
        if (Bits(word, 24, 1) != 0)
        {
            return Bits(word, 21, 1) != 0 ? A64Refusal.Unallocated
                : Bits(word, 23, 1) != 0 ? A64Refusal.Atomic
                : Bits(word, 31, 1) != 0 ? A64Refusal.Exclusive
                : A64Refusal.Unallocated;
        }

        if (Bits(word, 23, 1) == 0)
        {
            bool isCompareAndSwapPair = Bits(word, 21, 1) == 1 && Bits(word, 31, 1) == 0;
            return isCompareAndSwapPair ? A64Refusal.Atomic : A64Refusal.Exclusive;
        }

        if (Bits(word, 21, 1) == 1)
        {
            return A64Refusal.Atomic;
        }

        // Rs and Rt2 should be ones; a processor that got as far as the abort does not mind.
        int size = (int)Bits(word, 30, 2);
        decoded = new A64LoadStore
        {
            IsLoad = Bits(word, 22, 1) != 0,
            IsOrdered = true,
            Is64Bit = size == 3,
            SizeBytes = 1 << size,
            Rt = (int)Bits(word, 0, 5),
            Rn = (int)Bits(word, 5, 5),
        };
        return A64Refusal.None;
    }

    private static A64Refusal DecodeLiteral(uint word, out A64LoadStore decoded)
    {
        int operation = (int)Bits(word, 30, 2);
        bool isVector = Bits(word, 26, 1) != 0;
        bool isPrefetch = !isVector && operation == 3;
        bool isSigned = !isVector && operation == 2;
        decoded = new A64LoadStore
        {
            IsLoad = !isPrefetch,
            IsPrefetch = isPrefetch,
            IsVector = isVector,
            IsSigned = isSigned,
            Is64Bit = isSigned || isPrefetch || (!isVector && operation == 1),
            SizeBytes = isVector ? 4 << operation : isPrefetch ? 8 : isSigned ? 4 : 4 << operation,
            Addressing = A64Addressing.Literal,
            OffsetBytes = SignedBits(word, 5, 19) * 4,
            Rt = (int)Bits(word, 0, 5),
        };
        return isVector && operation == 3 ? A64Refusal.Unallocated : A64Refusal.None;
    }

    // LDAPUR, STLUR and their signed forms, among tags, atomics of pairs and the stages of memory copies.
    private static A64Refusal DecodeOrderedUnscaled(uint word, out A64LoadStore decoded)
    {
        decoded = default;
        int size = (int)Bits(word, 30, 2);
        int form = (int)Bits(word, 10, 2);
        bool isVector = Bits(word, 26, 1) != 0;

        if (Bits(word, 21, 1) == 1)
        {
            return isVector ? A64Refusal.Unallocated
                : size == 3 ? A64Refusal.MemoryTagging
                : size < 2 ? A64Refusal.Atomic
                : A64Refusal.Unallocated;
        }

        if (isVector || form != 0)
        {
            return form == 1 && size == 0 ? A64Refusal.MemoryCopy
                : form == 2 && (isVector || size >= 2) ? A64Refusal.OrderedExtended
                : A64Refusal.Unallocated;
        }

        int operation = (int)Bits(word, 22, 2);

        if (size == 3 ? operation > 1 : size == 2 && operation == 3)
        {
            return A64Refusal.Unallocated;
        }

        decoded = General(word, size, operation) with { IsOrdered = true, OffsetBytes = SignedBits(word, 12, 9) };
        return A64Refusal.None;
    }

    private static A64Refusal DecodePair(uint word, out A64LoadStore decoded)
    {
        int operation = (int)Bits(word, 30, 2);
        int index = (int)Bits(word, 23, 2);
        bool isVector = Bits(word, 26, 1) != 0;
        bool isLoad = Bits(word, 22, 1) != 0;
        bool isSigned = !isVector && operation == 1;
        int size = isVector ? 4 << operation : operation == 2 ? 8 : 4;
        decoded = new A64LoadStore
        {
            IsLoad = isLoad,
            IsPair = true,
            IsVector = isVector,
            IsSigned = isSigned,
            Is64Bit = isSigned || (!isVector && operation == 2),
            SizeBytes = size,
            Rt = (int)Bits(word, 0, 5),
            Rt2 = (int)Bits(word, 10, 5),
            Rn = (int)Bits(word, 5, 5),
            Addressing = index switch { 1 => A64Addressing.PostIndex, 3 => A64Addressing.PreIndex, _ => A64Addressing.Offset },
            OffsetBytes = SignedBits(word, 15, 7) * size,
        };

        if (operation == 3)
        {
            return A64Refusal.UnprivilegedPair;
        }

        if (isSigned && isLoad && index == 0)
        {
            return A64Refusal.Unallocated;
        }

        if (isSigned && !isLoad)
        {
            return index == 0 ? A64Refusal.Unallocated : A64Refusal.MemoryTagging;
        }

        return IsUnpredictable(decoded) ? A64Refusal.Unallocated : A64Refusal.None;
    }

    private static A64Refusal DecodeSingle(uint word, out A64LoadStore decoded)
    {
        decoded = default;
        int size = (int)Bits(word, 30, 2);
        int operation = (int)Bits(word, 22, 2);
        bool isVector = Bits(word, 26, 1) != 0;
        bool isScaled = Bits(word, 24, 1) != 0;
        int form = (int)Bits(word, 10, 2);
        bool isRegisterForm = !isScaled && Bits(word, 21, 1) != 0;

        if (isRegisterForm && form == 0 && !isVector && IsOrderedLoad(word))
        {
            // LDAPR: a plain load that is ordered.
            decoded = General(word, size, operation: 1) with { IsOrdered = true };
            return A64Refusal.None;
        }

        if (isRegisterForm && form == 0 && !isVector && size == 3 && IsSixtyFourBytes(word))
        {
            return A64Refusal.SixtyFourBytes;
        }

        if (isRegisterForm && form != 2)
        {
            bool isAuthenticated = (form & 1) != 0 && size == 3 && !isVector;
            return isAuthenticated ? A64Refusal.PointerAuthentication
                : form == 0 && !isVector ? A64Refusal.Atomic
                : A64Refusal.Unallocated;
        }

        if (isVector ? size != 0 && operation > 1 : size == 3 ? operation == 3 : size == 2 && operation == 3)
        {
            return A64Refusal.Unallocated;
        }

        decoded = isVector ? Vector(word, size, operation) : General(word, size, operation);

        if (isScaled)
        {
            decoded = decoded with { OffsetBytes = Bits(word, 10, 12) * (long)decoded.SizeBytes };
            return A64Refusal.None;
        }

        if (isRegisterForm)
        {
            return DecodeRegisterOffset(word, ref decoded);
        }

        A64Addressing addressing = form switch { 1 => A64Addressing.PostIndex, 3 => A64Addressing.PreIndex, _ => A64Addressing.Offset };
        decoded = decoded with { Addressing = addressing, OffsetBytes = SignedBits(word, 12, 9) };

        // A prefetch has no indexed form, and neither it nor a vector an unprivileged one.
        bool isMissing = (decoded.IsPrefetch && form != 0) || (isVector && form == 2);
        return isMissing || IsUnpredictable(decoded) ? A64Refusal.Unallocated : A64Refusal.None;
    }

    // Acquire without release, the operation that no atomic has, and no source.
    private static bool IsOrderedLoad(uint word) => Bits(word, 22, 2) == 2 && Bits(word, 12, 4) == 0xC && Bits(word, 16, 5) == 31;

    private static bool IsSixtyFourBytes(uint word) => Bits(word, 22, 2) == 0 && Bits(word, 12, 4) is 0x9 or 0xA or 0xB or 0xD;

    private static A64Refusal DecodeRegisterOffset(uint word, ref A64LoadStore decoded)
    {
        int option = (int)Bits(word, 13, 3);
        int scale = System.Numerics.BitOperations.Log2((uint)decoded.SizeBytes);
        decoded = decoded with
        {
            Addressing = A64Addressing.Register,
            Rm = (int)Bits(word, 16, 5),
            OffsetShift = Bits(word, 12, 1) != 0 ? scale : 0,
            IsOffset32Bit = (option & 1) == 0,
            IsOffsetSigned = (option & 4) != 0,
        };

        // Bytes and halfwords cannot be an index; what would be such a prefetch is one of ranges, an even weaker hint.
        return (option & 2) == 0 ? A64Refusal.Unallocated : A64Refusal.None;
    }

    private static A64LoadStore General(uint word, int size, int operation)
    {
        bool isPrefetch = size == 3 && operation == 2;

        return new A64LoadStore
        {
            IsLoad = operation != 0 && !isPrefetch,
            IsPrefetch = isPrefetch,
            IsSigned = operation >= 2 && !isPrefetch,
            Is64Bit = size == 3 || operation == 2,
            SizeBytes = 1 << size,
            Rt = (int)Bits(word, 0, 5),
            Rn = (int)Bits(word, 5, 5),
        };
    }

    private static A64LoadStore Vector(uint word, int size, int operation) => new()
    {
        IsLoad = (operation & 1) != 0,
        IsVector = true,
        SizeBytes = operation > 1 ? 16 : 1 << size,
        Rt = (int)Bits(word, 0, 5),
        Rn = (int)Bits(word, 5, 5),
    };

    // Loading or storing the base while changing it, or loading one register twice.
    private static bool IsUnpredictable(in A64LoadStore decoded)
    {
        bool changesBase = decoded.Addressing is A64Addressing.PreIndex or A64Addressing.PostIndex && decoded.Rn != 31 && !decoded.IsVector;
        bool conflicts = changesBase && (decoded.Rt == decoded.Rn || (decoded.IsPair && decoded.Rt2 == decoded.Rn));
        return conflicts || (decoded.IsPair && decoded.IsLoad && decoded.Rt == decoded.Rt2);
    }
}
