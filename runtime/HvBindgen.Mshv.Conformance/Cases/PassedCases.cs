using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>Calls that the driver passes on, one by one: intercepts, translations, page states, CPUID, extended properties.</summary>
internal static unsafe class PassedCases
{
    internal static IEnumerable<ConformanceCase> All() => [.. Intercepts(), .. Memory(), .. Values()];

    private static CaseList Intercepts()
    {
        CaseList cases = [];
        (string, uint, uint)[] installed =
        [
            ("a type that there is not", 0x1000, Hv.HV_INTERCEPT_ACCESS_MASK_READ),
            ("an access that there is not", (uint)hv_intercept_type.HV_INTERCEPT_TYPE_X64_IO_PORT, 8),
            ("a port", (uint)hv_intercept_type.HV_INTERCEPT_TYPE_X64_IO_PORT, Hv.HV_INTERCEPT_ACCESS_MASK_READ),
        ];
        foreach ((string name, uint type, uint access) in installed)
        {
            cases.Add($"intercept: {name}", probe =>
            {
                _ = probe.Processor;
                hv_input_install_intercept input = new() { access_type = access, intercept_type = type };
                probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_INSTALL_INTERCEPT, Bytes(in input), []);
            });
        }

        (string, uint)[] processors = [("of one processor", 0), ("of all processors", Hv.HV_ANY_VP), ("of one that is not there", 9)];
        foreach ((string name, uint index) in processors)
        {
            cases.Add($"CPUID's result: {name}", probe =>
            {
                _ = probe.Processor;
                hv_input_register_intercept_result input = new()
                {
                    vp_index = index,
                    intercept_type = (uint)hv_intercept_type.HV_INTERCEPT_TYPE_X64_CPUID,
                };
                input.parameters.cpuid.input.eax = 0x40000100;
                probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_REGISTER_INTERCEPT_RESULT, Bytes(in input), []);
            });
        }

        return cases;
    }

    private static CaseList Memory()
    {
        CaseList cases = [];
        (string, ulong)[] pages = [("that the guest has used", 0), ("where nothing is mapped", 0x5000000)];
        foreach ((string name, ulong gva) in pages)
        {
            cases.Add($"translation: a page {name}", probe =>
            {
                int processor = GuestCode.Load(probe, GuestCode.Leave);
                probe.Runs.Try(processor);
                hv_input_translate_virtual_address input = new()
                {
                    gva_page = (gva + GuestCode.CodeGpa) / Probe.PageBytes,
                    control_flags = Hv.HV_TRANSLATE_GVA_VALIDATE_READ,
                };
                Span<byte> output = new byte[sizeof(hv_output_translate_virtual_address)];
                probe.Hypercalls.Try(processor, Hv.HVCALL_TRANSLATE_VIRTUAL_ADDRESS, Bytes(in input), output);
                hv_output_translate_virtual_address result = MemoryMarshal.Read<hv_output_translate_virtual_address>(output);
                probe.Note("code", result.translation_result.result_code);
                probe.Note("page", result.gpa_page);
            });
        }

        cases.Add("translation: of a processor that is not there", probe =>
        {
            _ = probe.Processor;
            hv_input_translate_virtual_address input = new() { vp_index = 9 };
            probe.Hypercalls.Try(
                probe.Partition,
                Hv.HVCALL_TRANSLATE_VIRTUAL_ADDRESS,
                Bytes(in input),
                new byte[sizeof(hv_output_translate_virtual_address)]);
        });
        foreach (bool isTracked in (bool[])[false, true])
        {
            cases.Add($"page states: {(isTracked ? "written pages and pages that are not there" : "nothing is tracked")}", probe =>
            {
                int processor = GuestCode.Load(probe, [.. GuestCode.Write(0x6000), .. GuestCode.Leave]);
                probe.Runs.Try(processor);
                if (isTracked)
                {
                    HypercallCases.SetProperty(
                        probe, probe.Partition, hv_partition_property_code.HV_PARTITION_PROPERTY_GPA_PAGE_ACCESS_TRACKING, 1);
                }

                hv_input_get_gpa_pages_access_state input = new() { hv_gpa_page_number = 0x3e };
                byte[] states = new byte[4];
                probe.Hypercalls.Try(probe.Partition, Hv.HVCALL_GET_GPA_PAGES_ACCESS_STATES, Bytes(in input), states, 4);
                probe.Note("states", MemoryMarshal.Read<uint>(states));
            });
        }

        cases.Add("page states: without repetitions", probe => probe.Hypercalls.Try(
            probe.Partition, Hv.HVCALL_GET_GPA_PAGES_ACCESS_STATES, new byte[sizeof(hv_input_get_gpa_pages_access_state)], new byte[4]));
        return cases;
    }

    private static CaseList Values()
    {
        CaseList cases = [];
        foreach (uint processor in (uint[])[0, 9])
        {
            cases.Add($"CPUID's values: of processor {processor}", probe =>
            {
                _ = probe.Processor;
                Span<byte> input = new byte[hv_input_get_vp_cpuid_values.AllocationSize(2)];
                MemoryMarshal.Write(input, new hv_input_get_vp_cpuid_values { vp_index = processor });
                hv_input_get_vp_cpuid_values.cpuid_leaf_info(input)[1].eax = 1;
                probe.Hypercalls.Try(
                    probe.Partition, Hv.HVCALL_GET_VP_CPUID_VALUES, input, new byte[2 * sizeof(hv_output_get_vp_cpuid_values)], 2);
            });
        }

        (string, hv_partition_property_code)[] codes =
        [
            ("what the monitor may do", hv_partition_property_code.HV_PARTITION_PROPERTY_VMM_CAPABILITIES),
            ("unknown", (hv_partition_property_code)0x12345678),
        ];
        foreach ((string name, hv_partition_property_code code) in codes)
        {
            foreach (bool isOfDevice in (bool[])[true, false])
            {
                cases.Add($"extended property of the {(isOfDevice ? "device" : "partition")}: {name}", probe =>
                {
                    hv_input_get_partition_property_ex input = new() { property_code = (uint)code };
                    probe.Hypercalls.Try(
                        isOfDevice ? probe.Device : probe.Partition,
                        Hv.HVCALL_GET_PARTITION_PROPERTY_EX,
                        Bytes(in input),
                        new byte[sizeof(hv_output_get_partition_property_ex)]);
                });
            }
        }

        return cases;
    }

    private static ReadOnlySpan<byte> Bytes<T>(in T input)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in input));
}
