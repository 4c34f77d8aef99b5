using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Calls;

/// <content>Hypercalls of x86-64 partitions: CPUID and the synthetic interrupt controller.</content>
public sealed unsafe partial class PartitionHypercalls
{
    /// <summary>Number of synthetic interrupt sources of a processor.</summary>
    private const uint SintCount = 16;

    /// <summary>Changes what CPUID gives. Before the processors run; later it may not show.</summary>
    /// <param name="change">Leaf, bits and mask.</param>
    /// <param name="vpIndex">Processor; null for all processors.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void OverrideCpuid(in CpuidOverride change, uint? vpIndex = null)
    {
        CheckArchitecture(GuestArchitecture.X64);
        Abi.X64.hv_input_register_intercept_result input = new()
        {
            vp_index = vpIndex ?? Constants.HV_ANY_VP,
            intercept_type = (uint)Abi.X64.hv_intercept_type.HV_INTERCEPT_TYPE_X64_CPUID,
        };
        ref Abi.X64.hv_register_x64_cpuid_result_parameters cpuid = ref input.parameters.cpuid;
        cpuid.input.eax = change.Leaf;
        cpuid.input.ecx = change.Subleaf ?? 0;
        cpuid.input.subleaf_specific = (byte)(change.Subleaf is null ? 0 : 1);
        cpuid.input.always_override = (byte)(change.Always ? 1 : 0);
        cpuid.result.eax = change.Value.Eax;
        cpuid.result.ebx = change.Value.Ebx;
        cpuid.result.ecx = change.Value.Ecx;
        cpuid.result.edx = change.Value.Edx;
        cpuid.result.eax_mask = change.Mask.Eax;
        cpuid.result.ebx_mask = change.Mask.Ebx;
        cpuid.result.ecx_mask = change.Mask.Ecx;
        cpuid.result.edx_mask = change.Mask.Edx;
        HypercallClient.Call(handle, Abi.X64.Hypercalls.HVCALL_REGISTER_INTERCEPT_RESULT, input)
            .ThrowIfFailed($"Overriding CPUID leaf 0x{change.Leaf:x}");
    }

    /// <summary>What CPUID gives to a processor.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="leaf">Leaf, in EAX.</param>
    /// <param name="subleaf">Subleaf, in ECX.</param>
    /// <returns>The values, with overrides applied and for the processor's present XCR0 and XSS.</returns>
    /// <exception cref="HypervisorException">The hypervisor refused; some do not allow this to a parent that is itself a guest.</exception>
    public CpuidValues GetCpuid(uint vpIndex, uint leaf, uint subleaf)
    {
        Span<CpuidValues> values = stackalloc CpuidValues[1];
        GetCpuid(vpIndex, [(leaf, subleaf)], values);
        return values[0];
    }

    /// <summary>What CPUID gives to a processor for several leaves.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="leaves">Leaves and subleaves.</param>
    /// <param name="values">Receives the values; as long as the leaves.</param>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public void GetCpuid(uint vpIndex, ReadOnlySpan<(uint Leaf, uint Subleaf)> leaves, Span<CpuidValues> values)
    {
        CheckArchitecture(GuestArchitecture.X64);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, leaves.Length, nameof(values));
        hv_input_get_vp_cpuid_values header = new() { vp_index = vpIndex };
        header.flags.use_vp_xfem_xss = 1;
        header.flags.apply_registered_values = 1;
        hv_cpuid_leaf_info[] list = new hv_cpuid_leaf_info[leaves.Length];
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = new hv_cpuid_leaf_info { eax = leaves[i].Leaf, ecx = leaves[i].Subleaf };
        }

        // CpuidValues has the four registers in the order of hv_output_get_vp_cpuid_values.
        RepHypercall.Call(
                handle,
                Abi.Hypercalls.HVCALL_GET_VP_CPUID_VALUES.Code,
                new ReadOnlySpan<byte>(&header, sizeof(hv_input_get_vp_cpuid_values)),
                MemoryMarshal.AsBytes(list.AsSpan()),
                sizeof(hv_cpuid_leaf_info),
                MemoryMarshal.AsBytes(values),
                sizeof(hv_output_get_vp_cpuid_values))
            .ThrowIfFailed($"Reading the CPUID values of virtual processor {vpIndex}");
    }

    /// <summary>Puts a message into a synthetic interrupt source. From the thread that runs the processor, to keep messages in
    /// order.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="sint">Synthetic interrupt source.</param>
    /// <param name="message">Message with its header, at most 256 bytes.</param>
    /// <returns>What the hypervisor said. Out of buffers or resources: the slot is taken; ask for a deliverability notification.</returns>
    /// <exception cref="ArgumentException">The message is too long, or there is no such source.</exception>
    public HypercallResult TryPostMessage(uint vpIndex, uint sint, ReadOnlySpan<byte> message)
    {
        CheckArchitecture(GuestArchitecture.X64);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sint, SintCount);
        Abi.X64.hv_input_post_message_direct input = new() { vp_index = vpIndex, sint_index = sint };
        Span<byte> room = input.message;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, room.Length, nameof(message));
        message.CopyTo(room);
        return HypercallClient.Call(handle, Abi.X64.Hypercalls.HVCALL_POST_MESSAGE_DIRECT, input);
    }

    /// <summary>Sets an event flag of a synthetic interrupt source. From any thread, also while the processor runs.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="sint">Synthetic interrupt source.</param>
    /// <param name="flag">Flag, less than 2048.</param>
    /// <returns>Whether the flag was clear before.</returns>
    /// <exception cref="HypervisorException">The hypervisor refused.</exception>
    public bool SignalEvent(uint vpIndex, uint sint, int flag)
    {
        CheckArchitecture(GuestArchitecture.X64);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sint, SintCount);
        ArgumentOutOfRangeException.ThrowIfNegative(flag);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(flag, Constants.HV_EVENT_FLAGS_COUNT);
        Abi.X64.hv_input_signal_event_direct input = new() { target_vp = vpIndex, target_sint = (byte)sint, flag_number = (ushort)flag };
        HypercallClient.Call(
                handle, Abi.X64.Hypercalls.HVCALL_SIGNAL_EVENT_DIRECT, input, out Abi.X64.hv_output_signal_event_direct output)
            .ThrowIfFailed($"Signalling event {flag} at synthetic interrupt source {sint} of virtual processor {vpIndex}");
        return output.newly_signaled != 0;
    }
}
