using System.Numerics;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Integer arithmetic, logic, shifts and bits.</summary>
internal sealed class ArithmeticInstructions(X64Context context, X64AddressSpace space, X64Operands operands, ReadModifyWrite update)
{
    internal bool UpdateWithSource()
    {
        int size = operands.SizeBytes(0);
        return operands.TryRead(1, size, out ulong right) && update.TryUpdate(0, size, 0, right, 0, out _);
    }

    internal bool CompareOperands()
    {
        int size = operands.SizeBytes(0);

        if (!operands.TryRead(0, size, out ulong left) || !operands.TryRead(1, size, out ulong right))
        {
            return false;
        }

        X64Arithmetic.Compute(context.Instruction.Mnemonic, left, right, 0, size, ref context.State.Rflags);
        return true;
    }

    internal bool ShiftOperand()
    {
        int size = operands.SizeBytes(0);
        return operands.TryRead(1, 1, out ulong count) && update.TryUpdate(0, size, 0, count, 0, out _);
    }

    internal bool ShiftOperandDouble()
    {
        int size = operands.SizeBytes(0);
        return operands.TryRead(2, 1, out ulong count)
            && update.TryUpdate(0, size, 0, context.ReadRegister(context.Instruction.Op1Register), count, out _);
    }

    internal bool TestBit()
    {
        int size = operands.SizeBytes(0);
        int bits = size * 8;

        if (!operands.TryRead(1, size, out ulong index))
        {
            return false;
        }

        // A bit index in a register is signed and may lie anywhere; an immediate one, or one into a register, wraps.
        long displacement = 0;

        if (operands.IsMemory(0) && context.Instruction.Op1Kind == OpKind.Register)
        {
            displacement = ((long)X64Value.SignExtend(index, size) >> BitOperations.Log2((uint)bits)) * size;
        }

        index &= (uint)bits - 1;

        if (context.Instruction.Mnemonic != Mnemonic.Bt)
        {
            return update.TryUpdate(0, size, displacement, index, 0, out _);
        }

        ulong value;

        if (!operands.IsMemory(0))
        {
            value = context.ReadRegister(context.Instruction.Op0Register);
        }
        else if (operands.TryMap(size, AccessKind.Read, displacement, out MappedMemory memory))
        {
            value = space.Load(memory);
        }
        else
        {
            return false;
        }

        X64Arithmetic.Compute(Mnemonic.Bt, value, index, 0, size, ref context.State.Rflags);
        return true;
    }

    /// <summary>BOUND: an index between two limits, or #BR.</summary>
    internal bool CheckBounds()
    {
        int size = operands.SizeBytesOfRegister(0);

        if (!operands.TryMap(size, AccessKind.Read, 0, out MappedMemory lower)
            || !operands.TryMap(size, AccessKind.Read, size, out MappedMemory upper))
        {
            return false;
        }

        long index = (long)X64Value.SignExtend(context.ReadRegister(context.Instruction.Op0Register), size);
        long first = (long)X64Value.SignExtend(space.Load(lower), size);
        long last = (long)X64Value.SignExtend(space.Load(upper), size);
        return (index >= first && index <= last) || context.Fault(X64Bits.VectorBr);
    }

    internal bool CountBits()
    {
        int size = operands.SizeBytes(0);

        if (!operands.TryRead(1, size, out ulong value))
        {
            return false;
        }

        int bits = size * 8;
        int leading = BitOperations.LeadingZeroCount(value) - (64 - bits);
        int trailing = Math.Min(BitOperations.TrailingZeroCount(value), bits);
        ref ulong flags = ref context.State.Rflags;

        switch (context.Instruction.Mnemonic)
        {
            case Mnemonic.Popcnt:
                flags &= ~X64Bits.FlagsStatus;
                X64Arithmetic.SetFlag(X64Bits.FlagZf, value == 0, ref flags);
                context.WriteRegister(context.Instruction.Op0Register, (ulong)BitOperations.PopCount(value));
                return true;
            case Mnemonic.Tzcnt:
            case Mnemonic.Lzcnt:
                int count = context.Instruction.Mnemonic == Mnemonic.Tzcnt ? trailing : leading;
                X64Arithmetic.SetFlag(X64Bits.FlagCf, value == 0, ref flags);
                X64Arithmetic.SetFlag(X64Bits.FlagZf, count == 0, ref flags);
                context.WriteRegister(context.Instruction.Op0Register, (ulong)count);
                return true;
            default:
                X64Arithmetic.SetFlag(X64Bits.FlagZf, value == 0, ref flags);

                // Of zero the destination keeps its value.
                if (value != 0)
                {
                    int found = context.Instruction.Mnemonic == Mnemonic.Bsf ? trailing : bits - 1 - leading;
                    context.WriteRegister(context.Instruction.Op0Register, (ulong)found);
                }

                return true;
        }
    }

    internal bool UpdateAlone() => update.TryUpdate(0, operands.SizeBytes(0), 0, 0, 0, out _);
}
