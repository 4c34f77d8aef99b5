using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>What the processor under the tests has, as its CPUID says, less what the variable <c>HVBINDGEN_CPU_MASK</c> hides.</summary>
/// <remarks>
/// The mask is a list of names as <c>/proc/cpuinfo</c> has them, with commas: <c>HVBINDGEN_CPU_MASK=avx2,bmi1,bmi2,movbe</c>.
/// </remarks>
internal static class HostProcessor
{
    public const string MaskVariable = "HVBINDGEN_CPU_MASK";

    // Leaf, sub-leaf, register (EAX to EDX are 0 to 3) and bit of CPUID, and which of the decoder's names it stands for.
    private static readonly Feature[] Features =
    [
        new("cx8", 1, 0, 3, 8, CpuidFeature.CX8),
        new("cmov", 1, 0, 3, 15, CpuidFeature.CMOV),
        new("mmx", 1, 0, 3, 23, CpuidFeature.MMX),
        new("fxsr", 1, 0, 3, 24, CpuidFeature.FXSR),
        new("sse", 1, 0, 3, 25, CpuidFeature.SSE),
        new("sse2", 1, 0, 3, 26, CpuidFeature.SSE2),
        new("sse3", 1, 0, 2, 0, CpuidFeature.SSE3),
        new("cx16", 1, 0, 2, 13, CpuidFeature.CMPXCHG16B),
        new("sse4_1", 1, 0, 2, 19, CpuidFeature.SSE4_1),
        new("ssse3", 1, 0, 2, 9, CpuidFeature.SSSE3),
        new("sse4_2", 1, 0, 2, 20, CpuidFeature.SSE4_2),
        new("movbe", 1, 0, 2, 22, CpuidFeature.MOVBE),
        new("popcnt", 1, 0, 2, 23, CpuidFeature.POPCNT),
        new("avx", 1, 0, 2, 28, CpuidFeature.AVX),
        new("fma", 1, 0, 2, 12, CpuidFeature.FMA),
        new("f16c", 1, 0, 2, 29, CpuidFeature.F16C),
        new("fsgsbase", 7, 0, 1, 0, CpuidFeature.FSGSBASE),
        new("bmi1", 7, 0, 1, 3, CpuidFeature.BMI1),
        new("avx2", 7, 0, 1, 5, CpuidFeature.AVX2),
        new("bmi2", 7, 0, 1, 8, CpuidFeature.BMI2),
        new("adx", 7, 0, 1, 19, CpuidFeature.ADX),
        new("clflush", 1, 0, 3, 19, CpuidFeature.CLFSH),
        new("clflushopt", 7, 0, 1, 23, CpuidFeature.CLFLUSHOPT),
        new("clwb", 7, 0, 1, 24, CpuidFeature.CLWB),
        new("cldemote", 7, 0, 2, 25, CpuidFeature.CLDEMOTE),
        new("movdiri", 7, 0, 2, 27, CpuidFeature.MOVDIRI),
        new("movdir64b", 7, 0, 2, 28, CpuidFeature.MOVDIR64B),
        new("avx512f", 7, 0, 1, 16, CpuidFeature.AVX512F),
        new("avx512dq", 7, 0, 1, 17, CpuidFeature.AVX512DQ),
        new("avx512bw", 7, 0, 1, 30, CpuidFeature.AVX512BW),
        new("avx512vl", 7, 0, 1, 31, CpuidFeature.AVX512VL),
        new("pclmulqdq", 1, 0, 2, 1, CpuidFeature.PCLMULQDQ),
        new("aes", 1, 0, 2, 25, CpuidFeature.AES),
        new("sha_ni", 7, 0, 1, 29, CpuidFeature.SHA),
        new("gfni", 7, 0, 2, 8, CpuidFeature.GFNI),
        new("vaes", 7, 0, 2, 9, CpuidFeature.VAES),
        new("vpclmulqdq", 7, 0, 2, 10, CpuidFeature.VPCLMULQDQ),
        new("lahf_lm", 0x8000_0001, 0, 2, 0),
        new("abm", 0x8000_0001, 0, 2, 5, CpuidFeature.LZCNT),
        new("3dnowprefetch", 0x8000_0001, 0, 2, 8, CpuidFeature.PREFETCHW),
        new("wbnoinvd", 0x8000_0008, 0, 1, 9, CpuidFeature.WBNOINVD),
        new("lm", 0x8000_0001, 0, 3, 29, CpuidFeature.X64),
    ];

