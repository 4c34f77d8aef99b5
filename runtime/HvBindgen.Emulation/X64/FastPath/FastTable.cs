using Iced.Intel;

// Who carries out an instruction of the fast path.
using unsafe Handler = delegate*<
    ref HvBindgen.Emulation.X64.X64State,
    HvBindgen.Emulation.X64.FastPath.FastMemory,
    ref readonly HvBindgen.Emulation.X64.FastPath.FastInstruction,
    bool>;

namespace HvBindgen.Emulation.X64.FastPath;

/// <summary>Which instructions take the fast path: integers of 64-bit mode as compilers write them, without LOCK and AH to BH.</summary>
internal static unsafe class FastTable
{
    /// <summary>What the fast path does with an instruction of 64-bit mode.</summary>
    internal static FastInstruction Find(in Instruction instruction)
    {
        FastOperands operands = new(in instruction);

        if (instruction.HasLockPrefix || instruction.Code.Encoding() != EncodingKind.Legacy || !operands.IsKnown)
        {
            return default;
        }

        FastInstruction what = operands.Instruction;
        what.Length = (byte)instruction.Length;
        what.Handler = HandlerOf(in instruction, operands.Form, operands.SizeBytes);
        return what;
    }

    private static Handler HandlerOf(in Instruction instruction, FastForm form, int size)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Mov:
                return Binary<MoveOperation>(form, size);
            case Mnemonic.Add:
                return Binary<AddOperation>(form, size);
            case Mnemonic.Adc:
                return Binary<AdcOperation>(form, size);
            case Mnemonic.Sub:
                return Binary<SubOperation>(form, size);
            case Mnemonic.Sbb:
                return Binary<SbbOperation>(form, size);
            case Mnemonic.Cmp:
                return Binary<CmpOperation>(form, size);
            case Mnemonic.And:
                return Binary<AndOperation>(form, size);
            case Mnemonic.Test:
                return Binary<TestOperation>(form, size);
            case Mnemonic.Or:
                return Binary<OrOperation>(form, size);
            case Mnemonic.Xor:
                return Binary<XorOperation>(form, size);
            case Mnemonic.Inc:
                return Unary<IncOperation>(form, size);
            case Mnemonic.Dec:
                return Unary<DecOperation>(form, size);
            case Mnemonic.Neg:
                return Unary<NegOperation>(form, size);
            case Mnemonic.Not:
                return Unary<NotOperation>(form, size);
            case Mnemonic.Shl:
            case Mnemonic.Sal:
                return Binary<ShlOperation>(form, size);
            case Mnemonic.Shr:
                return Binary<ShrOperation>(form, size);
            case Mnemonic.Sar:
                return Binary<SarOperation>(form, size);
            case Mnemonic.Rol:
                return Binary<RolOperation>(form, size);
            case Mnemonic.Ror:
                return Binary<RorOperation>(form, size);
            case Mnemonic.Imul:
                return Multiply(form, size);
            default:
                break;
        }

        return instruction.ConditionCode != ConditionCode.None
            ? Conditional(in instruction, form, size)
            : Extension(in instruction, form) is var found && found != null ? found
            : Transfer(in instruction, form);
    }

    private static Handler Binary<TOperation>(FastForm form, int size)
        where TOperation : struct, IFastOperation => size switch
        {
            1 => Binary<TOperation, OneByte>(form),
            2 => Binary<TOperation, TwoBytes>(form),
            4 => Binary<TOperation, FourBytes>(form),
            _ => Binary<TOperation, EightBytes>(form),
        };

    private static Handler Binary<TOperation, TSize>(FastForm form)
        where TOperation : struct, IFastOperation
        where TSize : struct, IOperandSize => form switch
        {
            FastForm.RegisterRegister => &FastHandlers.RegisterRegister<TOperation, TSize>,
            FastForm.RegisterImmediate => &FastHandlers.RegisterImmediate<TOperation, TSize>,
            FastForm.RegisterMemory => &FastHandlers.RegisterMemory<TOperation, TSize>,
            FastForm.MemoryRegister => &FastHandlers.MemoryRegister<TOperation, TSize>,
            FastForm.MemoryImmediate => &FastHandlers.MemoryImmediate<TOperation, TSize>,
            _ => null,
        };

    // Those of one operand do not look at the second.
    private static Handler Unary<TOperation>(FastForm form, int size)
        where TOperation : struct, IFastOperation => form switch
        {
            FastForm.Register => Binary<TOperation>(FastForm.RegisterImmediate, size),
            FastForm.Memory => Binary<TOperation>(FastForm.MemoryImmediate, size),
            _ => null,
        };

    private static Handler Multiply(FastForm form, int size) => (form, size) switch
    {
        (FastForm.RegisterRegisterImmediate, 4) => &FastHandlers.MultiplyByImmediate<FourBytes>,
        (FastForm.RegisterRegisterImmediate, 8) => &FastHandlers.MultiplyByImmediate<EightBytes>,
        (FastForm.RegisterRegister or FastForm.RegisterMemory, 4 or 8) => Binary<ImulOperation>(form, size),
        _ => null,
    };

    private static Handler Conditional(in Instruction instruction, FastForm form, int size) => form switch
    {
        FastForm.Branch when instruction.IsJccShortOrNear => &FastHandlers.JumpOnCondition,
        FastForm.Register => &FastHandlers.SetRegister,
        FastForm.RegisterRegister when size == 4 => &FastHandlers.MoveRegisterOnCondition<FourBytes>,
        FastForm.RegisterRegister when size == 8 => &FastHandlers.MoveRegisterOnCondition<EightBytes>,
        FastForm.RegisterMemory when size == 4 => &FastHandlers.MoveMemoryOnCondition<FourBytes>,
        FastForm.RegisterMemory when size == 8 => &FastHandlers.MoveMemoryOnCondition<EightBytes>,
        _ => null,
    };

    private static Handler Extension(in Instruction instruction, FastForm form) => (instruction.Code, form) switch
    {
        (Code.Movzx_r32_rm8, FastForm.RegisterRegister) => &FastHandlers.ZeroExtendRegister<OneByte, FourBytes>,
        (Code.Movzx_r32_rm8, FastForm.RegisterMemory) => &FastHandlers.ZeroExtendMemory<OneByte, FourBytes>,
        (Code.Movzx_r64_rm8, FastForm.RegisterRegister) => &FastHandlers.ZeroExtendRegister<OneByte, EightBytes>,
        (Code.Movzx_r64_rm8, FastForm.RegisterMemory) => &FastHandlers.ZeroExtendMemory<OneByte, EightBytes>,
        (Code.Movzx_r32_rm16, FastForm.RegisterRegister) => &FastHandlers.ZeroExtendRegister<TwoBytes, FourBytes>,
        (Code.Movzx_r32_rm16, FastForm.RegisterMemory) => &FastHandlers.ZeroExtendMemory<TwoBytes, FourBytes>,
        (Code.Movzx_r64_rm16, FastForm.RegisterRegister) => &FastHandlers.ZeroExtendRegister<TwoBytes, EightBytes>,
        (Code.Movzx_r64_rm16, FastForm.RegisterMemory) => &FastHandlers.ZeroExtendMemory<TwoBytes, EightBytes>,
        (Code.Movsx_r32_rm8, FastForm.RegisterRegister) => &FastHandlers.SignExtendRegister<OneByte, FourBytes>,
        (Code.Movsx_r32_rm8, FastForm.RegisterMemory) => &FastHandlers.SignExtendMemory<OneByte, FourBytes>,
        (Code.Movsx_r64_rm8, FastForm.RegisterRegister) => &FastHandlers.SignExtendRegister<OneByte, EightBytes>,
        (Code.Movsx_r64_rm8, FastForm.RegisterMemory) => &FastHandlers.SignExtendMemory<OneByte, EightBytes>,
        (Code.Movsx_r32_rm16, FastForm.RegisterRegister) => &FastHandlers.SignExtendRegister<TwoBytes, FourBytes>,
        (Code.Movsx_r32_rm16, FastForm.RegisterMemory) => &FastHandlers.SignExtendMemory<TwoBytes, FourBytes>,
        (Code.Movsx_r64_rm16, FastForm.RegisterRegister) => &FastHandlers.SignExtendRegister<TwoBytes, EightBytes>,
        (Code.Movsx_r64_rm16, FastForm.RegisterMemory) => &FastHandlers.SignExtendMemory<TwoBytes, EightBytes>,
        (Code.Movsxd_r64_rm32, FastForm.RegisterRegister) => &FastHandlers.SignExtendRegister<FourBytes, EightBytes>,
        (Code.Movsxd_r64_rm32, FastForm.RegisterMemory) => &FastHandlers.SignExtendMemory<FourBytes, EightBytes>,

        // The accumulator is both of their registers, the first two of the file.
        (Code.Cwde, FastForm.None) => &FastHandlers.SignExtendRegister<TwoBytes, FourBytes>,
        (Code.Cdqe, FastForm.None) => &FastHandlers.SignExtendRegister<FourBytes, EightBytes>,
        (Code.Lea_r32_m, FastForm.RegisterMemory) => &FastHandlers.LoadAddress<FourBytes>,
        (Code.Lea_r64_m, FastForm.RegisterMemory) => &FastHandlers.LoadAddress<EightBytes>,
        _ => null,
    };

    private static Handler Transfer(in Instruction instruction, FastForm form) => (instruction.Code, form) switch
    {
        (Code.Jmp_rel8_64 or Code.Jmp_rel32_64, FastForm.Branch) => &FastHandlers.Jump,
        (Code.Jmp_rm64, FastForm.Register) => &FastHandlers.JumpToRegister,
        (Code.Jmp_rm64, FastForm.Memory) => &FastHandlers.JumpToMemory,
        (Code.Call_rel32_64, FastForm.Branch) => &FastHandlers.Call,
        (Code.Call_rm64, FastForm.Register) => &FastHandlers.CallRegister,
        (Code.Call_rm64, FastForm.Memory) => &FastHandlers.CallMemory,
        (Code.Retnq, FastForm.None) => &FastHandlers.Return,
        (Code.Push_r64 or Code.Push_rm64, FastForm.Register) => &FastHandlers.PushRegister,
        (Code.Pushq_imm8 or Code.Pushq_imm32, FastForm.Immediate) => &FastHandlers.PushImmediate,
        (Code.Pop_r64 or Code.Pop_rm64, FastForm.Register) => &FastHandlers.Pop,
        (Code.Nopd or Code.Nopq or Code.Endbr64, FastForm.None) => &FastHandlers.DoNothing,
        (Code.Nop_rm16 or Code.Nop_rm32 or Code.Nop_rm64, FastForm.Memory or FastForm.Register) => &FastHandlers.DoNothing,
        _ => null,
    };
}
