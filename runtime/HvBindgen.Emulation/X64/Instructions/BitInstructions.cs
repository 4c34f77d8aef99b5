using System.Numerics;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What came to the integer instructions later: BMI1, BMI2, ADX and CRC32.</summary>
internal sealed class BitInstructions(X64Context context, X64Operands operands)
{
    // CRC-32C, bits reflected: SDM volume 2, CRC32.
    private const uint CrcPolynomial = 0x82F6_3B78;

    /// <summary>ANDN, BEXTR, BZHI, PDEP, PEXT: a destination, a register and a register or memory, in either order.</summary>
    internal bool Combine()
    {
        int size = operands.SizeBytes(0);

        if (!MayUseVex() || !operands.TryRead(1, size, out ulong first) || !operands.TryRead(2, size, out ulong second))
        {
            return false;
        }

        context.WriteRegister(context.Instruction.Op0Register, Combined(first, second, size));
        return true;
    }

    private ulong Combined(ulong first, ulong second, int size)
    {
        ref ulong flags = ref context.State.Rflags;
        ulong result;

        switch (context.Instruction.Mnemonic)
        {
            case Mnemonic.Pdep:
                return Deposit(first, second);
            case Mnemonic.Pext:
                return Extract(first, second);
            case Mnemonic.Andn:
                result = X64Value.Truncate(~first, size) & second;
                SetLogic(result, isCarry: false, size);
                return result;
            case Mnemonic.Bzhi:
                int kept = (byte)second;
                bool isBeyond = kept >= size * 8;
                result = isBeyond ? first : first & ((1UL << kept) - 1);
                SetLogic(result, isBeyond, size);
                return result;
            default:
                int start = (byte)second;
                int length = (byte)(second >> 8);
                result = start >= 64 ? 0 : first >> start;
                result = length >= 64 ? result : result & ((1UL << length) - 1);
                flags &= ~X64Bits.FlagsStatus;
                X64Arithmetic.SetFlag(X64Bits.FlagZf, result == 0, ref flags);
                return result;
        }
    }

    /// <summary>BLSI, BLSMSK, BLSR: what the lowest set bit of an operand gives.</summary>
    internal bool UseLowestBit()
    {
        int size = operands.SizeBytes(0);

        if (!MayUseVex() || !operands.TryRead(1, size, out ulong value))
        {
            return false;
        }

        (ulong result, bool isCarry) = context.Instruction.Mnemonic switch
        {
            Mnemonic.Blsi => (value & (0 - value), value != 0),
            Mnemonic.Blsmsk => (X64Value.Truncate(value ^ (value - 1), size), value == 0),
            _ => (value & (value - 1), value == 0),
        };
        SetLogic(result, isCarry, size);
        context.WriteRegister(context.Instruction.Op0Register, result);
        return true;
    }

    /// <summary>MULX: a product without flags.</summary>
    internal bool MultiplyWithoutFlags()
    {
        int size = operands.SizeBytes(0);

        if (!MayUseVex() || !operands.TryRead(2, size, out ulong value))
        {
            return false;
        }

        UInt128 product = (UInt128)context.ReadGpr(Gpr.Rdx, size) * value;

        // The high half goes last: of one register named twice it is what remains.
        context.WriteRegister(context.Instruction.Op1Register, X64Value.Truncate((ulong)product, size));
        context.WriteRegister(context.Instruction.Op0Register, X64Value.Truncate((ulong)(product >> (size * 8)), size));
        return true;
    }

    /// <summary>RORX, SARX, SHLX, SHRX: a shift without flags.</summary>
    internal bool ShiftWithoutFlags()
    {
        int size = operands.SizeBytes(0);

        if (!MayUseVex() || !operands.TryRead(1, size, out ulong value) || !operands.TryRead(2, 1, out ulong wanted))
        {
            return false;
        }

        int bits = size * 8;
        int count = (int)wanted & (bits - 1);

        context.WriteRegister(context.Instruction.Op0Register, X64Value.Truncate(
            context.Instruction.Mnemonic switch
            {
                Mnemonic.Shlx => value << count,
                Mnemonic.Shrx => value >> count,
                Mnemonic.Sarx => (ulong)((long)X64Value.SignExtend(value, size) >> count),
                _ => size == 8 ? BitOperations.RotateRight(value, count) : BitOperations.RotateRight((uint)value, count),
            },
            size));
        return true;
    }

    /// <summary>ADCX, ADOX: a sum whose carry comes from and goes to one flag.</summary>
    internal bool AddWithOwnCarry(ulong flag)
    {
        int size = operands.SizeBytes(0);

        if (!operands.TryRead(1, size, out ulong value))
        {
            return false;
        }

        UInt128 sum = (UInt128)context.ReadRegister(context.Instruction.Op0Register) + value;
        sum += (context.State.Rflags & flag) != 0 ? 1u : 0u;
        context.WriteRegister(context.Instruction.Op0Register, X64Value.Truncate((ulong)sum, size));
        X64Arithmetic.SetFlag(flag, sum >> (size * 8) != UInt128.Zero, ref context.State.Rflags);
        return true;
    }

    /// <summary>CRC32.</summary>
    internal bool AccumulateChecksum()
    {
        int size = operands.SizeBytes(1);

        if (!operands.TryRead(1, size, out ulong value))
        {
            return false;
        }

        Register register = context.Instruction.Op0Register;
        uint sum = (uint)context.ReadRegister(register);

        for (int index = 0; index < size; index++)
        {
            sum ^= (byte)(value >> (index * 8));

            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) != 0 ? CrcPolynomial : 0);
            }
        }

        context.WriteRegister(register, sum);
        return true;
    }

    // In real and virtual-8086 mode there are no VEX prefixes.
    private bool MayUseVex() => context.State.IsProtectedMode || context.Fault(X64Bits.VectorUd);

    private void SetLogic(ulong result, bool isCarry, int size)
    {
        ref ulong flags = ref context.State.Rflags;
        X64Arithmetic.SetResult(result, size, ref flags);
        flags &= ~(X64Bits.FlagOf | X64Bits.FlagAf | X64Bits.FlagPf);
        X64Arithmetic.SetFlag(X64Bits.FlagCf, isCarry, ref flags);
    }

    private static ulong Deposit(ulong value, ulong mask)
    {
        ulong result = 0;

        for (; mask != 0; mask &= mask - 1, value >>= 1)
        {
            result |= (value & 1) != 0 ? mask & (0 - mask) : 0;
        }

        return result;
    }

    private static ulong Extract(ulong value, ulong mask)
    {
        ulong result = 0;

        for (int index = 0; mask != 0; mask &= mask - 1, index++)
        {
            result |= (value & mask & (0 - mask)) != 0 ? 1UL << index : 0;
        }

        return result;
    }
}
