using System.Buffers.Binary;
using System.Text;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>What CPUID gives of a processor in software: exactly what it carries out (SDM volume 2, CPUID).</summary>
internal static class SoftwareCpuid
{
    /// <summary>Width of physical addresses.</summary>
    internal const int PhysicalAddressBits = 46;

    private const int LinearAddressBits = 48;

    internal static CpuidEntry[] Build()
    {
        List<CpuidEntry> leaves =
        [
            Vendor(0, 0xD, "GenuineIntel"),
            Leaf(1, eax: 0x0006_0F01, ebx: 0x0001_0800, ecx: BasicEcx, edx: BasicEdx),

            // Lines of 64 bytes; MWAIT has extensions, of which one lets masked interrupts end it, and no deeper states.
            Leaf(5, eax: 64, ebx: 64, ecx: 3),
            Subleaf(7, 0, ebx: ExtendedEbx, ecx: ExtendedEcx),

            // One thread a core, 256 cores a package.
            Subleaf(0xB, 0, eax: 0, ebx: 1, ecx: 1 << 8),
            Subleaf(0xB, 1, eax: 8, ebx: 256, ecx: (2 << 8) | 1),

            // x87, SSE and the upper halves of vectors; XSAVEOPT, XSAVEC, XGETBV with what is in use, XSAVES.
            Subleaf(0xD, 0, eax: 7, ebx: SoftwareStoredState.AreaBytes, ecx: SoftwareStoredState.AreaBytes),
            Subleaf(0xD, 1, eax: 0xF, ebx: SoftwareStoredState.AreaBytes),
            Subleaf(0xD, 2, eax: SoftwareStoredState.UpperHalvesBytes, ebx: SoftwareStoredState.UpperHalvesOffset),
            Leaf(0x8000_0000, eax: 0x8000_0008),
            Leaf(0x8000_0001, ecx: Bit(0) | Bit(5) | Bit(8), edx: Bit(11) | Bit(20) | Bit(26) | Bit(27) | Bit(29)),
        ];
        leaves.AddRange(Brand("HvBindgen software processor"));
        leaves.Add(Leaf(0x8000_0007, edx: Bit(8)));
        leaves.Add(Leaf(0x8000_0008, eax: PhysicalAddressBits | (LinearAddressBits << 8)));
        return [.. leaves];
    }

    // SSE3, PCLMULQDQ, MONITOR, SSSE3, FMA, CMPXCHG16B, PCID, SSE4.1, SSE4.2, x2APIC, MOVBE, POPCNT, the APIC timer's deadline, AES, XSAVE,
    // AVX, F16C, RDRAND, and that there is a hypervisor.
    private static uint BasicEcx => Bit(0) | Bit(1) | Bit(3) | Bit(9) | Bit(12) | Bit(13) | Bit(17) | Bit(19) | Bit(20) | Bit(21) | Bit(22)
        | Bit(23) | Bit(24) | Bit(25) | Bit(26) | Bit(28) | Bit(29) | Bit(30) | Bit(31);

    // FPU, DE, PSE, TSC, MSR, PAE, CX8, APIC, SEP, MTRR, PGE, CMOV, PAT, PSE36, CLFSH, MMX, FXSR, SSE, SSE2.
    private static uint BasicEdx => Bit(0) | Bit(2) | Bit(3) | Bit(4) | Bit(5) | Bit(6) | Bit(8) | Bit(9) | Bit(11) | Bit(12) | Bit(13)
        | Bit(15) | Bit(16) | Bit(17) | Bit(19) | Bit(23) | Bit(24) | Bit(25) | Bit(26);

    // FSGSBASE, BMI1, AVX2, SMEP, BMI2, ERMS, INVPCID, RDSEED, ADX, SMAP, CLFLUSHOPT, CLWB, SHA.
    private static uint ExtendedEbx => Bit(0) | Bit(3) | Bit(5) | Bit(7) | Bit(8) | Bit(9) | Bit(10) | Bit(18) | Bit(19) | Bit(20) | Bit(23)
        | Bit(24) | Bit(29);

    // UMIP, GFNI, VAES, VPCLMULQDQ, RDPID, MOVDIRI, MOVDIR64B.
    private static uint ExtendedEcx => Bit(2) | Bit(8) | Bit(9) | Bit(10) | Bit(22) | Bit(27) | Bit(28);

    private static uint Bit(int number) => 1u << number;

    private static CpuidEntry Leaf(uint function, uint eax = 0, uint ebx = 0, uint ecx = 0, uint edx = 0) =>
        new(function, 0, HasIndex: false, eax, ebx, ecx, edx);

    private static CpuidEntry Subleaf(uint function, uint index, uint eax = 0, uint ebx = 0, uint ecx = 0, uint edx = 0) =>
        new(function, index, HasIndex: true, eax, ebx, ecx, edx);

    private static CpuidEntry Vendor(uint function, uint most, string name)
    {
        ReadOnlySpan<byte> text = Encoding.ASCII.GetBytes(name);
        return Leaf(
            function,
            eax: most,
            ebx: BinaryPrimitives.ReadUInt32LittleEndian(text),
            edx: BinaryPrimitives.ReadUInt32LittleEndian(text[4..]),
            ecx: BinaryPrimitives.ReadUInt32LittleEndian(text[8..]));
    }

    private static IEnumerable<CpuidEntry> Brand(string name)
    {
        const int LeafBytes = 16;
        byte[] text = new byte[3 * LeafBytes];
        _ = Encoding.ASCII.GetBytes(name, text);

        for (uint part = 0; part < 3; part++)
        {
            ReadOnlySpan<byte> of = text.AsSpan((int)part * LeafBytes, LeafBytes);
            yield return Leaf(
                0x8000_0002 + part,
                eax: BinaryPrimitives.ReadUInt32LittleEndian(of),
                ebx: BinaryPrimitives.ReadUInt32LittleEndian(of[4..]),
                ecx: BinaryPrimitives.ReadUInt32LittleEndian(of[8..]),
                edx: BinaryPrimitives.ReadUInt32LittleEndian(of[12..]));
        }
    }
}
