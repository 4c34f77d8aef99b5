using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// Registers and operands by their names and sizes.
public sealed partial class X64Emulator
{
    private const int Rax = 0;
    private const int Rcx = 1;
    private const int Rdx = 2;
    private const int Rbx = 3;
    private const int Rsp = 4;
    private const int Rbp = 5;
    private const int Rsi = 6;
    private const int Rdi = 7;

    private static ulong Truncate(ulong value, int sizeBytes) => sizeBytes switch
    {
        1 => (byte)value,
        2 => (ushort)value,
        4 => (uint)value,
        _ => value,
    };

    private static ulong SignExtend(ulong value, int sizeBytes) => sizeBytes switch
    {
        1 => (ulong)(sbyte)value,
        2 => (ulong)(short)value,
        4 => (ulong)(int)value,
        _ => value,
    };

    private static bool IsNegative(ulong value, int sizeBytes) => ((value >> ((sizeBytes * 8) - 1)) & 1) != 0;

    private static bool IsSegment(Register register) => register is >= Register.ES and <= Register.GS;

    private static bool IsGeneral(Register register) => register is >= Register.AL and <= Register.R15;

    private static int SegmentIndex(Register register) => register - Register.ES;

    private static int RegisterSizeBytes(Register register) => register switch
    {
        <= Register.R15L => 1,
        <= Register.R15W => 2,
        <= Register.R15D => 4,
        <= Register.R15 => 8,
        >= Register.XMM0 and <= Register.XMM31 => 16,
        >= Register.YMM0 and <= Register.YMM31 => 32,
        _ => 2,
    };

    private ulong ReadRegister(Register register) => register switch
    {
        <= Register.BL => (byte)state.Gpr[register - Register.AL],
        <= Register.BH => (byte)(state.Gpr[register - Register.AH] >> 8),
        <= Register.R15L => (byte)state.Gpr[register - Register.SPL + 4],
        <= Register.R15W => (ushort)state.Gpr[register - Register.AX],
        <= Register.R15D => (uint)state.Gpr[register - Register.EAX],
        _ => state.Gpr[register - Register.RAX],
    };

    private void WriteRegister(Register register, ulong value)
    {
        switch (register)
        {
            case <= Register.BL:
                WriteGpr(register - Register.AL, value, 1);
                break;
            case <= Register.BH:
                ref ulong whole = ref state.Gpr[register - Register.AH];
                whole = (whole & ~0xFF00UL) | ((value & 0xFF) << 8);
                break;
            case <= Register.R15L:
                WriteGpr(register - Register.SPL + 4, value, 1);
                break;
            case <= Register.R15W:
                WriteGpr(register - Register.AX, value, 2);
                break;
            case <= Register.R15D:
                WriteGpr(register - Register.EAX, value, 4);
                break;
            default:
                WriteGpr(register - Register.RAX, value, 8);
                break;
        }
    }

    private ulong ReadGpr(int index, int sizeBytes) => Truncate(state.Gpr[index], sizeBytes);

    // Writing 32 bits clears the upper half; writing 8 or 16 leaves the rest.
    private void WriteGpr(int index, ulong value, int sizeBytes)
    {
        ref ulong register = ref state.Gpr[index];

        register = sizeBytes switch
        {
            1 => (register & ~0xFFUL) | (byte)value,
            2 => (register & ~0xFFFFUL) | (ushort)value,
            4 => (uint)value,
            _ => value,
        };
    }

    private bool IsMemory(int operand) => instruction.GetOpKind(operand) == OpKind.Memory;

    /// <summary>Size of a general-register or memory operand.</summary>
    private int OperandSizeBytes(int operand) => IsMemory(operand)
        ? instruction.MemorySize.GetSize()
        : RegisterSizeBytes(instruction.GetOpRegister(operand));

    /// <summary>Reads a register, immediate or memory operand, truncated to a size.</summary>
    private bool TryReadOperand(int operand, int sizeBytes, out ulong value)
    {
        switch (instruction.GetOpKind(operand))
        {
            case OpKind.Register:
                value = Truncate(ReadRegister(instruction.GetOpRegister(operand)), sizeBytes);
                return true;
            case OpKind.Memory:
                if (!TryMapOperand(sizeBytes, AccessKind.Read, out MappedMemory memory))
                {
                    value = 0;
                    return false;
                }

                value = Load(memory);
                return true;
            default:
                value = Truncate(instruction.GetImmediate(operand), sizeBytes);
                return true;
        }
    }

    /// <summary>Writes a register or memory operand that is not read.</summary>
    private bool TryWriteOperand(int operand, int sizeBytes, ulong value)
    {
        if (!IsMemory(operand))
        {
            WriteRegister(instruction.GetOpRegister(operand), value);
            return true;
        }

        if (!TryMapOperand(sizeBytes, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        Store(memory, value);
        return true;
    }
}
