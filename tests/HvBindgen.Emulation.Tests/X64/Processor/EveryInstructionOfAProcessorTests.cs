using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Instructions;
using HvBindgen.Emulation.X64.Processor;
using Iced.Intel;
using Xunit;

namespace HvBindgen.Emulation.Tests.X64.Processor;

public sealed class EveryInstructionOfAProcessorTests
{
    // What CPUID shows of a processor in software, and what all processors of today have.
    private static readonly HashSet<CpuidFeature> Shown =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.X64, CpuidFeature.MULTIBYTENOP, CpuidFeature.PAUSE, CpuidFeature.CPUID, CpuidFeature.CMOV, CpuidFeature.FPU,
        CpuidFeature.FPU287, CpuidFeature.FPU387, CpuidFeature.MMX, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.SSE3,
        CpuidFeature.SSSE3, CpuidFeature.SSE4_1, CpuidFeature.SSE4_2, CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.FMA,
        CpuidFeature.F16C, CpuidFeature.BMI1, CpuidFeature.BMI2, CpuidFeature.ADX, CpuidFeature.AES, CpuidFeature.VAES,
        CpuidFeature.PCLMULQDQ, CpuidFeature.VPCLMULQDQ, CpuidFeature.GFNI, CpuidFeature.SHA, CpuidFeature.POPCNT, CpuidFeature.LZCNT,
        CpuidFeature.MOVBE, CpuidFeature.RDRAND, CpuidFeature.RDSEED, CpuidFeature.FSGSBASE, CpuidFeature.INVPCID, CpuidFeature.XSAVE,
        CpuidFeature.XSAVEOPT, CpuidFeature.XSAVEC, CpuidFeature.XSAVES, CpuidFeature.CLFSH, CpuidFeature.CLFLUSHOPT, CpuidFeature.CLWB,
        CpuidFeature.FXSR, CpuidFeature.CX8, CpuidFeature.CMPXCHG16B, CpuidFeature.MONITOR, CpuidFeature.MSR, CpuidFeature.TSC,
        CpuidFeature.RDTSCP, CpuidFeature.RDPID, CpuidFeature.RDPMC, CpuidFeature.SEP, CpuidFeature.SYSCALL, CpuidFeature.SMAP,
        CpuidFeature.PREFETCHW, CpuidFeature.MOVDIRI, CpuidFeature.MOVDIR64B,
    ];

    // None without system management, and those whose operation it is to have none.
    private static readonly HashSet<Mnemonic> Undefined = [Mnemonic.Rsm, Mnemonic.Ud0, Mnemonic.Ud1];

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void What_CPUID_shows_is_carried_out(int bits)
    {
        List<string> missing = [];

        foreach (((Code code, bool _), byte[] bytes) in EveryEncoding.In(bits))
        {
            Decoder decoder = Decoder.Create(bits, bytes);
            Instruction instruction = decoder.Decode();
            bool isThere = SystemTable.Find(in instruction) is not null || InstructionTable.Find(instruction.Mnemonic) is not null;

            if (!isThere && code.CpuidFeatures().All(Shown.Contains) && !Undefined.Contains(instruction.Mnemonic))
            {
                missing.Add($"{code} {Convert.ToHexString(bytes)} {string.Join(' ', code.CpuidFeatures())}");
            }
        }

        Assert.True(missing.Count == 0, string.Join('\n', missing.Order()));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void No_instruction_ends_a_processor_but_those_that_are_named(int bits)
    {
        List<Code> ended = [];
        using ProcessorRig rig = new(bits);
        X64State initial = rig.State;
        SystemRegisters system = rig.Processor.System;
        (X64DescriptorTable global, X64DescriptorTable interrupts) = (system.Gdtr, system.Idtr);

        foreach (((Code code, bool _), byte[] bytes) in EveryEncoding.In(bits))
        {
            rig.State = initial;
            (system.Gdtr, system.Idtr) = (global, interrupts);
            rig.Processor.OnStateChanged();
            bytes.CopyTo(rig.Memory.Bytes[(int)ProcessorRig.Code..]);

            if (rig.Processor.Run(1) == ProcessorStop.Unsupported)
            {
                ended.Add(code);
            }
        }

        Assert.Empty(ended.Except([Code.Fstpnce_sti]));
    }
}
