using Iced.Intel;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>Where a string instruction's operands are.</summary>
internal enum StringPlace
{
    /// <summary>No string instruction.</summary>
    None,

    /// <summary>The source is the device, the destination ordinary memory.</summary>
    FromDevice,

    /// <summary>The source is ordinary memory, the destination the device.</summary>
    ToDevice,

    /// <summary>Both are the device.</summary>
    WithinDevice,
}

/// <summary>An instruction with a memory operand, for one mode.</summary>
/// <param name="Name">What to call it in a message.</param>
/// <param name="Instruction">The instruction; its operand is at BX + 0x20, or where RSI and RDI point.</param>
/// <param name="Place">Operands of a string instruction.</param>
/// <param name="IsBackward">Whether the direction flag is set.</param>
/// <param name="OffsetBytes">Where in the device BX points, or the string starts.</param>
internal sealed record MemoryInstruction(
    string Name, Instruction Instruction, StringPlace Place = StringPlace.None, bool IsBackward = false, int OffsetBytes = 0x200);

/// <summary>Instructions of every kind, width and direction that access memory, built from their names in the manual.</summary>
internal static class MemoryInstructions
{
    internal const int DisplacementBytes = 0x20;

    // The operand straddles the device's beginning, with memory before it, and two pages of the device.
    private const int AcrossBegin = -DisplacementBytes - 1;
    private const int AcrossPages = 0x1000 - DisplacementBytes - 1;

    private static readonly string[] RegisterToMemory =
        ["Mov", "Add", "Adc", "Sub", "Sbb", "And", "Or", "Xor", "Cmp", "Test", "Xchg", "Xadd", "Cmpxchg"];

    private static readonly string[] WideRegisterToMemory = ["Bt", "Bts", "Btr", "Btc"];

    private static readonly string[] MemoryToRegister = ["Mov", "Add", "Adc", "Sub", "Sbb", "And", "Or", "Xor", "Cmp"];

    private static readonly string[] ImmediateToMemory = ["Mov", "Add", "Adc", "Sub", "Sbb", "And", "Or", "Xor", "Cmp", "Test"];

    private static readonly string[] OneOperand = ["Not", "Neg", "Inc", "Dec", "Mul", "Imul", "Div", "Idiv"];

    private static readonly string[] Shifts = ["Shl", "Shr", "Sar", "Rol", "Ror", "Rcl", "Rcr"];

    private static readonly string[] Lockable =
        ["Add", "Adc", "Sub", "Sbb", "And", "Or", "Xor", "Xadd", "Cmpxchg", "Xchg", "Not", "Neg", "Inc", "Dec", "Bts", "Btr", "Btc"];

    internal static IEnumerable<MemoryInstruction> All(int bits)
    {
        int[] widths = bits == 64 ? [8, 16, 32, 64] : [8, 16, 32];
        MemoryOperand operand = new(BaseOf(bits), DisplacementBytes, bits == 16 ? 2 : bits / 8);
        return widths.SelectMany(width => General(bits, width, operand)).Concat(widths.SelectMany(width => Strings(bits, width)))
            .Concat(Special(bits, operand));
    }

    private static Register BaseOf(int bits) => bits == 16 ? Register.BX : bits == 32 ? Register.EBX : Register.RBX;

    private static Register CounterOf(int width) => width switch
    {
        8 => Register.CL,
        16 => Register.CX,
        32 => Register.ECX,
        _ => Register.RCX,
    };

    private static Code CodeOf(string name) => Enum.Parse<Code>(name);

