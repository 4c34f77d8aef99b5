using System.Numerics;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>What the hypercalls of a processor's guest do. All that a guest may call is about its own partition.</summary>
/// <param name="vpIndex">Index of the processor.</param>
/// <param name="partition">Its partition.</param>
/// <param name="registers">The registers that it reads and writes by name.</param>
internal sealed class GuestCalls(uint vpIndex, VirtualPartition partition, SyntheticRegisters registers)
{
    private const int BankBits = 1 << Hv.HV_GENERIC_SET_SHIFT;
    private const int Banks = (int)VirtualPartition.MaxProcessors / BankBits;
    private const uint FirstClientMessage = 1;
    private const uint FirstHypervisorMessage = 0x8000_0000;

    /// <summary>Executes a call of a known shape.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="header">The part of its input that has a variable length.</param>
    /// <param name="frame">Input and output.</param>
    /// <returns>A status.</returns>
    internal int Execute(ushort code, ReadOnlySpan<ulong> header, ref HypercallFrame frame)
    {
        switch (code)
        {
            case Hv.HVCALL_NOTIFY_LONG_SPIN_WAIT:
                _ = Thread.Yield(); // whoever holds the lock may need this thread's time
                return Hv.HV_STATUS_SUCCESS;
            case Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE or Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST:
                hv_tlb_flush flush = frame.Read<hv_tlb_flush>();
                return Flush(flush.flags, [flush.processor_mask], ref frame);
            case Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX or Hv.HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX:
                hv_tlb_flush_ex flushed = frame.Read<hv_tlb_flush_ex>();
                Span<ulong> targets = stackalloc ulong[Banks];
                return TryReadSet(in flushed.hv_vp_set, header, targets)
                    ? Flush(flushed.flags, targets, ref frame)
                    : Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
            case Hv.HVCALL_SEND_IPI:
                hv_send_ipi interrupt = frame.Read<hv_send_ipi>();
                return Interrupt(interrupt.vector, interrupt.reserved, [interrupt.cpu_mask]);
            case Hv.HVCALL_SEND_IPI_EX:
                hv_send_ipi_ex sent = frame.Read<hv_send_ipi_ex>();
                Span<ulong> receivers = stackalloc ulong[Banks];
                return TryReadSet(in sent.vp_set, header, receivers)
                    ? Interrupt(sent.vector, sent.reserved, receivers)
                    : Hv.HV_STATUS_INVALID_HYPERCALL_INPUT;
            case Hv.HVCALL_POST_MESSAGE:
                return Post(frame.Read<PostedMessage>());
            case Hv.HVCALL_SIGNAL_EVENT:
                return Signal(frame.Read<SignalledEvent>());
            case Hv.HVCALL_GET_VP_INDEX_FROM_APIC_ID:
                return FindIndices(ref frame);
            case Hv.HVCALL_START_VP:
                return Start(frame.Read<hv_enable_vp_vtl>());
            case Hv.HVCALL_GET_VP_REGISTERS:
                return GetRegisters(ref frame);
            case Hv.HVCALL_SET_VP_REGISTERS:
                return SetRegisters(ref frame);
            default:
                return Hv.HV_STATUS_INVALID_HYPERCALL_CODE;
        }
    }

    // Translations are kept for one address space, and all of them go: more than was asked for is always allowed.
    private int Flush(ulong flags, scoped ReadOnlySpan<ulong> targets, ref HypercallFrame frame)
    {
        ulong known = Hv.HV_FLUSH_ALL_PROCESSORS | Hv.HV_FLUSH_ALL_VIRTUAL_ADDRESS_SPACES | Hv.HV_FLUSH_NON_GLOBAL_MAPPINGS_ONLY;
        if (frame.Reps != 0 && partition.Properties.Features.enable_extended_gva_ranges_for_flush_virtual_address_list != 0)
        {
            known |= Hv.HV_FLUSH_USE_EXTENDED_RANGE_FORMAT;
        }

        if ((flags & ~known) != 0)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        bool isForAll = (flags & Hv.HV_FLUSH_ALL_PROCESSORS) != 0;
        IReadOnlyList<VirtualCpu> processors = partition.Processors;
        for (int index = 0; index < processors.Count; index++)
        {
            if (isForAll || Has(targets, processors[index].Index))
            {
                processors[index].Engine.ForgetTranslations();
            }
        }

        frame.RepsCompleted = frame.Reps;
        return Hv.HV_STATUS_SUCCESS;
    }

