using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Registers of the hypervisor's own: by name for the client, as synthetic MSRs for the guest.</summary>
/// <param name="vpIndex">Index of the processor.</param>
/// <param name="partition">Its partition, which shares some of them among its processors.</param>
/// <param name="engine">What executes it.</param>
/// <param name="status">How long it has run.</param>
/// <param name="own">Values of the processor's own.</param>
/// <param name="timers">Its timers.</param>
internal sealed class SyntheticRegisters(
    uint vpIndex, VirtualPartition partition, IProcessorEngine engine, RunStatus status, SyntheticState own, SyntheticTimers timers)
    : IRegisterBank
{
    private const int TaskPriorityShift = 4;
    private const ulong SintReset = Hv.HV_SYNIC_SINT_MASKED;
    private const ulong ApicFrequency = 1_000_000_000; // KVM's APIC timer counts nanoseconds

    private static readonly Dictionary<uint, hv_register_name> Msrs = new()
    {
        [HvX64.HV_X64_MSR_GUEST_OS_ID] = hv_register_name.HV_REGISTER_GUEST_OS_ID,
        [HvX64.HV_X64_MSR_HYPERCALL] = hv_register_name.HV_X64_REGISTER_HYPERCALL,
        [HvX64.HV_X64_MSR_VP_INDEX] = hv_register_name.HV_REGISTER_VP_INDEX,
        [HvX64.HV_X64_MSR_VP_RUNTIME] = hv_register_name.HV_REGISTER_VP_RUNTIME,
        [HvX64.HV_X64_MSR_TIME_REF_COUNT] = hv_register_name.HV_REGISTER_TIME_REF_COUNT,
        [HvX64.HV_X64_MSR_REFERENCE_TSC] = hv_register_name.HV_REGISTER_REFERENCE_TSC,
        [HvX64.HV_X64_MSR_TSC_FREQUENCY] = hv_register_name.HV_REGISTER_PROCESSOR_CLOCK_FREQUENCY,
        [HvX64.HV_X64_MSR_APIC_FREQUENCY] = hv_register_name.HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY,
        [HvX64.HV_X64_MSR_TPR] = hv_register_name.HV_X64_REGISTER_SYNTHETIC_TPR,
        [HvX64.HV_X64_MSR_VP_ASSIST_PAGE] = hv_register_name.HV_REGISTER_VP_ASSIST_PAGE,
        [HvX64.HV_X64_MSR_SCONTROL] = hv_register_name.HV_REGISTER_SCONTROL,
        [HvX64.HV_X64_MSR_SVERSION] = hv_register_name.HV_REGISTER_SVERSION,
        [HvX64.HV_X64_MSR_SIEFP] = hv_register_name.HV_REGISTER_SIEFP,
        [HvX64.HV_X64_MSR_SIMP] = hv_register_name.HV_REGISTER_SIMP,
        [HvX64.HV_X64_MSR_EOM] = hv_register_name.HV_REGISTER_EOM,
        [HvX64.HV_X64_MSR_CRASH_CTL] = hv_register_name.HV_REGISTER_GUEST_CRASH_CTL,
    };

    public int? Get(hv_register_name name, ref hv_register_value value)
    {
        switch (name)
        {
            case hv_register_name.HV_REGISTER_VP_INDEX:
            case hv_register_name.HV_X64_REGISTER_INITIAL_APIC_ID:
            case hv_register_name.HV_X64_REGISTER_APIC_ID:
                value.reg64 = vpIndex;
                break;
            case hv_register_name.HV_REGISTER_TIME_REF_COUNT:
                value.reg64 = partition.Properties.ReferenceTime;
                break;
            case hv_register_name.HV_REGISTER_VP_RUNTIME:
                value.reg64 = status.RunTimeAt(partition.Engine.Clock.ReferenceTime);
                break;
            case hv_register_name.HV_REGISTER_SVERSION:
                value.reg64 = Hv.HV_SYNIC_VERSION_1;
                break;
            case hv_register_name.HV_X64_REGISTER_SYNTHETIC_TPR:
                value.reg64 = engine.State.Cr8 << TaskPriorityShift;
                break;
            case hv_register_name.HV_REGISTER_PROCESSOR_CLOCK_FREQUENCY:
                value.reg64 = partition.Engine.Clock.Frequency;
                break;
            case hv_register_name.HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY:
                value.reg64 = ApicFrequency;
                break;
            case >= hv_register_name.HV_REGISTER_SINT0 and <= hv_register_name.HV_REGISTER_SINT15:
                value.reg64 = own[name] is var sint and not 0 ? sint : SintReset;
                break;
            default:
                if (StoreOf(name) is not { } store)
                {
                    return null;
                }

                value.reg64 = store[name];
                break;
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    public int? Set(hv_register_name name, in hv_register_value value)
    {
        switch (name)
        {
            case hv_register_name.HV_X64_REGISTER_INITIAL_APIC_ID:
            case hv_register_name.HV_X64_REGISTER_APIC_ID:
                // KVM's APIC number is the index that the processor was created with.
                return value.reg64 == vpIndex ? Hv.HV_STATUS_SUCCESS : Refuse();
            case hv_register_name.HV_REGISTER_VP_INDEX:
            case hv_register_name.HV_REGISTER_TIME_REF_COUNT:
            case hv_register_name.HV_REGISTER_VP_RUNTIME:
            case hv_register_name.HV_REGISTER_SVERSION:
            case hv_register_name.HV_REGISTER_PROCESSOR_CLOCK_FREQUENCY:
            case hv_register_name.HV_REGISTER_INTERRUPT_CLOCK_FREQUENCY:
                return Hv.HV_STATUS_ACCESS_DENIED;
            case hv_register_name.HV_X64_REGISTER_SYNTHETIC_TPR:
                engine.State.Cr8 = (value.reg64 >> TaskPriorityShift) & 0xf;
                engine.State.SystemChanged = true;
                return Hv.HV_STATUS_SUCCESS;
            case hv_register_name.HV_REGISTER_EOM:
                timers.OnEndOfMessage();
                return Hv.HV_STATUS_SUCCESS; // slots that the client waits for are looked at before every run
            case hv_register_name.HV_X64_REGISTER_HYPERCALL when (value.reg64 & 1) != 0:
                EnableCalls(value.reg64);
                break;
        }

        if (StoreOf(name) is not { } store)
        {
            return null;
        }

        store[name] = value.reg64;
        if (SyntheticTimers.Has(name))
        {
            timers.OnSet(name);
        }
        else if (name == hv_register_name.HV_REGISTER_REFERENCE_TSC)
        {
            partition.ReferencePage.Write(engine.Stored);
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    /// <summary>Sets a register for the guest: who has not said which system it is has no hypercalls.</summary>
    /// <inheritdoc cref="Set(hv_register_name, in hv_register_value)"/>
    internal int? SetByGuest(hv_register_name name, in hv_register_value value)
    {
        hv_x64_msr_hypercall_contents present = new() { as_uint64 = partition.Synthetic[hv_register_name.HV_X64_REGISTER_HYPERCALL] };
        switch (name)
        {
            case hv_register_name.HV_X64_REGISTER_HYPERCALL when partition.Synthetic[hv_register_name.HV_REGISTER_GUEST_OS_ID] == 0:
                hv_register_value disabled = value;
                disabled.reg64 = new hv_x64_msr_hypercall_contents { as_uint64 = value.reg64, enable = 0 }.as_uint64;
                return Set(name, in disabled);
            case hv_register_name.HV_REGISTER_GUEST_OS_ID when value.reg64 == 0:
                present.enable = 0;
                partition.Synthetic[hv_register_name.HV_X64_REGISTER_HYPERCALL] = present.as_uint64;
                break;
        }

        return Set(name, in value);
    }

    /// <summary>Which register a synthetic MSR is.</summary>
    internal static hv_register_name? OfMsr(uint index) =>
        Msrs.TryGetValue(index, out hv_register_name name) ? name
        : index is >= HvX64.HV_X64_MSR_SINT0 and <= HvX64.HV_X64_MSR_SINT15
            ? hv_register_name.HV_REGISTER_SINT0 + (index - HvX64.HV_X64_MSR_SINT0)
        : index is >= HvX64.HV_X64_MSR_STIMER0_CONFIG and <= HvX64.HV_X64_MSR_STIMER3_COUNT
            ? hv_register_name.HV_REGISTER_STIMER0_CONFIG + (index - HvX64.HV_X64_MSR_STIMER0_CONFIG)
        : index is >= HvX64.HV_X64_MSR_CRASH_P0 and <= HvX64.HV_X64_MSR_CRASH_P4
            ? hv_register_name.HV_REGISTER_GUEST_CRASH_P0 + (index - HvX64.HV_X64_MSR_CRASH_P0)
        : null;

    private SyntheticState? StoreOf(hv_register_name name) => name switch
    {
        hv_register_name.HV_REGISTER_GUEST_OS_ID or hv_register_name.HV_X64_REGISTER_HYPERCALL or hv_register_name.HV_REGISTER_REFERENCE_TSC
            or (>= hv_register_name.HV_REGISTER_GUEST_CRASH_P0 and <= hv_register_name.HV_REGISTER_GUEST_CRASH_CTL)
            => partition.Synthetic,
        (>= hv_register_name.HV_REGISTER_SINT0 and <= hv_register_name.HV_REGISTER_SIRBP)
            or (>= hv_register_name.HV_REGISTER_STIMER0_CONFIG and <= hv_register_name.HV_REGISTER_STIMER3_COUNT)
            or hv_register_name.HV_REGISTER_VP_ASSIST_PAGE
            => own,
        _ => null,
    };

    private void EnableCalls(ulong register)
    {
        bool takesCalls = partition.Engine.TakesHypercalls;
        if (!HypercallPage.TryWrite(partition.Memory.Map, register, takesCalls))
        {
            partition.Host.Refusals.Report("the guest's hypercall page lies where no memory is");
        }
        else if (!takesCalls)
        {
            partition.Host.Refusals.Report(
                "the guest's hypercalls are answered with HV_STATUS_INVALID_HYPERCALL_CODE: none reaches the client");
        }
    }

    private int Refuse()
    {
        partition.Host.Refusals.Report("an APIC number other than the processor's index cannot be set");
        return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
    }
}
