using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>The hypervisor's feature banks and the CPUID bits that they stand for.</summary>
internal static class ProcessorFeatures
{
    private const int Ebx = 1;
    private const int Ecx = 2;
    private const int Edx = 3;

    /// <summary>A feature: its bank as a record with one bit set, and its CPUID bit.</summary>
    private readonly record struct Feature(hv_partition_processor_features Bits, uint Function, uint Index, int Register, int CpuidBit);

    private static readonly Feature[] Known =
    [
        new(new() { sse3_support = 1 }, 1, 0, Ecx, 0),
        new(new() { pclmulqdq_support = 1 }, 1, 0, Ecx, 1),
        new(new() { ssse3_support = 1 }, 1, 0, Ecx, 9),
        new(new() { cmpxchg16b_support = 1 }, 1, 0, Ecx, 13),
        new(new() { pcid_support = 1 }, 1, 0, Ecx, 17),
        new(new() { sse4_1_support = 1 }, 1, 0, Ecx, 19),
        new(new() { sse4_2_support = 1 }, 1, 0, Ecx, 20),
        new(new() { movbe_support = 1 }, 1, 0, Ecx, 22),
        new(new() { pop_cnt_support = 1 }, 1, 0, Ecx, 23),
        new(new() { tsc_deadline_tmr_support = 1 }, 1, 0, Ecx, 24),
        new(new() { aes_support = 1 }, 1, 0, Ecx, 25),
        new(new() { f16c_support = 1 }, 1, 0, Ecx, 29),
        new(new() { rd_rand_support = 1 }, 1, 0, Ecx, 30),
        new(new() { rd_wr_fs_gs_support = 1 }, 7, 0, Ebx, 0),
        new(new() { tsc_adjust_support = 1 }, 7, 0, Ebx, 1),
        new(new() { bmi1_support = 1 }, 7, 0, Ebx, 3),
        new(new() { hle_support = 1 }, 7, 0, Ebx, 4),
        new(new() { smep_support = 1 }, 7, 0, Ebx, 7),
        new(new() { bmi2_support = 1 }, 7, 0, Ebx, 8),
        new(new() { enhanced_fast_string_support = 1 }, 7, 0, Ebx, 9),
        new(new() { invpcid_support = 1 }, 7, 0, Ebx, 10),
        new(new() { rtm_support = 1 }, 7, 0, Ebx, 11),
        new(new() { rd_seed_support = 1 }, 7, 0, Ebx, 18),
        new(new() { adx_support = 1 }, 7, 0, Ebx, 19),
        new(new() { smap_support = 1 }, 7, 0, Ebx, 20),
        new(new() { clflushopt_support = 1 }, 7, 0, Ebx, 23),
        new(new() { clwb_support = 1 }, 7, 0, Ebx, 24),
        new(new() { sha_support = 1 }, 7, 0, Ebx, 29),
        new(new() { umip_support = 1 }, 7, 0, Ecx, 2),
        new(new() { la57_support = 1 }, 7, 0, Ecx, 16),
        new(new() { rd_pid_support = 1 }, 7, 0, Ecx, 22),
        new(new() { cldemote_support = 1 }, 7, 0, Ecx, 25),
        new(new() { movdiri_support = 1 }, 7, 0, Ecx, 27),
        new(new() { movdir64b_support = 1 }, 7, 0, Ecx, 28),
        new(new() { fast_short_rep_mov_support = 1 }, 7, 0, Edx, 4),
        new(new() { mb_clear_support = 1 }, 7, 0, Edx, 10),
        new(new() { serialize_support = 1 }, 7, 0, Edx, 14),
        new(new() { ibrs_support = 1 }, 7, 0, Edx, 26),
        new(new() { stibp_support = 1 }, 7, 0, Edx, 27),
        new(new() { lahf_sahf_support = 1 }, 0x80000001, 0, Ecx, 0),
        new(new() { lzcnt_support = 1 }, 0x80000001, 0, Ecx, 5),
        new(new() { intel_prefetch_support = 1 }, 0x80000001, 0, Ecx, 8),
        new(new() { page_1gb_support = 1 }, 0x80000001, 0, Edx, 26),
        new(new() { rdtscp_support = 1 }, 0x80000001, 0, Edx, 27),
        new(new() { tsc_invariant_support = 1 }, 0x80000007, 0, Edx, 8),
    ];

