using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Hypervisor;

namespace HvBindgen.Mshv.Outside;

/// <summary>A partition that the root's driver has created.</summary>
internal sealed unsafe class ChildPartition : IDisposable
{
    private readonly VirtualPartition partition;
    private readonly Link link;
    private readonly DepositedPages deposits;
    private readonly GuestPages pages;
    private readonly Dictionary<uint, ScheduledProcessor> processors = [];
    private readonly ConcurrentDictionary<uint, DoorbellPort> ports = [];

    internal ChildPartition(VirtualPartition partition, Link link)
    {
        this.partition = partition;
        this.link = link;
        deposits = new DepositedPages(link.Memory);
        pages = new GuestPages(partition, link.Memory);
        partition.Interrupts.OnEnd = (vpIndex, vector) => link.Send(
            hv_message_type.HVMSG_X64_APIC_EOI,
            partition.Id,
            new hv_x64_apic_eoi_message { vp_index = vpIndex, interrupt_vector = vector });
    }

    /// <summary>Executes a hypercall on the partition.</summary>
    /// <returns>A status.</returns>
    internal int Execute(int code, int headerWords, ref HypercallFrame frame)
    {
        switch (code)
        {
            case Hv.HVCALL_INITIALIZE_PARTITION:
                return partition.Initialize();
            case Hv.HVCALL_FINALIZE_PARTITION:
                EndProcessors();
                return Hv.HV_STATUS_SUCCESS;
            case Hv.HVCALL_DEPOSIT_MEMORY:
            case Hv.HVCALL_WITHDRAW_MEMORY:
                return deposits.Execute(code, ref frame);
            case Hv.HVCALL_CONNECT_PORT:
                return Connect(frame.Read<hv_input_connect_port>());
            case Hv.HVCALL_DISCONNECT_PORT:
                return Disconnect(frame.Read<hv_input_disconnect_port>().connection_id.u.id);
            case Hv.HVCALL_GET_PARTITION_PROPERTY:
            case Hv.HVCALL_GET_PARTITION_PROPERTY_EX:
                return partition.Hypercalls.Execute(code, ref frame);
            case Hv.HVCALL_SET_PARTITION_PROPERTY:
                int set = partition.Hypercalls.Execute(code, ref frame);
                WakeProcessors();
                return set;
        }

        if (!partition.IsInitialized)
        {
            return Hv.HV_STATUS_INVALID_PARTITION_STATE;
        }

        switch (code)
        {
            case Hv.HVCALL_CREATE_VP:
                return CreateProcessor(frame.Read<hv_create_vp>().vp_index);
            case Hv.HVCALL_DELETE_VP:
                return DeleteProcessor(frame.Read<hv_input_delete_vp>().vp_index);
            case Hv.HVCALL_MAP_VP_STATE_PAGE:
                hv_input_map_vp_state_page mapped = frame.Read<hv_input_map_vp_state_page>();
                return GivePage(mapped.vp_index, ref frame, processor => (hv_vp_state_page_type)mapped.type switch
                {
                    hv_vp_state_page_type.HV_VP_STATE_PAGE_REGISTERS => processor.Pages.Registers,
                    hv_vp_state_page_type.HV_VP_STATE_PAGE_INTERCEPT_MESSAGE => processor.Pages.Message,
                    _ => null,
                });
            case Hv.HVCALL_MAP_STATS_PAGE:
                hv_stats_object_identity.vp_t identity = frame.Read<hv_input_map_stats_page>().identity.vp;
                return GivePage(identity.vp_index, ref frame, processor =>
                    identity.stats_area_type == (byte)hv_stats_area_type.HV_STATS_AREA_PARENT
                        ? processor.Pages.ParentStatistics
                        : processor.Pages.Statistics);
            case Hv.HVCALL_MAP_GPA_PAGES:
                return pages.Map(ref frame);
            case Hv.HVCALL_UNMAP_GPA_PAGES:
                return pages.Unmap(ref frame);
            case Hv.HVCALL_GET_VP_STATE:
                return GetState(headerWords, ref frame);
            case Hv.HVCALL_SET_VP_STATE:
                return SetState(headerWords, ref frame);
            case Hv.HVCALL_DISPATCH_VP:
                return Dispatch(frame.Read<hv_input_dispatch_vp>(), ref frame);
            case Hv.HVCALL_SET_VP_REGISTERS:
            case Hv.HVCALL_GET_VP_REGISTERS:
                return AccessRegisters(code, ref frame);
            default:
                int status = partition.Hypercalls.Execute(code, ref frame);
                WakeProcessors();
                return status;
        }
    }

    public void Dispose()
    {
        EndProcessors();
        foreach (DoorbellPort port in ports.Values)
        {
            port.Dispose();
        }

        pages.Clear();
        partition.Release();
    }