    // Every processor that runs x86-64 code has these, or takes their encodings for no-operations.
    private static readonly HashSet<CpuidFeature> Always =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL8086_ONLY, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386,
        CpuidFeature.INTEL486, CpuidFeature.FPU, CpuidFeature.FPU287, CpuidFeature.FPU387, CpuidFeature.PAUSE, CpuidFeature.MULTIBYTENOP,
        CpuidFeature.CET_IBT, CpuidFeature.PREFETCHWT1, CpuidFeature.PREFETCHITI,

        // Of that RDSSP alone is asked about, which does nothing in a program without a shadow stack.
        CpuidFeature.CET_SS,
    ];

    // Encodings that no processor with 64 bits has.
    private static readonly HashSet<CpuidFeature> Never =
    [
        CpuidFeature.INTEL386_A0_ONLY, CpuidFeature.INTEL386_ONLY, CpuidFeature.INTEL486_A_ONLY, CpuidFeature.IA64, CpuidFeature.KNC,
    ];

    private static readonly HashSet<string> Hidden = ReadMask(Environment.GetEnvironmentVariable(MaskVariable));

    /// <summary>Whether AMD (or Hygon, by its licence) made it.</summary>
    public static bool IsAmd { get; } = Vendor() is "AuthenticAMD" or "HygonGenuine";

    /// <summary>Whether the hardware has the registers of AVX-512, hidden or not.</summary>
    public static bool HasAvx512State { get; } =
        X86Base.IsSupported && IsPresentInHardware(Array.Find(Features, feature => feature.Name == "avx512f")!);

    /// <summary>Features that the oracle's own program cannot do without, and the hardware lacks.</summary>
    public static IEnumerable<string> MissingForOracle =>
        Features.Where(feature => feature.Name is ("avx" or "fsgsbase") && !IsPresentInHardware(feature)).Select(feature => feature.Name);

    /// <summary>Names of the features that it lacks, or that are hidden.</summary>
    public static IEnumerable<string> Missing => Features.Where(feature => !IsPresent(feature)).Select(feature => feature.Name);

    /// <summary>Whether the processor has an instruction.</summary>
    /// <exception cref="NotSupportedException">The list above says nothing about a feature that the instruction needs.</exception>
    public static bool Has(Code code)
    {
        foreach (CpuidFeature needed in code.CpuidFeatures())
        {
            Feature? feature = Array.Find(Features, candidate => candidate.Names.Contains(needed));

            if (feature is null && !Always.Contains(needed) && !Never.Contains(needed))
            {
                throw new NotSupportedException(
                    $"{code} needs {needed}, and {nameof(HostProcessor)} does not say which bit of CPUID that is");
            }

            if (Never.Contains(needed) || (feature is not null && !IsPresent(feature)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a mask.</summary>
    /// <exception cref="ArgumentException">It hides what is not in the list.</exception>
    public static HashSet<string> ReadMask(string? mask)
    {
        HashSet<string> names = [.. (mask ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        string? unknown = names.FirstOrDefault(name => !Features.Any(feature => feature.Name == name));
        return unknown is null
            ? names
            : throw new ArgumentException(
                $"{MaskVariable} hides \"{unknown}\"; known are {string.Join(", ", Features.Select(feature => feature.Name))}",
                nameof(mask));
    }

    private static bool IsPresent(Feature feature) => !Hidden.Contains(feature.Name) && IsPresentInHardware(feature);

    private static bool IsPresentInHardware(Feature feature)
    {
        (int highest, _, _, _) = X86Base.CpuId(unchecked((int)(feature.Leaf & 0x8000_0000)), 0);

        if ((uint)highest < feature.Leaf)
        {
            return false;
        }

        (int eax, int ebx, int ecx, int edx) = X86Base.CpuId(unchecked((int)feature.Leaf), feature.SubLeaf);
        ReadOnlySpan<int> registers = [eax, ebx, ecx, edx];
        return (registers[feature.Register] >> feature.Bit & 1) != 0;
    }

    private static string Vendor()
    {
        if (!X86Base.IsSupported)
        {
            return "";
        }

        (_, int ebx, int ecx, int edx) = X86Base.CpuId(0, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes((ReadOnlySpan<int>)[ebx, edx, ecx]));
    }

    private sealed record Feature(string Name, uint Leaf, int SubLeaf, int Register, int Bit, params CpuidFeature[] Names);
}