    private static IEnumerable<MemoryInstruction> General(int bits, int width, MemoryOperand operand)
    {
        Register register = CounterOf(width);
        List<Instruction> instructions = [];
        foreach (string name in RegisterToMemory.Concat(width == 8 ? [] : WideRegisterToMemory))
        {
            instructions.Add(Instruction.Create(CodeOf($"{name}_rm{width}_r{width}"), operand, register));
        }

        foreach (string name in MemoryToRegister)
        {
            instructions.Add(Instruction.Create(CodeOf($"{name}_r{width}_rm{width}"), register, operand));
        }

        int immediateWidth = Math.Min(width, 32);
        foreach (string name in ImmediateToMemory)
        {
            int immediate = width == 8 ? 0x5a : width == 16 ? 0x5a5b : 0x5a5b5c5d;
            instructions.Add(Instruction.Create(CodeOf($"{name}_rm{width}_imm{immediateWidth}"), operand, immediate));
        }

        foreach (string name in OneOperand)
        {
            instructions.Add(Instruction.Create(CodeOf($"{name}_rm{width}"), operand));
        }

        foreach (string name in Shifts)
        {
            instructions.Add(Instruction.Create(CodeOf($"{name}_rm{width}_CL"), operand, Register.CL));
            instructions.Add(Instruction.Create(CodeOf($"{name}_rm{width}_imm8"), operand, 3));
        }

        if (width != 8)
        {
            AddWide(instructions, width, operand, register);
        }

        foreach (Instruction instruction in instructions)
        {
            string name = $"{instruction.Code}";
            yield return new MemoryInstruction(name, instruction);
            if (instruction.MemorySize.GetSize() > 1 && !WideRegisterToMemory.Contains(instruction.Mnemonic.ToString()))
            {
                yield return new MemoryInstruction($"{name} across the begin", instruction, OffsetBytes: AcrossBegin);
                yield return new MemoryInstruction($"{name} across pages", instruction, OffsetBytes: AcrossPages);
            }

            if (instruction.Op0Kind == OpKind.Memory && Lockable.Contains(instruction.Mnemonic.ToString()))
            {
                Instruction locked = instruction;
                locked.HasLockPrefix = true;
                yield return new MemoryInstruction($"lock {name}", locked);
            }
        }

        yield return new MemoryInstruction($"setne, {bits} bits", Instruction.Create(Code.Setne_rm8, operand));
    }

    private static void AddWide(List<Instruction> instructions, int width, MemoryOperand operand, Register register)
    {
        instructions.Add(Instruction.Create(CodeOf($"Movzx_r{width}_rm8"), register, operand));
        instructions.Add(Instruction.Create(CodeOf($"Movsx_r{width}_rm8"), register, operand));
        instructions.Add(Instruction.Create(CodeOf($"Movbe_r{width}_m{width}"), register, operand));
        instructions.Add(Instruction.Create(CodeOf($"Movbe_m{width}_r{width}"), operand, register));
        instructions.Add(Instruction.Create(CodeOf($"Cmova_r{width}_rm{width}"), register, operand));
        instructions.Add(Instruction.Create(CodeOf($"Cmovbe_r{width}_rm{width}"), register, operand));
        instructions.Add(Instruction.Create(CodeOf($"Imul_r{width}_rm{width}"), register, operand));
        instructions.Add(Instruction.Create(CodeOf($"Imul_r{width}_rm{width}_imm8"), register, operand, 7));
        instructions.Add(Instruction.Create(CodeOf($"Shld_rm{width}_r{width}_imm8"), operand, register, 5));
        instructions.Add(Instruction.Create(CodeOf($"Shrd_rm{width}_r{width}_CL"), operand, register, Register.CL));
        instructions.Add(Instruction.Create(CodeOf($"Bts_rm{width}_imm8"), operand, 5));
        if (width != 16)
        {
            instructions.Add(Instruction.Create(CodeOf($"Movzx_r{width}_rm16"), register, operand));
            instructions.Add(Instruction.Create(CodeOf($"Movsx_r{width}_rm16"), register, operand));
            instructions.Add(Instruction.Create(CodeOf($"Movnti_m{width}_r{width}"), operand, register));
        }
    }

