using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>
/// What CPUID gives a partition's processors: the engine's leaves, without disabled features, those of the hypervisor, and the client's
/// overrides.
/// </summary>
internal sealed class CpuidTable(VirtualPartition partition)
{
    private readonly List<(uint? Processor, hv_register_x64_cpuid_result_parameters Result)> overrides = [];

    /// <summary>Adds an override.</summary>
    /// <param name="processor">Index of the processor, or null for all.</param>
    /// <param name="result">Leaf, values and masks.</param>
    internal void Add(uint? processor, in hv_register_x64_cpuid_result_parameters result)
    {
        uint eax = result.input.eax;
        uint ecx = result.input.ecx;
        bool hasIndex = result.input.subleaf_specific != 0;
        lock (overrides)
        {
            _ = overrides.RemoveAll(each => each.Processor == processor && each.Result.input.eax == eax
                && (each.Result.input.subleaf_specific != 0) == hasIndex && (!hasIndex || each.Result.input.ecx == ecx));
            overrides.Add((processor, result));
        }
    }

    /// <summary>The table of one processor.</summary>
    internal CpuidEntry[] Build(uint processor, bool applyOverrides = true)
    {
        CpuidEntry[] table = partition.Engine.SupportedCpuid.ToArray();
        ProcessorFeatures.Disable(table, partition.Options);
        foreach (ref CpuidEntry entry in table.AsSpan())
        {
            // The APIC's number is the processor's index; INITIAL_APIC_ID and the topology leaves agree.
            switch (entry.Function)
            {
                case 1:
                    entry.Ebx = (entry.Ebx & 0x00ffffff) | (processor << 24);
                    break;
                case 0xb or 0x1f:
                    entry.Edx = processor;
                    break;
            }
        }

        CpuidEntry[] ofHypervisor = HypervisorLeaves.Of(partition.Properties.SyntheticFeatures, partition.Engine.TakesHypercalls);
        List<CpuidEntry> result = [.. table, .. ofHypervisor];
        lock (overrides)
        {
            foreach ((uint? only, hv_register_x64_cpuid_result_parameters parameters) in overrides)
            {
                if (applyOverrides && (only is null || only == processor))
                {
                    Apply(result, in parameters);
                }
            }
        }

        return [.. result];
    }

    /// <summary>One leaf of a processor.</summary>
    internal CpuidEntry Lookup(uint processor, uint function, uint index, bool applyOverrides)
    {
        foreach (CpuidEntry entry in Build(processor, applyOverrides))
        {
            if (entry.Function == function && (!entry.HasIndex || entry.Index == index))
            {
                return entry;
            }
        }

        return default;
    }

    private static void Apply(List<CpuidEntry> table, in hv_register_x64_cpuid_result_parameters parameters)
    {
        hv_register_x64_cpuid_result_parameters.input_t input = parameters.input;
        bool isFound = false;
        for (int at = 0; at < table.Count; at++)
        {
            CpuidEntry entry = table[at];
            if (entry.Function == input.eax && (input.subleaf_specific == 0 || !entry.HasIndex || entry.Index == input.ecx))
            {
                table[at] = Merge(entry, in parameters);
                isFound = true;
            }
        }

        if (!isFound)
        {
            bool hasIndex = input.subleaf_specific != 0;
            table.Add(Merge(new CpuidEntry(input.eax, hasIndex ? input.ecx : 0, hasIndex, 0, 0, 0, 0), in parameters));
        }
    }

    private static CpuidEntry Merge(CpuidEntry entry, in hv_register_x64_cpuid_result_parameters parameters)
    {
        hv_register_x64_cpuid_result_parameters.result_t result = parameters.result;
        return entry with
        {
            Eax = Merge(entry.Eax, result.eax, result.eax_mask),
            Ebx = Merge(entry.Ebx, result.ebx, result.ebx_mask),
            Ecx = Merge(entry.Ecx, result.ecx, result.ecx_mask),
            Edx = Merge(entry.Edx, result.edx, result.edx_mask),
        };
    }

    private static uint Merge(uint value, uint replacement, uint mask) => (value & ~mask) | (replacement & mask);
}