    private int CreateProcessor(uint index)
    {
        if (index >= VirtualPartition.MaxProcessors)
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        // One that was taken back: the engine has it still.
        if (processors.TryGetValue(index, out ScheduledProcessor? known))
        {
            return known.TryRevive() ? Hv.HV_STATUS_SUCCESS : Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        if (deposits.Count < ProcessorPages.Count)
        {
            return Hv.HV_STATUS_INSUFFICIENT_MEMORY;
        }

        ProcessorPages own = new(deposits, link.Memory);
        SharedPages shared = SharedPages.At(link.Memory.Page(own.Registers), link.Memory.Page(own.Message));
        int status = partition.CreateProcessor(index, shared, out VirtualCpu? processor, out int errno);
        if (processor is null)
        {
            own.Return(deposits);
            Console.Error.WriteLine($"no processor {index}: errno {errno}");
            return status != Hv.HV_STATUS_SUCCESS ? status : Hv.HV_STATUS_NO_RESOURCES;
        }

        processor.OnRegisterPageMapped();
        processors.Add(index, new ScheduledProcessor(partition.Id, processor, own, link, TellOfDoorbells));
        return Hv.HV_STATUS_SUCCESS;
    }

    private int DeleteProcessor(uint index)
    {
        if (!processors.TryGetValue(index, out ScheduledProcessor? processor))
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        processor.Retire();
        return Hv.HV_STATUS_SUCCESS;
    }

    private void EndProcessors()
    {
        foreach (ScheduledProcessor processor in processors.Values)
        {
            processor.Dispose();
            processor.Pages.Return(deposits);
        }

        processors.Clear();
    }

    private void TellOfDoorbells()
    {
        foreach (DoorbellPort port in ports.Values)
        {
            port.Tell();
        }
    }

    private void WakeProcessors()
    {
        foreach (ScheduledProcessor processor in processors.Values)
        {
            processor.Wake();
        }
    }

    private int GivePage(uint index, ref HypercallFrame frame, Func<ScheduledProcessor, ulong?> find)
    {
        if (!processors.TryGetValue(index, out ScheduledProcessor? processor))
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        if (find(processor) is not { } page)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        frame.Write(page);
        return Hv.HV_STATUS_SUCCESS;
    }

    // The registers that are the scheduler's stand alone in the calls of the driver.
    private int AccessRegisters(int code, ref HypercallFrame frame)
    {
        uint index = frame.Read<hv_input_get_vp_registers>().vp_index;
        if (!processors.TryGetValue(index, out ScheduledProcessor? processor))
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        bool isSet = code == Hv.HVCALL_SET_VP_REGISTERS;
        hv_register_name name = (hv_register_name)(isSet
            ? hv_input_set_vp_registers.elements(frame.Input)[0].name
            : hv_input_get_vp_registers.names(frame.Input)[0]);
        if (frame.Reps == 1 && !isSet && name == hv_register_name.HV_REGISTER_VP_ROOT_SIGNAL_COUNT)
        {
            frame.Write(new hv_register_value { reg64 = processor.SignalCount });
            frame.RepsCompleted = 1;
            return Hv.HV_STATUS_SUCCESS;
        }

        if (frame.Reps == 1 && isSet && name == hv_register_name.HV_REGISTER_DISPATCH_SUSPEND)
        {
            processor.IsDispatchSuspended = hv_input_set_vp_registers.elements(frame.Input)[0].value.dispatch_suspend.suspended != 0;
            frame.RepsCompleted = 1;
            return Hv.HV_STATUS_SUCCESS;
        }

        int status = partition.Hypercalls.Execute(code, ref frame);
        processor.Wake();
        return status;
    }

    private int Dispatch(in hv_input_dispatch_vp input, ref HypercallFrame frame)
    {
        if (!processors.TryGetValue(input.vp_index, out ScheduledProcessor? processor))
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        frame.Write(processor.Dispatch(input.flags));
        foreach (ScheduledProcessor other in processors.Values)
        {
            other.Notice();
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    private int GetState(int headerWords, ref HypercallFrame frame)
    {
        hv_input_get_vp_state input = frame.Read<hv_input_get_vp_state>();
        if (!processors.TryGetValue(input.vp_index, out ScheduledProcessor? processor))
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        if (StateOf(input.state_data.type) is not { } state)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        byte[] data = new byte[processor.Components.SizeBytes(state)];
        int status = processor.Components.Get(state, data);
        if (status != Hv.HV_STATUS_SUCCESS)
        {
            return status;
        }

        if ((input.state_data.type & Hv.HV_GET_SET_VP_STATE_TYPE_PFN) == 0)
        {
            data.CopyTo(frame.Output);
            return Hv.HV_STATUS_SUCCESS;
        }

        return CopyPages(hv_input_get_vp_state.output_data_pfns(frame.Input)[..headerWords], data, isToPages: true);
    }

    private int SetState(int headerWords, ref HypercallFrame frame)
    {
        hv_input_set_vp_state input = frame.Read<hv_input_set_vp_state>();
        if (!processors.TryGetValue(input.vp_index, out ScheduledProcessor? processor))
        {
            return Hv.HV_STATUS_INVALID_VP_INDEX;
        }

        if (StateOf(input.state_data.type) is not { } state)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        byte[] data = new byte[processor.Components.SizeBytes(state)];
        Span<byte> given = frame.Input[hv_input_set_vp_state.data_offset..];
        if ((input.state_data.type & Hv.HV_GET_SET_VP_STATE_TYPE_PFN) == 0)
        {
            given[..data.Length].CopyTo(data);
        }
        else if (CopyPages(MemoryMarshal.Cast<byte, ulong>(given)[..headerWords], data, isToPages: false) is not 0 and int status)
        {
            return status;
        }

        return processor.Components.Set(state, data);
    }

    private int CopyPages(ReadOnlySpan<ulong> frames, Span<byte> data, bool isToPages)
    {
        if (data.Length > frames.Length * SharedPages.PageBytes)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        for (int at = 0; at < data.Length; at += SharedPages.PageBytes)
        {
            Span<byte> part = data[at..Math.Min(at + SharedPages.PageBytes, data.Length)];
            Span<byte> page = new(link.Memory.Page(frames[at / SharedPages.PageBytes]), part.Length);
            if (isToPages)
            {
                part.CopyTo(page);
            }
            else
            {
                page.CopyTo(part);
            }
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    private static byte? StateOf(uint type) => (hv_get_set_vp_state_type)type switch
    {
        hv_get_set_vp_state_type.HV_GET_SET_VP_STATE_LAPIC_STATE => Hv.MSHV_VP_STATE_LAPIC,
        hv_get_set_vp_state_type.HV_GET_SET_VP_STATE_XSAVE => Hv.MSHV_VP_STATE_XSAVE,
        hv_get_set_vp_state_type.HV_GET_SET_VP_STATE_SIM_PAGE => Hv.MSHV_VP_STATE_SIMP,
        hv_get_set_vp_state_type.HV_GET_SET_VP_STATE_SIEF_PAGE => Hv.MSHV_VP_STATE_SIEFP,
        hv_get_set_vp_state_type.HV_GET_SET_VP_STATE_SYNTHETIC_TIMERS => Hv.MSHV_VP_STATE_SYNTHETIC_TIMERS,
        _ => null,
    };

    private int Connect(in hv_input_connect_port input)
    {
        hv_connection_info.doorbell_connection_info_t info = input.connection_info.doorbell_connection_info;
        uint? bytes = (uint)(info.flags & Hv.HV_DOORBELL_FLAG_TRIGGER_SIZE_MASK) switch
        {
            Hv.HV_DOORBELL_FLAG_TRIGGER_SIZE_ANY => 0,
            Hv.HV_DOORBELL_FLAG_TRIGGER_SIZE_BYTE => sizeof(byte),
            Hv.HV_DOORBELL_FLAG_TRIGGER_SIZE_WORD => sizeof(ushort),
            Hv.HV_DOORBELL_FLAG_TRIGGER_SIZE_DWORD => sizeof(uint),
            Hv.HV_DOORBELL_FLAG_TRIGGER_SIZE_QWORD => sizeof(ulong),
            _ => null,
        };
        if (bytes is null || input.connection_info.port_type != (uint)hv_port_type.HV_PORT_TYPE_DOORBELL)
        {
            return Hv.HV_STATUS_INVALID_PARAMETER;
        }

        ulong? match = (info.flags & Hv.HV_DOORBELL_FLAG_TRIGGER_ANY_VALUE) != 0 ? null : info.trigger_value;
        uint id = input.connection_id.u.id;
        DoorbellPort? port = DoorbellPort.Create(
            partition.Engine, new Doorbell(info.gpa, bytes.Value, match, EventFd: -1), count => link.Ring(id, count), out int errno);
        if (port is null)
        {
            Console.Error.WriteLine($"no doorbell of {bytes} bytes at 0x{info.gpa:x}: errno {errno}");
            return Hv.HV_STATUS_NO_RESOURCES;
        }

        ports[id] = port;
        return Hv.HV_STATUS_SUCCESS;
    }

    private int Disconnect(uint id)
    {
        if (!ports.TryRemove(id, out DoorbellPort? port))
        {
            return Hv.HV_STATUS_INVALID_CONNECTION_ID;
        }

        port.Dispose();
        return Hv.HV_STATUS_SUCCESS;
    }
}
