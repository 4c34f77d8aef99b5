using System.Numerics;
using System.Runtime.CompilerServices;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Results and flags of the integer instructions that change one operand. Values are zero beyond their size.</summary>
/// <remarks>Flags the architecture leaves undefined get a fixed value.</remarks>
internal static class X64Arithmetic
{
    /// <summary>Computes the new value of an instruction's destination.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="left">Destination before.</param>
    /// <param name="right">Source; shift count; bit index.</param>
    /// <param name="count">Shift count of SHLD and SHRD.</param>
    /// <param name="sizeBytes">Operand size.</param>
    /// <param name="flags">RFLAGS, before and after.</param>
    internal static ulong Compute(Mnemonic operation, ulong left, ulong right, ulong count, int sizeBytes, ref ulong flags)
    {
        ulong carry = flags & X64Bits.FlagCf;

        switch (operation)
        {
            case Mnemonic.Add:
            case Mnemonic.Xadd:
                return Add(left, right, 0, sizeBytes, ref flags);
            case Mnemonic.Adc:
                return Add(left, right, carry, sizeBytes, ref flags);
            case Mnemonic.Sub:
            case Mnemonic.Cmp:
                return Subtract(left, right, 0, sizeBytes, ref flags);
            case Mnemonic.Sbb:
                return Subtract(left, right, carry, sizeBytes, ref flags);
            case Mnemonic.Neg:
                return Subtract(0, left, 0, sizeBytes, ref flags);
            case Mnemonic.Inc:
                return Increment(left, sizeBytes, ref flags);
            case Mnemonic.Dec:
                return Decrement(left, sizeBytes, ref flags);
            case Mnemonic.And:
            case Mnemonic.Test:
                return Logic(left & right, sizeBytes, ref flags);
            case Mnemonic.Or:
                return Logic(left | right, sizeBytes, ref flags);
            case Mnemonic.Xor:
                return Logic(left ^ right, sizeBytes, ref flags);
            case Mnemonic.Not:
                return X64Value.Truncate(~left, sizeBytes);
            case Mnemonic.Xchg:
                return right;
            case Mnemonic.Bts:
                return Bit(left, left | (1UL << (int)right), right, ref flags);
            case Mnemonic.Btr:
                return Bit(left, left & ~(1UL << (int)right), right, ref flags);
            case Mnemonic.Btc:
                return Bit(left, left ^ (1UL << (int)right), right, ref flags);
            case Mnemonic.Bt:
                return Bit(left, left, right, ref flags);
            case Mnemonic.Shld:
            case Mnemonic.Shrd:
                return X64Shifts.ShiftDouble(operation, left, right, (int)count, sizeBytes, ref flags);
            default:
                return X64Shifts.Shift(operation, left, (int)right, sizeBytes, ref flags);
        }
    }

    /// <summary>Sum, with all six status flags.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Add(ulong left, ulong right, ulong carry, int sizeBytes, ref ulong flags)
    {
        ulong result = X64Value.Truncate(left + right + carry, sizeBytes);
        ulong carries = (left & right) | ((left | right) & ~result);
        ulong overflows = (left ^ result) & (right ^ result);
        SetArithmetic(left ^ right ^ result, carries, overflows, result, sizeBytes, ref flags);
        return result;
    }

    /// <summary>Difference, with all six status flags.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Subtract(ulong left, ulong right, ulong borrow, int sizeBytes, ref ulong flags)
    {
        ulong result = X64Value.Truncate(left - right - borrow, sizeBytes);
        ulong borrows = (~left & right) | ((~left | right) & result);
        ulong overflows = (left ^ right) & (left ^ result);
        SetArithmetic(left ^ right ^ result, borrows, overflows, result, sizeBytes, ref flags);
        return result;
    }

    /// <summary>One more, with all status flags but CF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Increment(ulong left, int sizeBytes, ref ulong flags)
    {
        ulong carry = flags & X64Bits.FlagCf;
        ulong result = Add(left, 1, 0, sizeBytes, ref flags);
        flags = (flags & ~X64Bits.FlagCf) | carry;
        return result;
    }

    /// <summary>One less, with all status flags but CF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Decrement(ulong left, int sizeBytes, ref ulong flags)
    {
        ulong carry = flags & X64Bits.FlagCf;
        ulong result = Subtract(left, 1, 0, sizeBytes, ref flags);
        flags = (flags & ~X64Bits.FlagCf) | carry;
        return result;
    }

    /// <summary>Product of signed values as wide as they are; CF and OF tell whether more of it was significant.</summary>
    internal static ulong MultiplySigned(ulong left, ulong right, int sizeBytes, ref ulong flags)
    {
        long high = Math.BigMul((long)X64Value.SignExtend(left, sizeBytes), (long)X64Value.SignExtend(right, sizeBytes), out long product);
        ulong low = X64Value.Truncate((ulong)product, sizeBytes);
        long significant = (long)X64Value.SignExtend(low, sizeBytes);
        SetMultiplied(low, sizeBytes, product != significant || high != significant >> 63, ref flags);
        return low;
    }

    /// <summary>Sets the flags of a multiplication.</summary>
    internal static void SetMultiplied(ulong low, int sizeBytes, bool isWide, ref ulong flags)
    {
        SetResult(low, sizeBytes, ref flags);
        SetFlag(X64Bits.FlagZf | X64Bits.FlagAf, false, ref flags);
        SetFlag(X64Bits.FlagCf | X64Bits.FlagOf, isWide, ref flags);
    }

    /// <summary>Sets SF, ZF and PF from a result.</summary>
    internal static void SetResult(ulong result, int sizeBytes, ref ulong flags) =>
        flags = (flags & ~(X64Bits.FlagSf | X64Bits.FlagZf | X64Bits.FlagPf)) | ResultFlags(result, sizeBytes);

    /// <summary>Sets one flag.</summary>
    internal static void SetFlag(ulong flag, bool value, ref ulong flags) => flags = value ? flags | flag : flags & ~flag;

    /// <summary>The result of a logic instruction, with the flags that it sets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Logic(ulong result, int sizeBytes, ref ulong flags)
    {
        flags &= ~(X64Bits.FlagCf | X64Bits.FlagOf | X64Bits.FlagAf);
        SetResult(result, sizeBytes, ref flags);
        return result;
    }

    private static ulong Bit(ulong left, ulong result, ulong index, ref ulong flags)
    {
        SetFlag(X64Bits.FlagCf, ((left >> (int)index) & 1) != 0, ref flags);
        return result;
    }

    // Each flag is a bit that is moved to its place: no branch depends on what the guest computes.
    private static void SetArithmetic(ulong nibbles, ulong carries, ulong overflows, ulong result, int sizeBytes, ref ulong flags) =>
        flags = (flags & ~X64Bits.FlagsStatus)
            | ResultFlags(result, sizeBytes)
            | (nibbles & X64Bits.FlagAf)
            | (X64Value.TopBit(carries, sizeBytes) * X64Bits.FlagCf)
            | (X64Value.TopBit(overflows, sizeBytes) * X64Bits.FlagOf);

    private static ulong ResultFlags(ulong result, int sizeBytes) =>
        (X64Value.TopBit(result, sizeBytes) * X64Bits.FlagSf)
        | (result == 0 ? X64Bits.FlagZf : 0)
        | ((ulong)(~BitOperations.PopCount(result & 0xFF) & 1) * X64Bits.FlagPf);
}
