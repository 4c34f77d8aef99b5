using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>The encodings the emulator is meant to carry out and the oracle can be asked about.</summary>
internal static class EmulatedInstructions
{
    private static readonly string[] Names =
    [
        "Mov", "Movbe", "Movnti", "Movdiri", "Movdir64b", "Movzx", "Movsx", "Movsxd", "Lea", "Xlatb", "Bswap", "Xchg", "Xadd",
        "Cmpxchg", "Cmpxchg8b", "Cmpxchg16b",
        "Add", "Adc", "Sub", "Sbb", "And", "Or", "Xor", "Cmp", "Test", "Not", "Neg", "Inc", "Dec",
        "Rol", "Ror", "Rcl", "Rcr", "Shl", "Sal", "Shr", "Sar", "Shld", "Shrd",
        "Bt", "Bts", "Btr", "Btc", "Bsf", "Bsr", "Tzcnt", "Lzcnt", "Popcnt", "Mul", "Imul", "Div", "Idiv",
        "Push", "Pop", "Pusha", "Pushad", "Popa", "Popad", "Pushf", "Pushfd", "Pushfq", "Popf", "Popfd", "Popfq", "Leave",
        "Call", "Jmp", "Ret", "Jcxz", "Jecxz", "Jrcxz", "Loop", "Loope", "Loopne", "In", "Out",
        "Movsb", "Movsw", "Movsd", "Movsq", "Cmpsb", "Cmpsw", "Cmpsd", "Cmpsq", "Stosb", "Stosw", "Stosd", "Stosq",
        "Lodsb", "Lodsw", "Lodsd", "Lodsq", "Scasb", "Scasw", "Scasd", "Scasq", "Insb", "Insw", "Insd", "Outsb", "Outsw", "Outsd",
        "Nop", "Pause", "Endbr32", "Endbr64", "Prefetchnta", "Prefetcht0", "Prefetcht1", "Prefetcht2", "Prefetchw",
        "Lfence", "Sfence", "Mfence", "Wait", "Cbw", "Cwde", "Cdqe", "Cwd", "Cdq", "Cqo",
        "Clc", "Stc", "Cmc", "Cld", "Std", "Lahf", "Sahf",
        "Movups", "Movupd", "Movdqu", "Lddqu", "Movaps", "Movapd", "Movdqa", "Movntps", "Movntpd", "Movntdq", "Movntdqa",
        "Vmovups", "Vmovupd", "Vmovdqu", "Vlddqu", "Vmovaps", "Vmovapd", "Vmovdqa", "Vmovntps", "Vmovntpd", "Vmovntdq", "Vmovntdqa",
        "Movd", "Movq", "Movss", "Vmovd", "Vmovq", "Vmovss", "Vmovsd",
        "Movlps", "Movlpd", "Movhps", "Movhpd", "Vmovlps", "Vmovlpd", "Vmovhps", "Vmovhpd",
    ];

    private static readonly HashSet<Mnemonic> Mnemonics = [.. Names.Select(Enum.Parse<Mnemonic>)];

    /// <summary>All encodings, by the mode they exist in.</summary>
    public static IReadOnlyList<OpCodeInfo> ForMode(int bits) => bits switch { 16 => Mode16, 32 => Mode32, _ => Mode64 };

    private static readonly OpCodeInfo[] All =
        [.. Enum.GetValues<Code>().Where(code => IsEmulated(code) && HostProcessor.Has(code)).Select(code => code.ToOpCode())];

    /// <summary>Emulated encodings that the processor under the tests does not have.</summary>
    public static int NotInProcessor { get; } = Enum.GetValues<Code>().Count(code => IsEmulated(code) && !HostProcessor.Has(code));

    private static readonly OpCodeInfo[] Mode16 = [.. All.Where(info => info.Mode16)];

    private static readonly OpCodeInfo[] Mode32 = [.. All.Where(info => info.Mode32)];

    private static readonly OpCodeInfo[] Mode64 = [.. All.Where(info => info.Mode64)];

    /// <summary>Whether an encoding is among them.</summary>
    public static bool IsEmulated(Code code)
    {
        OpCodeInfo info = code.ToOpCode();

        if (!info.IsInstruction || info.Encoding is EncodingKind.EVEX or EncodingKind.XOP or EncodingKind.MVEX)
        {
            return false;
        }

        Mnemonic mnemonic = code.Mnemonic();
        bool isConditional = code.ConditionCode() != ConditionCode.None
            && !mnemonic.ToString().StartsWith("Fcmov", StringComparison.Ordinal)
            && !mnemonic.ToString().StartsWith("Cmp", StringComparison.Ordinal);

        // CMPSD is a string instruction and a floating-point comparison.
        bool isFloatingComparison = mnemonic == Mnemonic.Cmpsd && code != Code.Cmpsd_m32_m32;
        bool isListed = isConditional || Mnemonics.Contains(mnemonic);
        return isListed && !isFloatingComparison && !UsesOtherState(info) && !IsReserved(code);
    }

    // Segment loads in protected mode, control and debug registers, MMX: not emulated, as the emulator's own tests show.
    private static bool UsesOtherState(OpCodeInfo info)
    {
        for (int operand = 0; operand < info.OpCount; operand++)
        {
            switch (info.GetOpKind(operand))
            {
                case OpCodeOperandKind.cr_reg or OpCodeOperandKind.dr_reg or OpCodeOperandKind.tr_reg:
                case OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.mm_rm:
                case OpCodeOperandKind.farbr2_2 or OpCodeOperandKind.farbr4_2:
                    return true;
                case OpCodeOperandKind.seg_reg when operand == 0:
                    return true;
                default:
                    break;
            }
        }

        bool popsSegment = info.Op0Kind is OpCodeOperandKind.ds or OpCodeOperandKind.es
            or OpCodeOperandKind.ss or OpCodeOperandKind.fs or OpCodeOperandKind.gs;
        return (info.Mnemonic == Mnemonic.Pop && popsSegment) || info.Code.IsJmpFarIndirect() || info.Code.IsCallFarIndirect();
    }

    // No-operations that are reserved for prefetches.
    private static bool IsReserved(Code code) =>
        code is Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D;
}
