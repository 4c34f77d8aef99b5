using System.Runtime.Intrinsics;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Moves of the registers of MMX, and arithmetic on their elements.</summary>
internal sealed class MmxInstructions(
    X64Context context,
    X64Operands operands,
    X64VectorOperands vectors,
    X87Registers x87,
    MaskedMoveInstructions maskedMoves)
{
    /// <summary>Whether the instruction names a register of MMX; its name may be that of a vector's instruction.</summary>
    internal bool IsNamed => RegisterNames.IsMmx(OperandRegister(0)) || RegisterNames.IsMmx(OperandRegister(1));

    /// <summary>MOVD, MOVQ, MOVNTQ: to or from memory, a general register or another of MMX.</summary>
    internal bool Move()
    {
        if (!x87.TryUseMmx())
        {
            return false;
        }

        Register target = OperandRegister(0);

        if (!RegisterNames.IsMmx(target))
        {
            int size = operands.SizeBytes(0);
            ulong stored = X64Value.Truncate(x87.ReadMmx(OperandRegister(1) - Register.MM0), size);
            return operands.TryWrite(0, size, stored) && Finish();
        }

        ulong value;

        if (RegisterNames.IsMmx(OperandRegister(1)))
        {
            value = x87.ReadMmx(OperandRegister(1) - Register.MM0);
        }
        else if (!operands.TryRead(1, operands.SizeBytes(1), out value))
        {
            return false;
        }

        return Write(value);
    }

    /// <summary>PINSRW.</summary>
    internal bool InsertWord()
    {
        if (!x87.TryUseMmx() || !operands.TryRead(1, 2, out ulong word))
        {
            return false;
        }

        int shift = (context.Instruction.Immediate8 & 3) * 16;
        ulong rest = x87.ReadMmx(context.Instruction.Op0Register - Register.MM0) & ~((ulong)ushort.MaxValue << shift);
        return Write(rest | (word << shift));
    }

    /// <summary>An instruction of a register and another or memory: as with vectors, in a lane whose halves are the same.</summary>
    /// <param name="operation">What becomes of a lane.</param>
    /// <param name="part">What of it is left.</param>
    internal bool Combine(PackedInstructions.LaneOperation operation, MmxPart part)
    {
        if (!TryReadOperands(out ulong left, out ulong right))
        {
            return false;
        }

        Vector128<byte> lane = operation(Vector128.Create(left).AsByte(), Vector128.Create(right).AsByte());
        return Write(part switch
        {
            MmxPart.Upper => lane.AsUInt64()[1],
            MmxPart.Narrowed => lane.AsUInt32()[0] | ((ulong)lane.AsUInt32()[2] << 32),
            _ => lane.AsUInt64()[0],
        });
    }

    /// <summary>PABSB and its kin.</summary>
    internal bool Convert(Func<Vector128<byte>, Vector128<byte>> operation) =>
        TryReadOperands(out _, out ulong value) && Write(operation(Vector128.Create(value).AsByte()).AsUInt64()[0]);

    /// <summary>PSLLW and its kin: all elements by one count, an immediate or all of 8 bytes.</summary>
    internal bool Shift(int sizeBytes, PackedShift direction) => TryReadOperands(out ulong value, out ulong count)
        && Write(LaneArithmetic.Shift(Vector128.Create(value).AsByte(), sizeBytes, direction, count).AsUInt64()[0]);

    /// <summary>PALIGNR: eight bytes out of the source and behind it the register.</summary>
    internal bool Align() => TryReadOperands(out ulong left, out ulong right)
        && Write(LaneArithmetic.Align(default, Vector128.Create(right, left).AsByte(), context.Instruction.Immediate8).AsUInt64()[0]);

    /// <summary>PSHUFW: four words, chosen by two bits each.</summary>
    internal bool ShuffleWords()
    {
        if (!TryReadOperands(out _, out ulong source))
        {
            return false;
        }

        ulong value = 0;

        for (int word = 0; word < 4; word++)
        {
            int chosen = (context.Instruction.Immediate8 >> (word * 2)) & 3;
            value |= (ulong)(ushort)(source >> (chosen * 16)) << (word * 16);
        }

        return Write(value);
    }

    /// <summary>PEXTRW.</summary>
    internal bool ExtractWord()
    {
        if (!x87.TryUseMmx())
        {
            return false;
        }

        int shift = (context.Instruction.Immediate8 & 3) * 16;
        context.WriteRegister(OperandRegister(0), (ushort)(x87.ReadMmx(OperandRegister(1) - Register.MM0) >> shift));
        return Finish();
    }

    /// <summary>PMOVMSKB: the top bits of bytes.</summary>
    internal bool MoveSigns()
    {
        if (!x87.TryUseMmx())
        {
            return false;
        }

        ulong value = x87.ReadMmx(OperandRegister(1) - Register.MM0);
        uint signs = 0;

        for (int index = 0; index < sizeof(ulong); index++)
        {
            signs |= (uint)(value >> ((index * 8) + 7) & 1) << index;
        }

        context.WriteRegister(OperandRegister(0), signs);
        return Finish();
    }

    /// <summary>MOVQ2DQ: a register of MMX into the lower half of a vector.</summary>
    internal bool MoveToVector()
    {
        if (!vectors.TryUseWithMmx() || !x87.TryUseMmx())
        {
            return false;
        }

        Span<byte> value = stackalloc byte[16];
        value.Clear();
        BitConverter.TryWriteBytes(value, x87.ReadMmx(OperandRegister(1) - Register.MM0));
        return Finish() && vectors.TryWrite(value);
    }

    /// <summary>MOVDQ2Q: the lower half of a vector into a register of MMX.</summary>
    internal bool MoveFromVector()
    {
        if (!vectors.TryUseWithMmx() || !x87.TryUseMmx())
        {
            return false;
        }

        Span<byte> value = stackalloc byte[16];
        vectors.Read(1, value);
        x87.EnterMmx();
        x87.WriteMmx(OperandRegister(0) - Register.MM0, BitConverter.ToUInt64(value));
        return x87.TryCommit();
    }

    /// <summary>EMMS: the registers are those of x87 again, and empty.</summary>
    internal bool Leave()
    {
        if (!x87.TryUseMmx())
        {
            return false;
        }

        x87.LeaveMmx();
        return x87.TryCommit();
    }

    /// <summary>MASKMOVQ: the top bits of one register's bytes choose which bytes of another go to where RDI points.</summary>
    internal bool MoveBytesToDestination()
    {
        Span<byte> value = stackalloc byte[8];
        Span<byte> choice = stackalloc byte[8];

        if (!x87.TryUseMmx())
        {
            return false;
        }

        BitConverter.TryWriteBytes(value, x87.ReadMmx(OperandRegister(1) - Register.MM0));
        BitConverter.TryWriteBytes(choice, x87.ReadMmx(OperandRegister(2) - Register.MM0));
        return maskedMoves.TryMoveToDestination(value, choice) && Finish();
    }

    private Register OperandRegister(int operand) =>
        context.Instruction.GetOpKind(operand) == OpKind.Register ? context.Instruction.GetOpRegister(operand) : Register.None;

    // The register that is changed, and the other operand: one of MMX, memory or an immediate.
    private bool TryReadOperands(out ulong left, out ulong right)
    {
        left = 0;
        right = 0;

        if (!x87.TryUseMmx())
        {
            return false;
        }

        left = x87.ReadMmx(OperandRegister(0) - Register.MM0);

        if (!RegisterNames.IsMmx(OperandRegister(1)))
        {
            return operands.TryRead(1, operands.IsMemory(1) ? operands.SizeBytes(1) : 1, out right);
        }

        right = x87.ReadMmx(OperandRegister(1) - Register.MM0);
        return true;
    }

    private bool Write(ulong value)
    {
        x87.EnterMmx();
        x87.WriteMmx(OperandRegister(0) - Register.MM0, value);
        return x87.TryCommit();
    }

    private bool Finish()
    {
        x87.EnterMmx();
        return x87.TryCommit();
    }
}
