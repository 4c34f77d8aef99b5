using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Builds the messages of one processor's intercepts from what the engine stopped for.</summary>
/// <param name="vpIndex">Index of the processor.</param>
/// <param name="state">Its registers.</param>
/// <param name="stored">The rest of its state.</param>
/// <param name="memory">Memory of its partition.</param>
internal sealed class InterceptMessages(uint vpIndex, ProcessorState state, IStoredState stored, GuestMemoryMap memory)
{
    private const byte CacheTypeUncached = 0;

    /// <summary>Builds the message of an exit that is for the client.</summary>
    internal void Build(ProcessorExit exit, out hv_message message)
    {
        message = default;
        switch (exit)
        {
            case PortExit port:
                Write(ref message, hv_message_type.HVMSG_X64_IO_PORT_INTERCEPT, Port(port));
                break;
            case MemoryExit access:
                // A region that exists but does not allow the access is an intercept, everything else is unmapped.
                hv_message_type type = memory.Find(access.Gpa) is null
                    ? hv_message_type.HVMSG_UNMAPPED_GPA
                    : hv_message_type.HVMSG_GPA_INTERCEPT;
                Write(ref message, type, Memory(access));
                break;
            case MsrExit msr:
                Write(ref message, hv_message_type.HVMSG_X64_MSR_INTERCEPT, new hv_x64_msr_intercept_message
                {
                    header = Header(AccessOf(msr.IsWrite), msr.InstructionLength),
                    msr_number = msr.Index,
                    rdx = state.General[ProcessorState.Rdx],
                    rax = state.General[ProcessorState.Rax],
                });
                break;
            case CpuidExit identification:
                Write(ref message, hv_message_type.HVMSG_X64_CPUID_INTERCEPT, Cpuid(identification));
                break;
            case HypercallExit call:
                Write(ref message, hv_message_type.HVMSG_HYPERCALL_INTERCEPT, Hypercall(call));
                break;
            case HaltExit:
                Write(ref message, hv_message_type.HVMSG_X64_HALT, new hv_x64_halt_message { header = Header() });
                break;
            case ShutdownExit:
                Write(
                    ref message,
                    hv_message_type.HVMSG_UNRECOVERABLE_EXCEPTION,
                    new hv_x64_unrecoverable_exception_message { header = Header() });
                break;
            case ApicEoiExit eoi:
                Write(
                    ref message,
                    hv_message_type.HVMSG_X64_APIC_EOI,
                    new hv_x64_apic_eoi_message { vp_index = vpIndex, interrupt_vector = eoi.Vector });
                break;
            case InterruptWindowExit:
                Write(
                    ref message,
                    hv_message_type.HVMSG_X64_INTERRUPTION_DELIVERABLE,
                    new hv_x64_interruption_deliverable_message
                    {
                        header = Header(),
                        deliverable_type = HvX64.HV_X64_PENDING_INTERRUPT,
                    });
                break;
            case ExceptionExit exception:
                Write(ref message, hv_message_type.HVMSG_X64_EXCEPTION_INTERCEPT, Exception(exception));
                break;
            case InvalidStateExit:
                Write(
                    ref message,
                    hv_message_type.HVMSG_INVALID_VP_REGISTER_VALUE,
                    new hv_x64_invalid_vp_register_message { vp_index = vpIndex });
                break;
            default:
                throw new UnreachableException($"{exit.GetType().Name} has no message.");
        }
    }

    /// <summary>Tells of message slots that the guest has emptied.</summary>
    internal void BuildSintDeliverable(ushort sints, out hv_message message)
    {
        message = default;
        Write(ref message, hv_message_type.HVMSG_SYNIC_SINT_DELIVERABLE, new hv_x64_sint_deliverable_message
        {
            header = Header(),
            deliverable_sints = sints,
        });
    }

    private static void Write<T>(ref hv_message message, hv_message_type type, in T payload)
        where T : unmanaged
    {
        message.header.message_type = (uint)type;
        message.header.payload_size = (byte)Unsafe.SizeOf<T>();
        MemoryMarshal.Write(MemoryMarshal.AsBytes((Span<ulong>)message.u.payload), in payload);
    }

    private static hv_intercept_access_type AccessOf(bool isWrite) =>
        isWrite ? hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE : hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ;

    private hv_x64_intercept_message_header Header(
        hv_intercept_access_type access = hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ, byte instructionLength = 0)
    {
        hv_x64_vp_execution_state execution = new()
        {
            cpl = (ushort)state.Cpl,
            cr0_pe = (ushort)(state.Cr0 & 1),
            cr0_am = (ushort)((state.Cr0 >> 18) & 1),
            efer_lma = (ushort)(state.IsLongMode ? 1 : 0),
            interruption_pending = (ushort)(state.Events.IsInterruptionPending ? 1 : 0),
            interrupt_shadow = (ushort)(state.Events.InterruptShadow ? 1 : 0),
        };
        return new hv_x64_intercept_message_header
        {
            vp_index = vpIndex,
            instruction_length = (byte)(instructionLength & 0xf),
            cr8 = (byte)(state.Cr8 & 0xf),
            intercept_access_type = (byte)access,
            execution_state = execution,
            cs_segment = state.Segments[ProcessorState.Cs],
            rip = state.Rip,
            rflags = state.Rflags,
        };
    }

