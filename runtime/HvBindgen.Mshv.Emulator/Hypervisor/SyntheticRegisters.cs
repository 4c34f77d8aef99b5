using System.Diagnostics;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Registers of the hypervisor's own: by name for the client, as synthetic MSRs for the guest.</summary>
internal static class SyntheticRegisters
{
    // Hypervisor Top-Level Functional Specification, appendix F: synthetic MSRs.
    private const uint FirstSintMsr = 0x40000090;
    private const uint FirstTimerMsr = 0x400000b0;
    private const uint FirstCrashMsr = 0x40000100;
    private const int TaskPriorityShift = 4;
    private const ulong SintReset = 0x10000; // masked
    private const ulong ApicFrequency = 1_000_000_000; // KVM's APIC timer counts nanoseconds

    private static readonly Dictionary<uint, hv_register_name> Msrs = new()
    {
        [0x40000000] = hv_register_name.HV_REGISTER_GUEST_OS_ID,
        [0x40000001] = hv_register_name.HV_X64_REGISTER_HYPERCALL,
        [0x40000002] = hv_register_name.HV_REGISTER_VP_INDEX,
        [0x40000010] = hv_register_name.HV_REGISTER_VP_RUNTIME,
        [0x40000020] = hv_register_name.HV_REGISTER_TIME_REF_COUNT,
        [0x40000021] = hv_register_name.HV_REGISTER_REFERENCE_TSC,
        [0x40000022] = hv_register_name.HV_REGISTER_PROCESSOR_CLOCK_FREQUENCY,
        [0x40000023] = hv_register_name.HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY,
        [0x40000072] = hv_register_name.HV_X64_REGISTER_SYNTHETIC_TPR,
        [0x40000073] = hv_register_name.HV_REGISTER_VP_ASSIST_PAGE,
        [0x40000080] = hv_register_name.HV_REGISTER_SCONTROL,
        [0x40000081] = hv_register_name.HV_REGISTER_SVERSION,
        [0x40000082] = hv_register_name.HV_REGISTER_SIEFP,
        [0x40000083] = hv_register_name.HV_REGISTER_SIMP,
        [0x40000084] = hv_register_name.HV_REGISTER_EOM,
        [0x40000105] = hv_register_name.HV_REGISTER_GUEST_CRASH_CTL,
    };

