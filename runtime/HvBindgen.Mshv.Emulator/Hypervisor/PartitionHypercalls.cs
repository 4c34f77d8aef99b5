using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Hypercalls on a partition and its processors.</summary>
internal sealed class PartitionHypercalls(VirtualPartition partition)
{
    private readonly AddressTranslation translation = new(partition.Memory.Map);

    /// <summary>Executes a call; the driver has let it through.</summary>
    /// <returns>A status.</returns>
    internal int Execute(int code, ref HypercallFrame frame)
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
                int status = partition.Properties.Get(get.property_code, out ulong value);
                frame.Write(new hv_output_get_partition_property { property_value = value });
                return status;
            case Hv.HVCALL_SET_PARTITION_PROPERTY:
                hv_input_set_partition_property set = frame.Read<hv_input_set_partition_property>();
                return partition.Properties.Set(set.property_code, set.property_value);
            case Hv.HVCALL_GET_PARTITION_PROPERTY_EX:
                return HostProperties.GetEx(frame.Read<hv_input_get_partition_property_ex>(), ref frame);
        }

        if (!partition.IsInitialized)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        return code switch
        {
            Hv.HVCALL_GET_VP_REGISTERS => GetRegisters(ref frame),
            Hv.HVCALL_SET_VP_REGISTERS => SetRegisters(ref frame),
            Hv.HVCALL_REGISTER_INTERCEPT_RESULT => RegisterInterceptResult(frame.Read<hv_input_register_intercept_result>()),
            Hv.HVCALL_ASSERT_VIRTUAL_INTERRUPT => partition.Interrupts.Assert(frame.Read<hv_input_assert_virtual_interrupt>()),
            Hv.HVCALL_CLEAR_VIRTUAL_INTERRUPT => ClearInterrupt(),
            Hv.HVCALL_INSTALL_INTERCEPT => partition.Intercepts.Install(frame.Read<hv_input_install_intercept>()),
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
        if (partition.FindProcessor(input.vp_index) is not { } processor)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        Span<uint> names = hv_input_get_vp_registers.names(frame.Input);
        Span<hv_register_value> values = MemoryMarshal.Cast<byte, hv_register_value>(frame.Output);
        if (frame.Reps > Math.Min(names.Length, values.Length))
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        using EngineGate.Stop stop = processor.StopForAccess();
        for (; frame.RepsCompleted < frame.Reps; frame.RepsCompleted++)
        {
            int status = processor.Registers.Get(names[frame.RepsCompleted], out values[frame.RepsCompleted]);
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
        if (partition.FindProcessor(input.vp_index) is not { } processor)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        Span<hv_register_assoc> elements = hv_input_set_vp_registers.elements(frame.Input);
        if (frame.Reps > elements.Length)
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        using EngineGate.Stop stop = processor.StopForAccess();
        Span<hv_register_assoc> asked = elements[frame.RepsCompleted..frame.Reps];
        int sound = 0;
        while (sound < asked.Length && asked[sound].reserved1 == 0 && asked[sound].reserved2 == 0)
        {
            sound++;
        }

        int status = processor.Registers.Set(asked[..sound], out int written);
        frame.RepsCompleted += written;
        processor.RefreshRegisterPage();
        return status == Hv.HV_STATUS_SUCCESS && sound < asked.Length ? Hv.HV_STATUS_INVALID_PARAMETER : status;
    }

    private int RegisterInterceptResult(in hv_input_register_intercept_result input)
    {
        if (input.intercept_type != (uint)hv_intercept_type.HV_INTERCEPT_TYPE_X64_CPUID)
        {
            partition.Host.Refusals.Report($"results of intercept type {input.intercept_type} cannot be registered, only CPUID's");
            return Hv.HV_STATUS_PROCESSOR_FEATURE_NOT_SUPPORTED;
        }

        bool isForAll = input.vp_index == Hv.HV_ANY_VP;
        if (!isForAll && partition.FindProcessor(input.vp_index) is null)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        partition.Cpuid.Add(isForAll ? null : input.vp_index, in input.parameters.cpuid);
        foreach (VirtualCpu processor in partition.Processors)
        {
            if (isForAll || processor.Index == input.vp_index)
            {
                processor.Cpuid.Invalidate();
            }
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    private int Translate(ref HypercallFrame frame)
    {
        hv_input_translate_virtual_address input = frame.Read<hv_input_translate_virtual_address>();
        if (partition.FindProcessor(input.vp_index) is not { } processor)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        using EngineGate.Stop stop = processor.StopForAccess();
        frame.Write(translation.Translate(processor.Engine.State, in input));
        return Hv.HV_STATUS_SUCCESS;
    }

    // HvCallGetGpaPagesAccessStates: one byte per page, in repetitions.
    private int GetAccessStates(ref HypercallFrame frame)
    {
        hv_input_get_gpa_pages_access_state input = frame.Read<hv_input_get_gpa_pages_access_state>();
        if (frame.Reps > frame.Output.Length)
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        Span<byte> written = stackalloc byte[(frame.Reps + 7) / 8];
        Span<byte> accessed = stackalloc byte[written.Length];
        written.Clear();
        accessed.Clear();
        PageRecordChange change = new(
            ChangeBy(input.flags.clear_accessed, input.flags.set_accessed), ChangeBy(input.flags.clear_dirty, input.flags.set_dirty));
        bool isOne = !partition.Memory.RecordsAccesses; // what is known is what was written, and that was accessed
        if (isOne && change.Accessed == PageRecord.Clear)
        {
            change = new PageRecordChange(PageRecord.Clear, PageRecord.Clear);
        }

        int status = partition.Memory.AccessPages(
            change, input.hv_gpa_page_number, (ulong)frame.Reps, isOne ? [] : accessed, written);
        if (status != Hv.HV_STATUS_SUCCESS)
        {
            return status;
        }

        for (int page = 0; page < frame.Reps; page++)
        {
            hv_gpa_page_access_state state = new()
            {
                accessed = (byte)((isOne ? written : accessed)[page / 8] >> (page % 8) & 1),
                dirty = (byte)(written[page / 8] >> (page % 8) & 1),
            };
            MemoryMarshal.Write(frame.Output[page..], in state);
        }

        frame.RepsCompleted = frame.Reps;
        return Hv.HV_STATUS_SUCCESS;
    }

    private static PageRecord ChangeBy(ulong clear, ulong set) =>
        clear != 0 ? PageRecord.Clear : set != 0 ? PageRecord.Set : PageRecord.Keep;

    private int PostMessage(in hv_input_post_message_direct input) =>
        partition.FindProcessor(input.vp_index) is not { } processor ? Hv.HV_STATUS_INVALID_VP_INDEX
        : input.vtl != 0 ? Hv.HV_STATUS_INVALID_PARAMETER
        : processor.Synic.PostMessage(input.sint_index, input.message);

    private int SignalEvent(ref HypercallFrame frame)
    {
        hv_input_signal_event_direct input = frame.Read<hv_input_signal_event_direct>();
        if (partition.FindProcessor(input.target_vp) is not { } processor)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        if (input.target_vtl != 0)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        int status = processor.Synic.SignalEvent(input.target_sint, input.flag_number, out bool isNew);
        frame.Write(new hv_output_signal_event_direct { newly_signaled = (byte)(isNew ? 1 : 0) });
        return status;
    }

    // External interrupts are the boot processor's.
    private int ClearInterrupt() =>
        partition.FindProcessor(0) is { } processor && processor.Lines.TryClearExternal()
            ? Hv.HV_STATUS_SUCCESS
            : Hv.HV_STATUS_NOT_ACKNOWLEDGED;

    private int GetCpuidValues(ref HypercallFrame frame)
    {
        hv_input_get_vp_cpuid_values input = frame.Read<hv_input_get_vp_cpuid_values>();
        if (partition.FindProcessor(input.vp_index) is null)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        Span<hv_cpuid_leaf_info> leaves = hv_input_get_vp_cpuid_values.cpuid_leaf_info(frame.Input);
        Span<hv_output_get_vp_cpuid_values> values =
            MemoryMarshal.Cast<byte, hv_output_get_vp_cpuid_values>(frame.Output);
        if (frame.Reps > Math.Min(leaves.Length, values.Length))
        {
            return Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
        }

        for (; frame.RepsCompleted < frame.Reps; frame.RepsCompleted++)
        {
            hv_cpuid_leaf_info leaf = leaves[frame.RepsCompleted];
            CpuidEntry entry = partition.Cpuid.Lookup(
                input.vp_index, leaf.eax, leaf.ecx, applyOverrides: input.flags.apply_registered_values != 0);
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
