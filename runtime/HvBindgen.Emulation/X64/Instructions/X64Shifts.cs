using System.Runtime.CompilerServices;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Shifts and rotates. A count of zero, after masking, changes no flag.</summary>
internal static class X64Shifts
{
    /// <summary>The count as the processor takes it: five bits, or six for 64-bit operands.</summary>
    internal static int MaskCount(int count, int sizeBytes) => count & (sizeBytes == 8 ? 63 : 31);

    /// <summary>ROL, ROR, RCL, RCR, SHL, SHR, SAR.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Shift(Mnemonic operation, ulong value, int count, int sizeBytes, ref ulong flags)
    {
        count = MaskCount(count, sizeBytes);

        if (count == 0)
        {
            return value;
        }

        return operation switch
        {
            Mnemonic.Rol => RotateLeft(value, count, sizeBytes, ref flags),
            Mnemonic.Ror => RotateRight(value, count, sizeBytes, ref flags),
            Mnemonic.Rcl => RotateThroughCarryLeft(value, count, sizeBytes, ref flags),
            Mnemonic.Rcr => RotateThroughCarryRight(value, count, sizeBytes, ref flags),
            Mnemonic.Shr => ShiftRight(value, count, sizeBytes, ref flags),
            Mnemonic.Sar => ShiftRightArithmetic(value, count, sizeBytes, ref flags),
            _ => ShiftLeft(value, count, sizeBytes, ref flags),
        };
    }

    /// <summary>SHLD, SHRD: bits shifted in come from a second operand.</summary>
    internal static ulong ShiftDouble(Mnemonic operation, ulong value, ulong filler, int count, int sizeBytes, ref ulong flags)
    {
        count = MaskCount(count, sizeBytes);
        int bits = sizeBytes * 8;

        if (count == 0)
        {
            return value;
        }

        // A 16-bit operand and a count above 16 is undefined; hardware rotates the two operands as one.
        UInt128 both = operation == Mnemonic.Shld
            ? ((UInt128)value << bits) | filler
            : ((UInt128)filler << bits) | value;
        UInt128 mask = bits == 64 ? UInt128.MaxValue : (UInt128.One << (2 * bits)) - 1;
        bool carry;
        ulong result;

        if (operation == Mnemonic.Shld)
        {
            UInt128 rotated = ((both << count) | (both >> ((2 * bits) - count))) & mask;
            result = (ulong)(rotated >> bits);
            carry = (rotated & 1) != 0 && count > bits || (count <= bits && ((value >> (bits - count)) & 1) != 0);
        }
        else
        {
            UInt128 rotated = ((both >> count) | (both << ((2 * bits) - count))) & mask;
            result = X64Value.Truncate((ulong)rotated, sizeBytes);
            carry = ((both >> (count - 1)) & 1) != 0;
        }

        X64Arithmetic.SetResult(result, sizeBytes, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagCf, carry, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagOf, X64Value.TopBit(result ^ value, sizeBytes) != 0, ref flags);
        return result;
    }

    private static ulong ShiftLeft(ulong value, int count, int sizeBytes, ref ulong flags)
    {
        int bits = sizeBytes * 8;
        ulong result = X64Value.Truncate(value << count, sizeBytes);
        bool carry = count <= bits && ((value >> (bits - count)) & 1) != 0;
        X64Arithmetic.SetResult(result, sizeBytes, ref flags);
        SetCarryAndOverflow(carry, (X64Value.TopBit(result, sizeBytes) != 0) != carry, ref flags);
        return result;
    }

    private static ulong ShiftRight(ulong value, int count, int sizeBytes, ref ulong flags)
    {
        ulong result = value >> count;
        X64Arithmetic.SetResult(result, sizeBytes, ref flags);
        SetCarryAndOverflow(((value >> (count - 1)) & 1) != 0, X64Value.TopBit(value, sizeBytes) != 0, ref flags);
        return result;
    }

    private static ulong ShiftRightArithmetic(ulong value, int count, int sizeBytes, ref ulong flags)
    {
        int unused = 64 - (sizeBytes * 8);
        long signed = (long)(value << unused) >> unused;
        ulong result = X64Value.Truncate((ulong)(signed >> count), sizeBytes);
        X64Arithmetic.SetResult(result, sizeBytes, ref flags);
        SetCarryAndOverflow(((signed >> (count - 1)) & 1) != 0, false, ref flags);
        return result;
    }

    private static ulong RotateLeft(ulong value, int count, int sizeBytes, ref ulong flags)
    {
        int bits = sizeBytes * 8;
        int turn = count % bits;
        ulong result = turn == 0 ? value : X64Value.Truncate((value << turn) | (value >> (bits - turn)), sizeBytes);
        bool carry = (result & 1) != 0;
        SetCarryAndOverflow(carry, (X64Value.TopBit(result, sizeBytes) != 0) != carry, ref flags);
        return result;
    }

    private static ulong RotateRight(ulong value, int count, int sizeBytes, ref ulong flags)
    {
        int bits = sizeBytes * 8;
        int turn = count % bits;
        ulong result = turn == 0 ? value : X64Value.Truncate((value >> turn) | (value << (bits - turn)), sizeBytes);
        bool top = X64Value.TopBit(result, sizeBytes) != 0;
        SetCarryAndOverflow(top, top != (((result >> (bits - 2)) & 1) != 0), ref flags);
        return result;
    }

    private static ulong RotateThroughCarryLeft(ulong value, int count, int sizeBytes, ref ulong flags)
    {
        int turns = count % ((sizeBytes * 8) + 1);
        bool carry = (flags & X64Bits.FlagCf) != 0;

        for (int turn = 0; turn < turns; turn++)
        {
            bool top = X64Value.TopBit(value, sizeBytes) != 0;
            value = X64Value.Truncate((value << 1) | (carry ? 1UL : 0), sizeBytes);
            carry = top;
        }

        SetCarryAndOverflow(carry, (X64Value.TopBit(value, sizeBytes) != 0) != carry, ref flags);
        return value;
    }

    private static ulong RotateThroughCarryRight(ulong value, int count, int sizeBytes, ref ulong flags)
    {
        int bits = sizeBytes * 8;
        int turns = count % (bits + 1);
        bool carry = (flags & X64Bits.FlagCf) != 0;

        for (int turn = 0; turn < turns; turn++)
        {
            bool low = (value & 1) != 0;
            value = (value >> 1) | (carry ? 1UL << (bits - 1) : 0);
            carry = low;
        }

        bool differ = (((value >> (bits - 1)) ^ (value >> (bits - 2))) & 1) != 0;
        SetCarryAndOverflow(carry, differ, ref flags);
        return value;
    }

    private static void SetCarryAndOverflow(bool carry, bool overflow, ref ulong flags)
    {
        X64Arithmetic.SetFlag(X64Bits.FlagCf, carry, ref flags);
        X64Arithmetic.SetFlag(X64Bits.FlagOf, overflow, ref flags);
    }
}