    private static IEnumerable<MemoryInstruction> Strings(int bits, int width)
    {
        string suffix = width switch
        {
            8 => "b",
            16 => "w",
            32 => "d",
            _ => "q",
        };
        (Code Code, bool Reads, bool Writes)[] codes =
        [
            (CodeOf($"Movs{suffix}_m{width}_m{width}"), true, true),
            (CodeOf($"Stos{suffix}_m{width}_{Accumulator(width)}"), false, true),
            (CodeOf($"Lods{suffix}_{Accumulator(width)}_m{width}"), true, false),
            (CodeOf($"Cmps{suffix}_m{width}_m{width}"), true, true),
            (CodeOf($"Scas{suffix}_{Accumulator(width)}_m{width}"), false, true),
        ];
        foreach ((Code code, bool reads, bool writes) in codes)
        {
            foreach (StringPlace place in Enum.GetValues<StringPlace>())
            {
                if (place == StringPlace.None || (place == StringPlace.FromDevice && !reads) || (place == StringPlace.ToDevice && !writes)
                    || (place == StringPlace.WithinDevice && !(reads && writes)))
                {
                    continue;
                }

                foreach (bool repeats in new[] { false, true })
                {
                    foreach (bool isBackward in new[] { false, true })
                    {
                        // Odd, near a page's end: elements straddle it.
                        yield return new MemoryInstruction(
                            $"{(repeats ? "rep " : "")}{code} {place}{(isBackward ? " backward" : "")}",
                            StringInstruction(code, bits, repeats),
                            place,
                            isBackward,
                            isBackward ? 0x1005 : 0xffd);
                    }
                }
            }
        }
    }

    private static string Accumulator(int width) => width switch
    {
        8 => "AL",
        16 => "AX",
        32 => "EAX",
        _ => "RAX",
    };

    // Decoded, because building needs a different method for each.
    private static Instruction StringInstruction(Code code, int bits, bool repeats)
    {
        byte opcode = (byte)code.OpCode();
        List<byte> bytes = [];
        if (repeats)
        {
            bytes.Add(0xf3);
        }

        int operandSize = opcode % 2 == 0 ? 8 : code.ToOpCode().OperandSize;
        if ((operandSize == 16 && bits != 16) || (operandSize == 32 && bits == 16))
        {
            bytes.Add(0x66);
        }

        if (operandSize == 64)
        {
            bytes.Add(0x48);
        }

        bytes.Add(opcode);
        Instruction decoded = Decoder.Create(bits, [.. bytes]).Decode();
        return decoded.Code == code ? decoded : throw new InvalidOperationException($"{code} became {decoded.Code}");
    }

    private static byte OpCode(this Code code) => (byte)code.ToOpCode().OpCode;

    private static IEnumerable<MemoryInstruction> Special(int bits, MemoryOperand operand)
    {
        yield return new MemoryInstruction("cmpxchg8b", Instruction.Create(Code.Cmpxchg8b_m64, operand));
        Instruction locked = Instruction.Create(Code.Cmpxchg8b_m64, operand);
        locked.HasLockPrefix = true;
        yield return new MemoryInstruction("lock cmpxchg8b", locked);
        Code push = bits == 64 ? Code.Push_rm64 : bits == 32 ? Code.Push_rm32 : Code.Push_rm16;
        Code pop = bits == 64 ? Code.Pop_rm64 : bits == 32 ? Code.Pop_rm32 : Code.Pop_rm16;
        yield return new MemoryInstruction("push", Instruction.Create(push, operand));
        yield return new MemoryInstruction("pop", Instruction.Create(pop, operand));
        if (bits == 64)
        {
            yield return new MemoryInstruction("movsxd", Instruction.Create(Code.Movsxd_r64_rm32, Register.RCX, operand));
            yield return new MemoryInstruction("movd to memory", Instruction.Create(Code.Movd_rm32_xmm, operand, Register.XMM3));
            yield return new MemoryInstruction("movq from memory", Instruction.Create(Code.Movq_xmm_rm64, Register.XMM3, operand));
            yield return new MemoryInstruction("movups to memory", Instruction.Create(Code.Movups_xmmm128_xmm, operand, Register.XMM3));
            yield return new MemoryInstruction("movdqu from memory", Instruction.Create(Code.Movdqu_xmm_xmmm128, Register.XMM3, operand));
            yield return new MemoryInstruction("movaps from memory", Instruction.Create(Code.Movaps_xmm_xmmm128, Register.XMM3, operand));
            yield return new MemoryInstruction("movss to memory", Instruction.Create(Code.Movss_xmmm32_xmm, operand, Register.XMM3));
            yield return new MemoryInstruction("movsd from memory", Instruction.Create(Code.Movsd_xmm_xmmm64, Register.XMM3, operand));
            yield return new MemoryInstruction(
                "movdqu across pages", Instruction.Create(Code.Movdqu_xmmm128_xmm, operand, Register.XMM3), OffsetBytes: AcrossPages);
        }
    }
}
