using System.Runtime.Intrinsics;
using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Instructions on elements of vectors that are told how by a number: shifts, blends, permutations.</summary>
internal sealed class PackedSelectionInstructions(
    X64Context context, X64Operands operands, X64VectorOperands vectors, MaskedMoveInstructions masked)
{
    private const int MaxBytes = 32;
    private const int MaxEvexBytes = 64;
    private const int LaneBytes = 16;

    /// <summary>What an instruction makes of two lanes and its immediate number.</summary>
    internal delegate Vector128<byte> ChosenOperation(Vector128<byte> left, Vector128<byte> right, byte choice);

    /// <summary>PALIGNR, PBLENDW, SHUFPS and their kin.</summary>
    /// <param name="operation">What becomes of a lane.</param>
    /// <param name="bitsPerLane">How far the number is shifted for each further lane; 0: it is the same for all.</param>
    /// <param name="elements">Which of them a mask chooses.</param>
    internal bool CombineByImmediate(ChosenOperation operation, int bitsPerLane, MaskedElements elements)
    {
        Span<byte> left = stackalloc byte[MaxEvexBytes];
        Span<byte> right = stackalloc byte[MaxEvexBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        int source = vectors.IsVex ? 2 : 1;
        left = left[..vectors.SizeBytes(source - 1)];
        right = right[..left.Length];

        if (!masked.TryReadSource(source, right, elements))
        {
            return false;
        }

        vectors.Read(source - 1, left);
        int choice = context.Instruction.Immediate8;

        for (int at = 0; at < left.Length; at += LaneBytes)
        {
            operation(Vector128.Create<byte>(left[at..]), Vector128.Create<byte>(right[at..]), (byte)choice).CopyTo(left[at..]);
            choice >>= bitsPerLane;
        }

        return vectors.TryWriteChosen(left, elements.SizeBytes);
    }

    /// <summary>VPTERNLOGD, VPTERNLOGQ: bits of three vectors choose a bit of the immediate number.</summary>
    internal bool CombineBits(int sizeBytes)
    {
        Span<byte> first = stackalloc byte[MaxEvexBytes];
        Span<byte> second = stackalloc byte[MaxEvexBytes];
        Span<byte> third = stackalloc byte[MaxEvexBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        first = first[..vectors.SizeBytes(0)];
        second = second[..first.Length];
        third = third[..first.Length];

        if (!masked.TryReadSource(2, third, new MaskedElements(sizeBytes)))
        {
            return false;
        }

        vectors.Read(0, first);
        vectors.Read(1, second);

        for (int at = 0; at < first.Length; at++)
        {
            int result = 0;

            for (int choice = 0; choice < 8; choice++)
            {
                int fits = ((choice & 4) != 0 ? first[at] : ~first[at])
                    & ((choice & 2) != 0 ? second[at] : ~second[at]) & ((choice & 1) != 0 ? third[at] : ~third[at]);
                result |= (context.Instruction.Immediate8 & (1 << choice)) != 0 ? fits : 0;
            }

            first[at] = (byte)result;
        }

        return vectors.TryWriteChosen(first, sizeBytes);
    }

    /// <summary>PSLLW and its kin: all elements by one count, an immediate or the low half of 16 bytes.</summary>
    /// <remarks>With EVEX what is shifted by an immediate may be in memory.</remarks>
    internal bool Shift(int sizeBytes, PackedShift direction)
    {
        Span<byte> value = stackalloc byte[MaxEvexBytes];
        Span<byte> counts = stackalloc byte[LaneBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        int last = context.Instruction.OpCount - 1;
        bool isCounted = !operands.IsMemory(last) && !IsRegister(last);

        if (!isCounted && !vectors.TryRead(last, counts, isAligned: !vectors.IsVex))
        {
            return false;
        }

        ulong count = isCounted ? context.Instruction.Immediate8 : BitConverter.ToUInt64(counts);
        value = value[..vectors.SizeBytes(0)];

        if (!masked.TryReadSource(last - 1, value, new MaskedElements(sizeBytes)))
        {
            return false;
        }

        for (int at = 0; at < value.Length; at += LaneBytes)
        {
            LaneArithmetic.Shift(Vector128.Create<byte>(value[at..]), sizeBytes, direction, count).CopyTo(value[at..]);
        }

        return vectors.TryWriteChosen(value, sizeBytes);
    }

    /// <summary>PSLLDQ, PSRLDQ: lanes by whole bytes.</summary>
    internal bool ShiftBytes(bool isLeft)
    {
        Span<byte> value = stackalloc byte[MaxEvexBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        value = value[..vectors.SizeBytes(0)];

        if (!vectors.TryRead(context.Instruction.OpCount - 2, value, isAligned: false))
        {
            return false;
        }

        byte count = Math.Min(context.Instruction.Immediate8, (byte)LaneBytes);

        for (int at = 0; at < value.Length; at += LaneBytes)
        {
            Vector128<byte> lane = Vector128.Create<byte>(value[at..]);
            Vector128<byte> moved = isLeft
                ? LaneArithmetic.Align(lane, default, (byte)(LaneBytes - count))
                : LaneArithmetic.Align(default, lane, count);
            moved.CopyTo(value[at..]);
        }

        return vectors.TryWrite(value);
    }

    /// <summary>PBLENDVB, BLENDVPS, BLENDVPD: the top bits of a third vector's elements choose.</summary>
    internal bool BlendByVector(int sizeBytes)
    {
        Span<byte> left = stackalloc byte[MaxBytes];
        Span<byte> right = stackalloc byte[MaxBytes];
        Span<byte> choice = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        int source = vectors.IsVex ? 2 : 1;
        left = left[..vectors.SizeBytes(0)];
        right = right[..left.Length];
        choice = choice[..left.Length];

        if (!vectors.TryRead(source, right, isAligned: !vectors.IsVex))
        {
            return false;
        }

        vectors.Read(source - 1, left);

        if (vectors.IsVex)
        {
            vectors.Read(3, choice);
        }
        else
        {
            vectors.ReadImplied(choice);
        }

        for (int at = 0; at < left.Length; at += sizeBytes)
        {
            if ((choice[at + sizeBytes - 1] & 0x80) != 0)
            {
                right.Slice(at, sizeBytes).CopyTo(left[at..]);
            }
        }

        return vectors.TryWrite(left);
    }

    /// <summary>AESKEYGENASSIST: a vector and a number.</summary>
    internal bool AssistKey()
    {
        Span<byte> value = stackalloc byte[LaneBytes];

        if (!vectors.TryUse() || !vectors.TryRead(1, value, isAligned: !vectors.IsVex))
        {
            return false;
        }

        AesArithmetic.AssistKey(Vector128.Create<byte>(value), context.Instruction.Immediate8).CopyTo(value);
        return vectors.TryWrite(value);
    }

    /// <summary>SHA256RNDS2: two vectors, and the first one of all.</summary>
    internal bool Hash()
    {
        Span<byte> left = stackalloc byte[LaneBytes];
        Span<byte> right = stackalloc byte[LaneBytes];
        Span<byte> added = stackalloc byte[LaneBytes];

        if (!vectors.TryUse() || !vectors.TryRead(1, right, isAligned: true))
        {
            return false;
        }

        vectors.Read(0, left);
        vectors.ReadImplied(added);
        ShaArithmetic.Round256(Vector128.Create<byte>(left), Vector128.Create<byte>(right), Vector128.Create<byte>(added)).CopyTo(left);
        return vectors.TryWrite(left);
    }

    /// <summary>VPERMQ, VPERMPD: four elements of 32 bytes, chosen by two bits each.</summary>
    internal bool PermuteByImmediate()
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> source = stackalloc byte[MaxBytes];

        if (!vectors.TryUse() || !vectors.TryRead(1, source, isAligned: false))
        {
            return false;
        }

        for (int element = 0; element < 4; element++)
        {
            int chosen = (context.Instruction.Immediate8 >> (element * 2)) & 3;
            source.Slice(chosen * 8, 8).CopyTo(value[(element * 8)..]);
        }

        return vectors.TryWrite(value);
    }

    /// <summary>VPERMD, VPERMPS: eight elements, each chosen by one of another vector.</summary>
    internal bool PermuteByVector()
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> source = stackalloc byte[MaxBytes];
        Span<byte> choice = stackalloc byte[MaxBytes];

        if (!vectors.TryUse() || !vectors.TryRead(2, source, isAligned: false))
        {
            return false;
        }

        vectors.Read(1, choice);

        for (int at = 0; at < MaxBytes; at += 4)
        {
            source.Slice((choice[at] & 7) * 4, 4).CopyTo(value[at..]);
        }

        return vectors.TryWrite(value);
    }

    /// <summary>VPERM2F128, VPERM2I128: lanes of two vectors, or zeros.</summary>
    internal bool PermuteLanes()
    {
        Span<byte> both = stackalloc byte[2 * MaxBytes];
        Span<byte> value = stackalloc byte[MaxBytes];

        if (!vectors.TryUse() || !vectors.TryRead(2, both[MaxBytes..], isAligned: false))
        {
            return false;
        }

        vectors.Read(1, both[..MaxBytes]);
        value.Clear();

        for (int lane = 0; lane < 2; lane++)
        {
            int choice = context.Instruction.Immediate8 >> (lane * 4);

            if ((choice & 8) == 0)
            {
                both.Slice((choice & 3) * LaneBytes, LaneBytes).CopyTo(value[(lane * LaneBytes)..]);
            }
        }

        return vectors.TryWrite(value);
    }

    private bool IsRegister(int operand) => RegisterNames.IsVector(context.Instruction.GetOpRegister(operand));
}
