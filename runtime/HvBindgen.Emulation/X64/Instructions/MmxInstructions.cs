using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Moves of the registers of MMX.</summary>
internal sealed class MmxInstructions(
    X64Context context, X64Operands operands, X87Registers x87, MaskedMoveInstructions maskedMoves)
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

        x87.EnterMmx();
        x87.WriteMmx(target - Register.MM0, value);
        return x87.TryCommit();
    }

    /// <summary>PINSRW.</summary>
    internal bool InsertWord()
    {
        if (!x87.TryUseMmx() || !operands.TryRead(1, 2, out ulong word))
        {
            return false;
        }

        int shift = (context.Instruction.Immediate8 & 3) * 16;
        int index = context.Instruction.Op0Register - Register.MM0;
        x87.EnterMmx();
        x87.WriteMmx(index, (x87.ReadMmx(index) & ~((ulong)ushort.MaxValue << shift)) | (word << shift));
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

    private bool Finish()
    {
        x87.EnterMmx();
        return x87.TryCommit();
    }
}
