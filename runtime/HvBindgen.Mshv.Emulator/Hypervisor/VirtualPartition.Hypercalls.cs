using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <content>Hypercalls on a partition and its processors.</content>
internal sealed partial class VirtualPartition
{
    /// <summary>Executes a call; the driver has let it through.</summary>
    /// <returns>A status.</returns>
    internal int Hypercall(int code, ref HypercallFrame frame)
    {
        bool isRep = code is Hv.HVCALL_GET_VP_REGISTERS or Hv.HVCALL_SET_VP_REGISTERS or Hv.HVCALL_GET_VP_CPUID_VALUES
            or Hv.HVCALL_GET_GPA_PAGES_ACCESS_STATES;
        if (isRep != (frame.Reps != 0))
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        switch (code)
        {
            case Hv.HVCALL_GET_PARTITION_PROPERTY:
                hv_input_get_partition_property get = frame.Read<hv_input_get_partition_property>();
                int status = Properties.Get(get.property_code, out ulong value);
                frame.Write(new hv_output_get_partition_property { property_value = value });
                return status;
            case Hv.HVCALL_SET_PARTITION_PROPERTY:
                hv_input_set_partition_property set = frame.Read<hv_input_set_partition_property>();
                return Properties.Set(set.property_code, set.property_value);
            case Hv.HVCALL_GET_PARTITION_PROPERTY_EX:
                return HostProperties.GetEx(frame.Read<hv_input_get_partition_property_ex>(), ref frame);
        }

        if (!IsInitialized)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        return code switch
        {
            Hv.HVCALL_GET_VP_REGISTERS => GetRegisters(ref frame),
            Hv.HVCALL_SET_VP_REGISTERS => SetRegisters(ref frame),
            Hv.HVCALL_REGISTER_INTERCEPT_RESULT => RegisterInterceptResult(frame.Read<hv_input_register_intercept_result>()),
            Hv.HVCALL_ASSERT_VIRTUAL_INTERRUPT => Interrupts.Assert(frame.Read<hv_input_assert_virtual_interrupt>()),
            Hv.HVCALL_CLEAR_VIRTUAL_INTERRUPT => ClearInterrupt(),
            Hv.HVCALL_INSTALL_INTERCEPT => InstallIntercept(frame.Read<hv_input_install_intercept>()),
            Hv.HVCALL_TRANSLATE_VIRTUAL_ADDRESS => Translate(ref frame),
            Hv.HVCALL_SIGNAL_EVENT_DIRECT => SignalEvent(ref frame),
            Hv.HVCALL_POST_MESSAGE_DIRECT => PostMessage(frame.Read<hv_input_post_message_direct>()),
            Hv.HVCALL_GET_GPA_PAGES_ACCESS_STATES => GetAccessStates(ref frame),
            Hv.HVCALL_GET_VP_CPUID_VALUES => GetCpuidValues(ref frame),
            _ => Hv.HV_STATUS_INVALID_HYPERCALL_CODE,
        };
    }

    private int GetRegisters(ref HypercallFrame frame)
    {
        hv_input_get_vp_registers input = frame.Read<hv_input_get_vp_registers>();
        if (FindProcessor(input.vp_index) is not { } processor)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        Span<uint> names = hv_input_get_vp_registers.names(frame.Input);
        Span<hv_register_value> values = MemoryMarshal.Cast<byte, hv_register_value>(frame.Output);
        if (frame.Reps > Math.Min(names.Length, values.Length))
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        using VirtualCpu.Stop stop = processor.StopForAccess();
        for (; frame.RepsCompleted < frame.Reps; frame.RepsCompleted++)
        {
            int status = RegisterFile.Get(processor, names[frame.RepsCompleted], out values[frame.RepsCompleted]);
            if (status != Hv.HV_STATUS_SUCCESS)
            {
                return status;
            }
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    private int SetRegisters(ref HypercallFrame frame)
    {
        hv_input_set_vp_registers input = frame.Read<hv_input_set_vp_registers>();
        if (FindProcessor(input.vp_index) is not { } processor)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        Span<hv_register_assoc> elements = hv_input_set_vp_registers.elements(frame.Input);
        if (frame.Reps > elements.Length)
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        using VirtualCpu.Stop stop = processor.StopForAccess();
        int status = Hv.HV_STATUS_SUCCESS;
        while (frame.RepsCompleted < frame.Reps && status == Hv.HV_STATUS_SUCCESS)
        {
            ref hv_register_assoc element = ref elements[frame.RepsCompleted];
            status = element.reserved1 != 0 || element.reserved2 != 0
                ? Hv.HV_STATUS_INVALID_PARAMETER
                : RegisterFile.Set(processor, element.name, in element.value);
            frame.RepsCompleted += status == Hv.HV_STATUS_SUCCESS ? 1 : 0;
        }

        processor.RefreshRegisterPage();
        return status;
    }

    private int RegisterInterceptResult(in hv_input_register_intercept_result input)
    {
        if (input.intercept_type != (uint)hv_intercept_type.HV_INTERCEPT_TYPE_X64_CPUID)
        {
            Host.Refusals.Report($"results of intercept type {input.intercept_type} cannot be registered, only CPUID's");
            return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }

        bool isForAll = input.vp_index == Hv.HV_ANY_VP;
        if (!isForAll && FindProcessor(input.vp_index) is null)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        Cpuid.Add(isForAll ? null : input.vp_index, in input.parameters.cpuid);
        foreach (VirtualCpu processor in Processors)
        {
            if (isForAll || processor.Index == input.vp_index)
            {
                processor.InvalidateCpuid();
            }
        }

        return Hv.HV_STATUS_SUCCESS;
    }
}