    private hv_x64_io_port_intercept_message Port(PortExit exit) => new()
    {
        header = Header(AccessOf(exit.IsWrite), exit.InstructionLength),
        port_number = exit.Port,
        access_info = new hv_x64_io_port_access_info
        {
            access_size = exit.SizeBytes,
            string_op = (byte)(exit.IsString ? 1 : 0),
            rep_prefix = (byte)(exit.HasRepeat ? 1 : 0),
        },
        instruction_byte_count = exit.InstructionByteCount,
        rax = state.General[ProcessorState.Rax],
        instruction_bytes = exit.InstructionBytes,
        ds_segment = state.Segments[ProcessorState.Ds],
        es_segment = state.Segments[ProcessorState.Es],
        rcx = state.General[ProcessorState.Rcx],
        rsi = state.General[ProcessorState.Rsi],
        rdi = state.General[ProcessorState.Rdi],
    };

    private hv_x64_memory_intercept_message Memory(MemoryExit exit) => new()
    {
        header = Header(
            exit.Access switch
            {
                MemoryAccess.Execute => hv_intercept_access_type.HV_INTERCEPT_ACCESS_EXECUTE,
                MemoryAccess.Write => hv_intercept_access_type.HV_INTERCEPT_ACCESS_WRITE,
                _ => hv_intercept_access_type.HV_INTERCEPT_ACCESS_READ,
            },
            exit.InstructionLength),
        cache_type = CacheTypeUncached,
        instruction_byte_count = exit.InstructionByteCount,
        memory_access_info = new hv_x64_memory_access_info
        {
            gva_valid = (byte)(exit.Gva is null ? 0 : 1),
            gva_gpa_valid = (byte)(exit.Gva is null ? 0 : 1),
        },
        tpr_priority = (byte)(state.Cr8 & 0xf),
        guest_virtual_address = exit.Gva ?? 0,
        guest_physical_address = exit.Gpa,
        instruction_bytes = exit.InstructionBytes,
    };

    private hv_x64_cpuid_intercept_message Cpuid(CpuidExit exit) => new()
    {
        header = Header(hv_intercept_access_type.HV_INTERCEPT_ACCESS_EXECUTE, exit.InstructionLength),
        rax = state.General[ProcessorState.Rax],
        rcx = state.General[ProcessorState.Rcx],
        rdx = state.General[ProcessorState.Rdx],
        rbx = state.General[ProcessorState.Rbx],
        default_result_rax = exit.Result.Eax,
        default_result_rcx = exit.Result.Ecx,
        default_result_rdx = exit.Result.Edx,
        default_result_rbx = exit.Result.Ebx,
    };

    private hv_x64_hypercall_intercept_message Hypercall(HypercallExit exit)
    {
        stored.ReadFxState(out FxsaveArea vectors);
        hv_x64_hypercall_intercept_message message = new()
        {
            header = Header(hv_intercept_access_type.HV_INTERCEPT_ACCESS_EXECUTE, exit.InstructionLength),
            rax = state.General[ProcessorState.Rax],
            rbx = state.General[ProcessorState.Rbx],
            rcx = state.General[ProcessorState.Rcx],
            rdx = state.General[ProcessorState.Rdx],
            r8 = state.General[ProcessorState.R8],
            rsi = state.General[ProcessorState.Rsi],
            rdi = state.General[ProcessorState.Rdi],
        };
        vectors.Xmm[..HvX64.HV_HYPERCALL_INTERCEPT_MAX_XMM_REGISTERS].CopyTo(message.xmmregisters);
        return message;
    }

    private hv_x64_exception_intercept_message Exception(ExceptionExit exit) => new()
    {
        header = Header(instructionLength: exit.InstructionLength),
        exception_vector = exit.Vector,
        instruction_byte_count = exit.InstructionByteCount,
        exception_info = new hv_x64_exception_info
        {
            error_code_valid = (byte)(exit.ErrorCode is null ? 0 : 1),
            software_exception = (byte)(exit.Vector is X64Bits.VectorBp or X64Bits.VectorOf ? 1 : 0), // INT3 and INTO alone raise them
        },
        error_code = exit.ErrorCode ?? 0,
        exception_parameter = exit.Parameter,
        instruction_bytes = exit.InstructionBytes,
        ds_segment = state.Segments[ProcessorState.Ds],
        ss_segment = state.Segments[ProcessorState.Ss],
        rax = state.General[0],
        rcx = state.General[1],
        rdx = state.General[2],
        rbx = state.General[3],
        rsp = state.General[4],
        rbp = state.General[5],
        rsi = state.General[6],
        rdi = state.General[7],
        r8 = state.General[8],
        r9 = state.General[9],
        r10 = state.General[10],
        r11 = state.General[11],
        r12 = state.General[12],
        r13 = state.General[13],
        r14 = state.General[14],
        r15 = state.General[15],
    };
}
