using System.Buffers.Binary;
using System.Numerics;
using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM: comparisons of two texts of at most 16 bytes (SDM volume 2, 4.1).</summary>
internal sealed class TextInstructions(X64Context context, X64VectorOperands vectors)
{
    private const int TextBytes = 16;
    private const int WordsBit = 1 << 0;
    private const int SignedBit = 1 << 1;
    private const int NegatedBit = 1 << 4;
    private const int ValidOnlyBit = 1 << 5;
    private const int LastOrWideBit = 1 << 6;

    // Two bits that say how the texts are compared.
    private const int EqualAny = 0;
    private const int Ranges = 1;
    private const int EqualEach = 2;

    private int Choice => context.Instruction.Immediate8;

    private int ElementBytes => (Choice & WordsBit) != 0 ? 2 : 1;

    private int Count => TextBytes / ElementBytes;

    /// <summary>Compares two texts.</summary>
    /// <param name="lengthBytes">Size of the registers that have their lengths; 0: each ends before its first zero.</param>
    /// <param name="givesMask">Whether the result is a mask in the first vector, else a place in RCX.</param>
    internal bool Compare(int lengthBytes, bool givesMask)
    {
        Span<byte> left = stackalloc byte[TextBytes];
        Span<byte> right = stackalloc byte[TextBytes];

        if (!vectors.TryUse() || !vectors.TryRead(1, right, isAligned: false))
        {
            return false;
        }

        vectors.Read(0, left);
        int leftCount = lengthBytes == 0 ? CountToZero(left) : CountIn(Gpr.Rax, lengthBytes);
        int rightCount = lengthBytes == 0 ? CountToZero(right) : CountIn(Gpr.Rdx, lengthBytes);
        int all = (1 << Count) - 1;
        int found = Find(left[..(leftCount * ElementBytes)], right[..(rightCount * ElementBytes)]);
        found ^= (Choice & NegatedBit) == 0 ? 0 : (Choice & ValidOnlyBit) == 0 ? all : (1 << rightCount) - 1;

        ref ulong flags = ref context.State.Rflags;
        flags &= ~X64Bits.FlagsStatus;
        X64Arithmetic.SetFlag(X64Bits.FlagCf, found != 0, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagZf, rightCount < Count, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagSf, leftCount < Count, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagOf, (found & 1) != 0, ref flags);

        if (givesMask)
        {
            return TryWriteMask(found);
        }

        int place = found == 0 ? Count
            : (Choice & LastOrWideBit) != 0 ? BitOperations.Log2((uint)found)
            : BitOperations.TrailingZeroCount(found);
        context.WriteGpr(Gpr.Rcx, (ulong)place, 4);
        return true;
    }

    private bool TryWriteMask(int found)
    {
        Span<byte> mask = stackalloc byte[TextBytes];
        mask.Clear();

        if ((Choice & LastOrWideBit) == 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(mask, (ushort)found);
        }
        else
        {
            for (int rest = found; rest != 0; rest &= rest - 1)
            {
                mask.Slice(BitOperations.TrailingZeroCount(rest) * ElementBytes, ElementBytes).Fill(byte.MaxValue);
            }
        }

        return vectors.TryWriteImplied(mask);
    }

    // A bit for each place of the right text; behind its end too, where a comparison has something to say about it.
    private int Find(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int found = 0;

        for (int place = 0; place < Count; place++)
        {
            bool isFound = ((Choice >> 2) & 3) switch
            {
                EqualAny => IsAny(left, right, place),
                Ranges => IsInRange(left, right, place),
                EqualEach => IsSame(left, right, place),
                _ => BeginsWith(left, right, place),
            };
            found |= isFound ? 1 << place : 0;
        }

        return found;
    }

    private bool IsAny(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int place)
    {
        bool isAny = false;

        for (int index = 0; IsIn(left, index); index++)
        {
            isAny |= IsIn(right, place) && Element(left, index) == Element(right, place);
        }

        return isAny;
    }

    private bool IsInRange(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int place)
    {
        bool isInRange = false;

        for (int index = 0; IsIn(left, index + 1); index += 2)
        {
            isInRange |= IsIn(right, place)
                && Element(left, index) <= Element(right, place) && Element(right, place) <= Element(left, index + 1);
        }

        return isInRange;
    }

    // Behind the ends of both they are the same.
    private bool IsSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int place) => IsIn(left, place) && IsIn(right, place)
        ? Element(left, place) == Element(right, place)
        : IsIn(left, place) == IsIn(right, place);

    // As far as the vector goes: what lies beyond may be the rest.
    private bool BeginsWith(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int place)
    {
        bool isSame = true;

        for (int index = 0; IsIn(left, index) && place + index < Count; index++)
        {
            isSame &= IsIn(right, place + index) && Element(left, index) == Element(right, place + index);
        }

        return isSame;
    }

    private bool IsIn(ReadOnlySpan<byte> text, int index) => (index + 1) * ElementBytes <= text.Length;

    private int Element(ReadOnlySpan<byte> text, int index) => (Choice & (WordsBit | SignedBit)) switch
    {
        0 => text[index],
        WordsBit => BinaryPrimitives.ReadUInt16LittleEndian(text[(index * 2)..]),
        SignedBit => (sbyte)text[index],
        _ => BinaryPrimitives.ReadInt16LittleEndian(text[(index * 2)..]),
    };

    private int CountToZero(ReadOnlySpan<byte> text)
    {
        int count = 0;

        while (count < Count && Element(text, count) != 0)
        {
            count++;
        }

        return count;
    }

    // A negative length counts as its magnitude.
    private int CountIn(int register, int sizeBytes)
    {
        long length = (long)X64Value.SignExtend(context.ReadGpr(register, sizeBytes), sizeBytes);
        return (int)Math.Min((ulong)(length < 0 ? unchecked(-length) : length), (ulong)Count);
    }
}