    internal static int? Get(VirtualCpu processor, uint name, ref hv_register_value value)
    {
        hv_register_name register = (hv_register_name)name;
        switch (register)
        {
            case hv_register_name.HV_REGISTER_VP_INDEX:
            case hv_register_name.HV_X64_REGISTER_INITIAL_APIC_ID:
            case hv_register_name.HV_X64_REGISTER_APIC_ID:
                value.reg64 = processor.Index;
                break;
            case hv_register_name.HV_REGISTER_TIME_REF_COUNT:
                value.reg64 = processor.Partition.Properties.ReferenceTime;
                break;
            case hv_register_name.HV_REGISTER_VP_RUNTIME:
                value.reg64 = (ulong)Stopwatch.GetElapsedTime(0, processor.RunTimestamps).Ticks;
                break;
            case hv_register_name.HV_REGISTER_SVERSION:
                value.reg64 = Hv.HV_SYNIC_VERSION_1;
                break;
            case hv_register_name.HV_X64_REGISTER_SYNTHETIC_TPR:
                value.reg64 = processor.State.Cr8 << TaskPriorityShift;
                break;
            case hv_register_name.HV_REGISTER_PROCESSOR_CLOCK_FREQUENCY:
                value.reg64 = HostProperties.ClockFrequency;
                break;
            case hv_register_name.HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY:
                value.reg64 = ApicFrequency;
                break;
            case >= hv_register_name.HV_REGISTER_SINT0 and <= hv_register_name.HV_REGISTER_SINT15:
                value.reg64 = processor.Synthetic[register] is var sint and not 0 ? sint : SintReset;
                break;
            default:
                if (StoreOf(processor, register) is not { } store)
                {
                    return null;
                }

                value.reg64 = store[register];
                break;
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    internal static int? Set(VirtualCpu processor, uint name, in hv_register_value value)
    {
        hv_register_name register = (hv_register_name)name;
        switch (register)
        {
            case hv_register_name.HV_X64_REGISTER_INITIAL_APIC_ID:
            case hv_register_name.HV_X64_REGISTER_APIC_ID:
                // KVM's APIC number is the index that the processor was created with.
                return value.reg64 == processor.Index ? Hv.HV_STATUS_SUCCESS : Refuse(processor);
            case hv_register_name.HV_REGISTER_VP_INDEX:
            case hv_register_name.HV_REGISTER_TIME_REF_COUNT:
            case hv_register_name.HV_REGISTER_VP_RUNTIME:
            case hv_register_name.HV_REGISTER_SVERSION:
            case hv_register_name.HV_REGISTER_PROCESSOR_CLOCK_FREQUENCY:
            case hv_register_name.HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY:
                return Hv.HV_STATUS_ACCESS_DENIED;
            case hv_register_name.HV_X64_REGISTER_SYNTHETIC_TPR:
                processor.State.Cr8 = (value.reg64 >> TaskPriorityShift) & 0xf;
                processor.State.SystemChanged = true;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_EOM:
                return Hv.HV_STATUS_SUCCESS; // slots are looked at before every run
            case hv_register_name.HV_REGISTER_STIMER0_CONFIG or hv_register_name.HV_REGISTER_STIMER1_CONFIG
                or hv_register_name.HV_REGISTER_STIMER2_CONFIG or hv_register_name.HV_REGISTER_STIMER3_CONFIG when (value.reg64 & 1) != 0:
                processor.Partition.Host.Refusals.Report("synthetic timers keep their values but never expire");
                break;
            case hv_register_name.HV_X64_REGISTER_HYPERCALL when (value.reg64 & 1) != 0:
                processor.Partition.Host.Refusals.Report("the guest's hypercall page stays empty: its hypercalls do not reach the client");
                break;
        }

        if (StoreOf(processor, register) is not { } store)
        {
            return null;
        }

        store[register] = value.reg64;
        return Hv.HV_STATUS_SUCCESS;
    }

    /// <summary>Which register a synthetic MSR is.</summary>
    internal static hv_register_name? OfMsr(uint index) =>
        Msrs.TryGetValue(index, out hv_register_name name) ? name
        : index is >= FirstSintMsr and < FirstSintMsr + Hv.HV_SYNIC_SINT_COUNT ? hv_register_name.HV_REGISTER_SINT0 + (index - FirstSintMsr)
        : index is >= FirstTimerMsr and < FirstTimerMsr + 8 ? hv_register_name.HV_REGISTER_STIMER0_CONFIG + (index - FirstTimerMsr)
        : index is >= FirstCrashMsr and < FirstCrashMsr + 5 ? hv_register_name.HV_REGISTER_GUEST_CRASH_P0 + (index - FirstCrashMsr)
        : null;

    private static SyntheticState? StoreOf(VirtualCpu processor, hv_register_name register) => register switch
    {
        hv_register_name.HV_REGISTER_GUEST_OS_ID or hv_register_name.HV_X64_REGISTER_HYPERCALL or hv_register_name.HV_REGISTER_REFERENCE_TSC
            or (>= hv_register_name.HV_REGISTER_GUEST_CRASH_P0 and <= hv_register_name.HV_REGISTER_GUEST_CRASH_CTL)
            => processor.Partition.Synthetic,
        (>= hv_register_name.HV_REGISTER_SINT0 and <= hv_register_name.HV_REGISTER_SIRBP)
            or (>= hv_register_name.HV_REGISTER_STIMER0_CONFIG and <= hv_register_name.HV_REGISTER_STIMER3_COUNT)
            or hv_register_name.HV_REGISTER_VP_ASSIST_PAGE
            => processor.Synthetic,
        _ => null,
    };

    private static int Refuse(VirtualCpu processor)
    {
        processor.Partition.Host.Refusals.Report("an APIC number other than the processor's index cannot be set");
        return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
    }
}
