using HvBindgen.Emulation.X64.Instructions;
using HvBindgen.Emulation.X64.Processor;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Engine.Software;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Mshv.Tests.Emulator;

public sealed class SoftwareCpuidTests
{
    private const int Eax = 0;
    private const int Ebx = 1;
    private const int Ecx = 2;
    private const int Edx = 3;

    // Leaf, sub-leaf, register and bit (SDM volume 2, CPUID), and what the decoder calls it.
    private static readonly (uint Leaf, uint Index, int Register, int Bit, CpuidFeature Feature)[] Features =
    [
        (1, 0, Edx, 0, CpuidFeature.FPU), (1, 0, Edx, 8, CpuidFeature.CX8), (1, 0, Edx, 15, CpuidFeature.CMOV),
        (1, 0, Edx, 19, CpuidFeature.CLFSH), (1, 0, Edx, 23, CpuidFeature.MMX), (1, 0, Edx, 24, CpuidFeature.FXSR),
        (1, 0, Edx, 25, CpuidFeature.SSE), (1, 0, Edx, 26, CpuidFeature.SSE2), (1, 0, Ecx, 0, CpuidFeature.SSE3),
        (1, 0, Ecx, 1, CpuidFeature.PCLMULQDQ), (1, 0, Ecx, 9, CpuidFeature.SSSE3), (1, 0, Ecx, 12, CpuidFeature.FMA),
        (1, 0, Ecx, 13, CpuidFeature.CMPXCHG16B), (1, 0, Ecx, 19, CpuidFeature.SSE4_1), (1, 0, Ecx, 20, CpuidFeature.SSE4_2),
        (1, 0, Ecx, 22, CpuidFeature.MOVBE), (1, 0, Ecx, 23, CpuidFeature.POPCNT), (1, 0, Ecx, 25, CpuidFeature.AES),
        (1, 0, Ecx, 28, CpuidFeature.AVX), (1, 0, Ecx, 29, CpuidFeature.F16C), (1, 0, Ecx, 30, CpuidFeature.RDRAND),
        (7, 0, Ebx, 0, CpuidFeature.FSGSBASE), (7, 0, Ebx, 18, CpuidFeature.RDSEED),
        (7, 0, Ebx, 3, CpuidFeature.BMI1), (7, 0, Ebx, 5, CpuidFeature.AVX2), (7, 0, Ebx, 8, CpuidFeature.BMI2),
        (7, 0, Ebx, 19, CpuidFeature.ADX), (7, 0, Ebx, 23, CpuidFeature.CLFLUSHOPT), (7, 0, Ebx, 24, CpuidFeature.CLWB),
        (7, 0, Ebx, 29, CpuidFeature.SHA), (7, 0, Ecx, 8, CpuidFeature.GFNI), (7, 0, Ecx, 9, CpuidFeature.VAES),
        (7, 0, Ecx, 10, CpuidFeature.VPCLMULQDQ), (7, 0, Ecx, 27, CpuidFeature.MOVDIRI), (7, 0, Ecx, 28, CpuidFeature.MOVDIR64B),
        (7, 1, Eax, 0, CpuidFeature.SHA512), (7, 1, Eax, 1, CpuidFeature.SM3), (7, 1, Eax, 2, CpuidFeature.SM4),
    ];

    // Each by another encoding or name that every assembler takes, or of processors that are no more.
    private static readonly HashSet<Mnemonic> Others =
    [
        Mnemonic.Fstpnce, Mnemonic.Ffreep, Mnemonic.Fneni, Mnemonic.Fndisi, Mnemonic.Fnsetpm, Mnemonic.Frstpm, Mnemonic.Feni,
        Mnemonic.Fdisi, Mnemonic.Fsetpm, Mnemonic.Finit, Mnemonic.Fclex, Mnemonic.Fstcw, Mnemonic.Fstsw, Mnemonic.Fstenv,
        Mnemonic.Fsave, Mnemonic.Fstdw, Mnemonic.Fstsg, Mnemonic.Fnstdw, Mnemonic.Fnstsg,
    ];

    public static TheoryData<CpuidFeature> Advertised => [.. Features.Where(Has).Select(row => row.Feature)];

    [Theory]
    [MemberData(nameof(Advertised))]
    public void What_is_advertised_is_carried_out(CpuidFeature feature)
    {
        HashSet<CpuidFeature> known = [.. Features.Select(row => row.Feature)];
        HashSet<CpuidFeature> advertised = [.. Features.Where(Has).Select(row => row.Feature)];
        HashSet<Mnemonic> carriedOut = [.. InstructionTable.Mnemonics];
        Code[] missing = [.. Enum.GetValues<Code>().Where(code =>
            IsOf(code, feature)
            && code.CpuidFeatures().All(needed => !known.Contains(needed) || advertised.Contains(needed))
            && !carriedOut.Contains(code.Mnemonic())
            && SystemTable.Find(new Instruction { Code = code }) is null
            && !Others.Contains(code.Mnemonic()))];

        Assert.True(missing.Length == 0, string.Join(", ", missing));
    }

    [Fact]
    public void User_space_of_a_compiler_for_x86_64_is_advertised()
    {
        CpuidFeature[] needed = [CpuidFeature.FPU, CpuidFeature.FXSR, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.CMOV];

        Assert.All(needed, feature => Assert.Contains(feature, Features.Where(Has).Select(row => row.Feature)));
    }

    // Not of AVX-512, which has no bit here.
    private static bool IsOf(Code code, CpuidFeature feature)
    {
        OpCodeInfo info = code.ToOpCode();
        return info.IsInstruction && info.Mode64 && (info.Encoding is EncodingKind.Legacy or EncodingKind.VEX)
            && code.CpuidFeatures().Contains(feature)
            && (!NamesMmx(info) || Features.Any(row => row.Feature == CpuidFeature.MMX && Has(row)));
    }

    private static bool NamesMmx(OpCodeInfo info) => Enumerable.Range(0, info.OpCount).Any(operand =>
        info.GetOpKind(operand) is OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm or OpCodeOperandKind.mm_or_mem);

    private static bool Has((uint Leaf, uint Index, int Register, int Bit, CpuidFeature Feature) row)
    {
        CpuidEntry entry = Array.Find(SoftwareCpuid.Build(), entry => entry.Function == row.Leaf && entry.Index == row.Index);
        uint[] registers = [entry.Eax, entry.Ebx, entry.Ecx, entry.Edx];
        return (registers[row.Register] >> row.Bit & 1) != 0;
    }
}
