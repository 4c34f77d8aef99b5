using System.Numerics;
using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// Integer arithmetic, bits and conditions.
public sealed partial class X64Emulator
{
    private bool UpdateWithSource()
    {
        int size = OperandSizeBytes(0);
        return TryReadOperand(1, size, out ulong right) && TryUpdate(0, size, 0, right, 0, out _);
    }

    private bool CompareOperands()
    {
        int size = OperandSizeBytes(0);

        if (!TryReadOperand(0, size, out ulong left) || !TryReadOperand(1, size, out ulong right))
        {
            return false;
        }

        X64Arithmetic.Compute(instruction.Mnemonic, left, right, 0, size, ref state.Rflags);
        return true;
    }

    // XCHG and XADD: the source register receives what the destination held. Its encoding may name memory first or second.
    private bool ExchangeOperands()
    {
        int target = IsMemory(1) ? 1 : 0;
        Register register = instruction.GetOpRegister(1 - target);
        int size = RegisterSizeBytes(register);
        ulong source = ReadRegister(register);

        if (!IsMemory(target))
        {
            Register first = instruction.Op0Register;
            ulong old = ReadRegister(first);
            ulong value = X64Arithmetic.Compute(instruction.Mnemonic, old, source, 0, size, ref state.Rflags);

            // The sum goes last: of XADD with one register twice it is what remains.
            WriteRegister(register, old);
            WriteRegister(first, value);
            return true;
        }

        if (!TryUpdate(target, size, 0, source, 0, out ulong before))
        {
            return false;
        }

        WriteRegister(register, before);
        return true;
    }

    private bool ShiftOperand()
    {
        int size = OperandSizeBytes(0);
        return TryReadOperand(1, 1, out ulong count) && TryUpdate(0, size, 0, count, 0, out _);
    }

    private bool ShiftOperandDouble()
    {
        int size = OperandSizeBytes(0);
        return TryReadOperand(2, 1, out ulong count)
            && TryUpdate(0, size, 0, ReadRegister(instruction.Op1Register), count, out _);
    }

    private bool TestBit()
    {
        int size = OperandSizeBytes(0);
        int bits = size * 8;

        if (!TryReadOperand(1, size, out ulong index))
        {
            return false;
        }

        // A bit index in a register is signed and may lie anywhere; an immediate one, or one into a register, wraps.
        long displacement = 0;

        if (IsMemory(0) && instruction.Op1Kind == OpKind.Register)
        {
            displacement = ((long)SignExtend(index, size) >> BitOperations.Log2((uint)bits)) * size;
        }

        index &= (uint)bits - 1;

        if (instruction.Mnemonic != Mnemonic.Bt)
        {
            return TryUpdate(0, size, displacement, index, 0, out _);
        }

        ulong value;

        if (!IsMemory(0))
        {
            value = ReadRegister(instruction.Op0Register);
        }
        else if (TryMapOperand(size, AccessKind.Read, displacement, out MappedMemory memory))
        {
            value = Load(memory);
        }
        else
        {
            return false;
        }

        X64Arithmetic.Compute(Mnemonic.Bt, value, index, 0, size, ref state.Rflags);
        return true;
    }

    private bool CountBits()
    {
        int size = OperandSizeBytes(0);

        if (!TryReadOperand(1, size, out ulong value))
        {
            return false;
        }

        int bits = size * 8;
        int leading = BitOperations.LeadingZeroCount(value) - (64 - bits);
        int trailing = Math.Min(BitOperations.TrailingZeroCount(value), bits);
        ref ulong flags = ref state.Rflags;

        switch (instruction.Mnemonic)
        {
            case Mnemonic.Popcnt:
                flags &= ~X64Bits.FlagsStatus;
                X64Arithmetic.SetFlag(X64Bits.FlagZf, value == 0, ref flags);
                WriteRegister(instruction.Op0Register, (ulong)BitOperations.PopCount(value));
                return true;
            case Mnemonic.Tzcnt:
            case Mnemonic.Lzcnt:
                int count = instruction.Mnemonic == Mnemonic.Tzcnt ? trailing : leading;
                X64Arithmetic.SetFlag(X64Bits.FlagCf, value == 0, ref flags);
                X64Arithmetic.SetFlag(X64Bits.FlagZf, count == 0, ref flags);
                WriteRegister(instruction.Op0Register, (ulong)count);
                return true;
            default:
                X64Arithmetic.SetFlag(X64Bits.FlagZf, value == 0, ref flags);

                // Of zero the destination keeps its value.
                if (value != 0)
                {
                    WriteRegister(instruction.Op0Register, (ulong)(instruction.Mnemonic == Mnemonic.Bsf ? trailing : bits - 1 - leading));
                }

                return true;
        }
    }

    private bool TryExecuteConditional()
    {
        bool holds = Holds(instruction.ConditionCode);

        if (instruction.FlowControl == FlowControl.ConditionalBranch)
        {
            return !holds || BranchTo(instruction.NearBranchTarget, BranchSizeBytes());
        }

        if (instruction.OpCount == 1)
        {
            return TryWriteOperand(0, 1, holds ? 1UL : 0);
        }

        // CMOV reads its source, and clears the upper half, whether or not it moves.
        int size = OperandSizeBytes(0);

        if (!TryReadOperand(1, size, out ulong value))
        {
            return false;
        }

        WriteRegister(instruction.Op0Register, holds ? value : ReadRegister(instruction.Op0Register));
        return true;
    }

    private bool Holds(ConditionCode condition)
    {
        ulong flags = state.Rflags;
        bool carry = (flags & X64Bits.FlagCf) != 0;
        bool zero = (flags & X64Bits.FlagZf) != 0;
        bool sign = (flags & X64Bits.FlagSf) != 0;
        bool overflow = (flags & X64Bits.FlagOf) != 0;
        bool parity = (flags & X64Bits.FlagPf) != 0;

        return condition switch
        {
            ConditionCode.o => overflow,
            ConditionCode.no => !overflow,
            ConditionCode.b => carry,
            ConditionCode.ae => !carry,
            ConditionCode.e => zero,
            ConditionCode.ne => !zero,
            ConditionCode.be => carry || zero,
            ConditionCode.a => !carry && !zero,
            ConditionCode.s => sign,
            ConditionCode.ns => !sign,
            ConditionCode.p => parity,
            ConditionCode.np => !parity,
            ConditionCode.l => sign != overflow,
            ConditionCode.ge => sign == overflow,
            ConditionCode.le => zero || sign != overflow,
            _ => !zero && sign == overflow,
        };
    }
}
