using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.FastPath;

/// <summary>The operands of a decoded instruction of 64-bit mode, if the fast path has words for them.</summary>
internal readonly struct FastOperands
{
    private const int AddressBytes = 8;

    internal FastOperands(in Instruction instruction)
    {
        FastInstruction what = new()
        {
            Base = FastInstruction.None,
            Index = FastInstruction.None,
            Segment = FastInstruction.None,
            Condition = FastConditions.NumberOf(instruction.ConditionCode),
        };
        FastForm? form = FormOf(in instruction);
        int size = 0;
        bool isKnown = form is not null
            && (!HasRegister(form.Value) || TryRegister(instruction.Op0Register, out what.First, out size))
            && (!HasImmediate(form.Value) || TryImmediate(in instruction, ref what));

        switch (form)
        {
            case FastForm.RegisterRegister:
            case FastForm.RegisterRegisterImmediate:
                isKnown = isKnown && TryRegister(instruction.Op1Register, out what.Second, out _);
                break;
            case FastForm.MemoryRegister:
                size = instruction.MemorySize.GetSize();
                isKnown = TryRegister(instruction.Op1Register, out what.Second, out _) && TryMemory(in instruction, ref what);
                break;
            case FastForm.RegisterMemory:
                isKnown = isKnown && TryMemory(in instruction, ref what);
                break;
            case FastForm.Memory:
            case FastForm.MemoryImmediate:
                size = instruction.MemorySize.GetSize();
                isKnown = isKnown && TryMemory(in instruction, ref what);
                break;
            case FastForm.Branch:
                what.Immediate = instruction.NearBranchTarget;
                isKnown = FastInstruction.IsCanonical(what.Immediate);
                break;
            default:
                break;
        }

        IsKnown = isKnown;
        Instruction = what;
        Form = form ?? FastForm.None;
        SizeBytes = size;
    }

    /// <summary>Whether the rest says anything.</summary>
    internal bool IsKnown { get; }

    /// <summary>The operands alone.</summary>
    internal FastInstruction Instruction { get; }

    internal FastForm Form { get; }

    /// <summary>Size of the first operand; of memory alone its own.</summary>
    internal int SizeBytes { get; }

    private static bool HasRegister(FastForm form) => form is FastForm.Register or FastForm.RegisterRegister
        or FastForm.RegisterImmediate or FastForm.RegisterMemory or FastForm.RegisterRegisterImmediate;

    private static bool HasImmediate(FastForm form) => form is FastForm.Immediate or FastForm.RegisterImmediate
        or FastForm.MemoryImmediate or FastForm.RegisterRegisterImmediate;

    private static FastForm? FormOf(in Instruction instruction)
    {
        OpKind first = instruction.OpCount > 0 ? KindOf(in instruction, 0) : OpKind.Register;
        OpKind second = instruction.OpCount > 1 ? KindOf(in instruction, 1) : OpKind.Register;

        return (instruction.OpCount, first, second) switch
        {
            (0, _, _) => FastForm.None,
            (1, OpKind.Register, _) => FastForm.Register,
            (1, OpKind.Memory, _) => FastForm.Memory,
            (1, OpKind.Immediate64, _) => FastForm.Immediate,
            (1, OpKind.NearBranch64, _) => FastForm.Branch,
            (2, OpKind.Register, OpKind.Register) => FastForm.RegisterRegister,
            (2, OpKind.Register, OpKind.Immediate64) => FastForm.RegisterImmediate,
            (2, OpKind.Register, OpKind.Memory) => FastForm.RegisterMemory,
            (2, OpKind.Memory, OpKind.Register) => FastForm.MemoryRegister,
            (2, OpKind.Memory, OpKind.Immediate64) => FastForm.MemoryImmediate,
            (3, OpKind.Register, OpKind.Register) when KindOf(in instruction, 2) == OpKind.Immediate64 =>
                FastForm.RegisterRegisterImmediate,
            _ => null,
        };
    }

    // All kinds of immediates are one: the decoder gives each as 64 bits.
    private static OpKind KindOf(in Instruction instruction, int operand)
    {
        OpKind kind = instruction.GetOpKind(operand);

        return kind is OpKind.Immediate8 or OpKind.Immediate16 or OpKind.Immediate32 or OpKind.Immediate8to16
            or OpKind.Immediate8to32 or OpKind.Immediate8to64 or OpKind.Immediate32to64 ? OpKind.Immediate64 : kind;
    }

    private static bool TryImmediate(in Instruction instruction, ref FastInstruction what)
    {
        what.Immediate = instruction.GetImmediate(instruction.OpCount - 1);
        return true;
    }

    // AH to BH are no register's lowest byte.
    private static bool TryRegister(Register register, out byte index, out int sizeBytes)
    {
        sizeBytes = RegisterNames.IsGeneral(register) ? RegisterNames.SizeBytes(register) : 0;
        int number = register switch
        {
            >= Register.AL and <= Register.BL => register - Register.AL,
            >= Register.SPL and <= Register.R15L => register - Register.SPL + Gpr.Rsp,
            >= Register.AX and <= Register.R15W => register - Register.AX,
            >= Register.EAX and <= Register.R15D => register - Register.EAX,
            >= Register.RAX and <= Register.R15 => register - Register.RAX,
            _ => -1,
        };
        index = (byte)number;
        return number >= 0;
    }

    // An operand addressed by 64 bits. LEA knows no segment.
    private static bool TryMemory(in Instruction instruction, ref FastInstruction what)
    {
        Register origin = instruction.MemoryBase;
        Register index = instruction.MemoryIndex;
        what.Displacement = instruction.MemoryDisplacement64;

        if (origin is not (Register.None or Register.RIP) && !TryAddressRegister(origin, out what.Base))
        {
            return false;
        }

        if (index != Register.None && !TryAddressRegister(index, out what.Index))
        {
            return false;
        }

        what.IndexShift = (byte)int.Log2(instruction.MemoryIndexScale);

        if (instruction.MemorySegment >= Register.FS && instruction.Mnemonic != Mnemonic.Lea)
        {
            what.Segment = (byte)RegisterNames.SegmentIndex(instruction.MemorySegment);
        }

        return origin != Register.None || index != Register.None || instruction.MemoryDisplSize == AddressBytes;
    }

    private static bool TryAddressRegister(Register register, out byte index) =>
        TryRegister(register, out index, out int sizeBytes) && sizeBytes == AddressBytes;
}