    private int Interrupt(uint vector, uint reserved, scoped ReadOnlySpan<ulong> targets)
    {
        if (vector is < InterruptRouting.FirstVector or > byte.MaxValue || reserved != 0)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        if (!partition.Options.HasApic)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        IReadOnlyList<VirtualCpu> processors = partition.Processors;
        for (int index = 0; index < processors.Count; index++)
        {
            if (Has(targets, processors[index].Index))
            {
                _ = partition.Interrupts.SendTo(processors[index].Index, (byte)vector);
            }
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    // The driver connects ports of its own only, to which no guest has a number.
    private static int Post(in PostedMessage message) =>
        message.Reserved != 0 || message.MessageType is < FirstClientMessage or >= FirstHypervisorMessage
            || message.PayloadBytes > Hv.HV_MESSAGE_PAYLOAD_BYTE_COUNT ? Hv.HV_STATUS_INVALID_PARAMETER
        : Hv.HV_STATUS_INVALID_CONNECTION_ID;

    private static int Signal(in SignalledEvent signalled) =>
        signalled.Reserved != 0 || signalled.FlagNumber >= Hv.HV_EVENT_FLAGS_COUNT ? Hv.HV_STATUS_INVALID_PARAMETER
        : Hv.HV_STATUS_INVALID_CONNECTION_ID;

    // A processor's APIC has the number of the processor.
    private int FindIndices(ref HypercallFrame frame)
    {
        hv_get_vp_from_apic_id_in input = frame.Read<hv_get_vp_from_apic_id_in>();
        if (!IsOwn(input.partition_id))
        {
            return Hv.HV_STATUS_INVALID_PARTITION_ID;
        }

        if (input.target_vtl.as_uint8 != 0 || ((ReadOnlySpan<byte>)input.res).ContainsAnyExcept((byte)0))
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        Span<uint> numbers = hv_get_vp_from_apic_id_in.apic_ids(frame.Input);
        Span<uint> indices = MemoryMarshal.Cast<byte, uint>(frame.Output);
        for (; frame.RepsCompleted < frame.Reps; frame.RepsCompleted++)
        {
            if (partition.FindProcessor(numbers[frame.RepsCompleted]) is not { } processor)
            {
                return Hv.HV_STATUS_INVALID_PARAMETER;
            }

            indices[frame.RepsCompleted] = processor.Index;
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    private int Start(in hv_enable_vp_vtl input) =>
        partition.Properties.Features.start_virtual_processor == 0 ? Hv.HV_STATUS_ACCESS_DENIED
        : !IsOwn(input.partition_id) ? Hv.HV_STATUS_INVALID_PARTITION_ID
        : input.target_vtl.as_uint8 != 0 || input.mbz0 != 0 || input.mbz1 != 0 ? Hv.HV_STATUS_INVALID_PARAMETER
        : partition.FindProcessor(input.vp_index) is not { } processor ? Hv.HV_STATUS_INVALID_VP_INDEX
        : input.vp_context.cr0 > uint.MaxValue ? Hv.HV_STATUS_INVALID_REGISTER_VALUE
        : processor.Engine.TryStart(in input.vp_context) ? Hv.HV_STATUS_SUCCESS
        : Hv.HV_STATUS_INVALID_VP_STATE;

    private int GetRegisters(ref HypercallFrame frame)
    {
        hv_input_get_vp_registers input = frame.Read<hv_input_get_vp_registers>();
        int status = CheckOwner(input.partition_id, input.vp_index, input.input_vtl.as_uint8);
        Span<uint> names = hv_input_get_vp_registers.names(frame.Input);
        Span<hv_register_value> values = MemoryMarshal.Cast<byte, hv_register_value>(frame.Output);
        while (status == Hv.HV_STATUS_SUCCESS && frame.RepsCompleted < frame.Reps)
        {
            hv_register_value value = default;
            status = registers.Get((hv_register_name)names[frame.RepsCompleted], ref value) ?? Hv.HV_STATUS_ACCESS_DENIED;
            if (status == Hv.HV_STATUS_SUCCESS)
            {
                values[frame.RepsCompleted++] = value;
            }
        }

        return status;
    }

    private int SetRegisters(ref HypercallFrame frame)
    {
        hv_input_set_vp_registers input = frame.Read<hv_input_set_vp_registers>();
        int status = CheckOwner(input.partition_id, input.vp_index, input.input_vtl.as_uint8);
        Span<hv_register_assoc> elements = hv_input_set_vp_registers.elements(frame.Input);
        while (status == Hv.HV_STATUS_SUCCESS && frame.RepsCompleted < frame.Reps)
        {
            ref readonly hv_register_assoc element = ref elements[frame.RepsCompleted];
            status = element.reserved1 != 0 || element.reserved2 != 0
                ? Hv.HV_STATUS_INVALID_PARAMETER
                : registers.SetByGuest((hv_register_name)element.name, in element.value) ?? Hv.HV_STATUS_ACCESS_DENIED;
            frame.RepsCompleted += status == Hv.HV_STATUS_SUCCESS ? 1 : 0;
        }

        return status;
    }

    // No partition has the privilege to access registers of processors; what is an MSR too is the processor's own anyway.
    private int CheckOwner(ulong partitionId, uint index, byte vtl) =>
        !IsOwn(partitionId) ? Hv.HV_STATUS_INVALID_PARTITION_ID
        : vtl != 0 ? Hv.HV_STATUS_INVALID_PARAMETER
        : index == Hv.HV_VP_INDEX_SELF || index == vpIndex ? Hv.HV_STATUS_SUCCESS
        : partition.FindProcessor(index) is null ? Hv.HV_STATUS_INVALID_VP_INDEX
        : Hv.HV_STATUS_ACCESS_DENIED;

    private bool IsOwn(ulong partitionId) => partitionId == Hv.HV_PARTITION_ID_SELF || partitionId == partition.Id;

    private static bool Has(ReadOnlySpan<ulong> set, uint index)
    {
        int bank = (int)(index >> Hv.HV_GENERIC_SET_SHIFT);
        return bank < set.Length && (set[bank] >> (int)(index & Hv.HV_GENERIC_SET_MASK) & 1) != 0;
    }

    // Banks of 64 processors, of which those follow that have any; what is beyond the last possible processor is nobody.
    private static bool TryReadSet(in hv_vpset set, ReadOnlySpan<ulong> contents, Span<ulong> banks)
    {
        switch ((hv_generic_set_format)set.format)
        {
            case hv_generic_set_format.HV_GENERIC_SET_ALL:
                banks.Fill(ulong.MaxValue);
                return true;
            case hv_generic_set_format.HV_GENERIC_SET_SPARSE_4K when BitOperations.PopCount(set.valid_bank_mask) == contents.Length:
                banks.Clear();
                int next = 0;
                for (int bank = 0; bank < banks.Length; bank++)
                {
                    if ((set.valid_bank_mask >> bank & 1) != 0)
                    {
                        banks[bank] = contents[next++];
                    }
                }

                return true;
            default:
                return false;
        }
    }
}
