using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <content>Messages, events and CPUID values, asked for by the client.</content>
internal sealed partial class VirtualPartition
{
    private int PostMessage(in hv_input_post_message_direct input) =>
        FindProcessor(input.vp_index) is not { } processor ? Hv.HV_STATUS_INVALID_VP_INDEX
        : input.vtl != 0 ? Hv.HV_STATUS_INVALID_PARAMETER
        : processor.PostMessage(input.sint_index, input.message);

    private int SignalEvent(ref HypercallFrame frame)
    {
        hv_input_signal_event_direct input = frame.Read<hv_input_signal_event_direct>();
        if (FindProcessor(input.target_vp) is not { } processor)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        if (input.target_vtl != 0)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        int status = processor.SignalEvent(input.target_sint, input.flag_number, out bool isNew);
        frame.Write(new hv_output_signal_event_direct { newly_signaled = (byte)(isNew ? 1 : 0) });
        return status;
    }

    private int ClearInterrupt()
    {
        foreach (VirtualCpu processor in Processors)
        {
            processor.ClearExternalInterrupt();
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    private int GetCpuidValues(ref HypercallFrame frame)
    {
        hv_input_get_vp_cpuid_values input = frame.Read<hv_input_get_vp_cpuid_values>();
        if (FindProcessor(input.vp_index) is null)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        Span<hv_cpuid_leaf_info> leaves = hv_input_get_vp_cpuid_values.cpuid_leaf_info(frame.Input);
        Span<hv_output_get_vp_cpuid_values> values =
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, hv_output_get_vp_cpuid_values>(frame.Output);
        if (frame.Reps > Math.Min(leaves.Length, values.Length))
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        for (; frame.RepsCompleted < frame.Reps; frame.RepsCompleted++)
        {
            hv_cpuid_leaf_info leaf = leaves[frame.RepsCompleted];
            CpuidEntry entry = Cpuid.Lookup(input.vp_index, leaf.eax, leaf.ecx, applyOverrides: input.flags.apply_registered_values != 0);
            values[frame.RepsCompleted] = new()
            {
                eax = entry.Eax,
                ebx = entry.Ebx,
                ecx = entry.Ecx,
                edx = entry.Edx,
            };
        }

        return Hv.HV_STATUS_SUCCESS;
    }
}