    /// <summary>A bank of the features that the host has.</summary>
    internal static ulong OfHost(ReadOnlySpan<CpuidEntry> cpuid, int bank)
    {
        ulong bits = 0;
        foreach (Feature feature in Known)
        {
            if ((RegisterOf(Find(cpuid, feature.Function, feature.Index), feature.Register) >> feature.CpuidBit & 1) != 0)
            {
                bits |= feature.Bits.as_uint64[bank];
            }
        }

        return bits;
    }

    /// <summary>The extended-state features that the host has.</summary>
    internal static ulong XsaveOfHost(ReadOnlySpan<CpuidEntry> cpuid) => new hv_partition_processor_xsave_features
    {
        xsave_support = (Find(cpuid, 1, 0).Ecx >> 26) & 1,
        xsaveopt_support = Find(cpuid, 0xd, 1).Eax & 1,
        avx_support = (Find(cpuid, 1, 0).Ecx >> 28) & 1,
    }.as_uint64;

    /// <summary>The components of extended state that a guest can have, one bit each as in XCR0.</summary>
    internal static ulong XsaveComponents(ReadOnlySpan<CpuidEntry> cpuid)
    {
        CpuidEntry leaf = Find(cpuid, 0xd, 0);
        return leaf.Eax | ((ulong)leaf.Edx << 32);
    }

    internal static ulong PhysicalAddressBits(ReadOnlySpan<CpuidEntry> cpuid) => Find(cpuid, 0x80000008, 0).Eax & 0xff;

    internal static ulong CacheLineFlushSize(ReadOnlySpan<CpuidEntry> cpuid) => (Find(cpuid, 1, 0).Ebx >> 8) & 0xff;

    /// <summary>Takes the disabled features out of a CPUID table.</summary>
    internal static void Disable(Span<CpuidEntry> cpuid, PartitionOptions options)
    {
        foreach (Feature feature in Known)
        {
            if ((feature.Bits.as_uint64[0] & options.DisabledFeatures0) != 0
                || (feature.Bits.as_uint64[1] & options.DisabledFeatures1) != 0)
            {
                Clear(cpuid, feature.Function, feature.Index, feature.Register, feature.CpuidBit);
            }
        }

        hv_partition_processor_xsave_features xsave = new() { as_uint64 = options.DisabledXsaveFeatures };
        if (xsave.xsave_support != 0)
        {
            Clear(cpuid, 1, 0, Ecx, 26);
        }

        if (xsave.avx_support != 0 || xsave.xsave_support != 0)
        {
            Clear(cpuid, 1, 0, Ecx, 28);
        }
    }

    private static CpuidEntry Find(ReadOnlySpan<CpuidEntry> cpuid, uint function, uint index)
    {
        foreach (CpuidEntry entry in cpuid)
        {
            if (entry.Function == function && (!entry.HasIndex || entry.Index == index))
            {
                return entry;
            }
        }

        return default;
    }

    private static uint RegisterOf(in CpuidEntry entry, int register) => register switch
    {
        Ebx => entry.Ebx,
        Ecx => entry.Ecx,
        _ => entry.Edx,
    };

    private static void Clear(Span<CpuidEntry> cpuid, uint function, uint index, int register, int bit)
    {
        uint mask = ~(1u << bit);
        foreach (ref CpuidEntry entry in cpuid)
        {
            if (entry.Function == function && (!entry.HasIndex || entry.Index == index))
            {
                entry.Ebx &= register == Ebx ? mask : uint.MaxValue;
                entry.Ecx &= register == Ecx ? mask : uint.MaxValue;
                entry.Edx &= register == Edx ? mask : uint.MaxValue;
            }
        }
    }
}
