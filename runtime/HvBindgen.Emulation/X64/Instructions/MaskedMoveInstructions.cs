using System.Numerics;
using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Moves of some elements of a vector: the others are not accessed, and cannot fault.</summary>
internal sealed class MaskedMoveInstructions(
    X64AddressSpace space, X64Operands operands, X64VectorOperands vectors)
{
    private const int MaxBytes = 32;

    /// <summary>VMASKMOVPS, VPMASKMOVD and their kin: the top bits of a vector's elements choose.</summary>
    internal bool MoveByVectorMask(int sizeBytes)
    {
        Span<byte> value = stackalloc byte[MaxBytes];
        Span<byte> choice = stackalloc byte[MaxBytes];

        if (!vectors.TryUse())
        {
            return false;
        }

        bool isStore = operands.IsMemory(0);
        value = value[..vectors.SizeBytes(1)];
        vectors.Read(1, choice[..value.Length]);
        ulong mask = 0;

        for (int element = 0; element < value.Length / sizeBytes; element++)
        {
            mask |= (ulong)(choice[((element + 1) * sizeBytes) - 1] >> 7) << element;
        }

        if (!isStore)
        {
            value.Clear();
            return TryMove(value, mask, sizeBytes, isStore: false) && vectors.TryWrite(value);
        }

        vectors.Read(2, value);
        return TryMove(value, mask, sizeBytes, isStore: true);
    }

    /// <summary>Moves chosen elements between a vector's value and memory, after all of them are known to be accessible.</summary>
    private bool TryMove(Span<byte> value, ulong mask, int sizeBytes, bool isStore)
    {
        Span<MappedMemory> mapped = stackalloc MappedMemory[MaxBytes / 4];
        AccessKind access = isStore ? AccessKind.Write : AccessKind.Read;
        int segment = operands.Segment();
        ulong offset = operands.EffectiveAddress(0);

        for (ulong rest = mask; rest != 0; rest &= rest - 1)
        {
            int element = BitOperations.TrailingZeroCount(rest);

            // Elements lie side by side even where 16-bit addresses would wrap.
            if (!space.TryMap(segment, offset + (uint)(element * sizeBytes), sizeBytes, sizeBytes, access, out mapped[element]))
            {
                return false;
            }
        }

        for (ulong rest = mask; rest != 0; rest &= rest - 1)
        {
            int element = BitOperations.TrailingZeroCount(rest);
            Span<byte> bytes = value.Slice(element * sizeBytes, sizeBytes);

            if (isStore)
            {
                space.StoreBytes(mapped[element], bytes);
            }
            else
            {
                space.LoadBytes(mapped[element], bytes);
            }
        }

        return true;
    }
}
