using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Diagnostics;
using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Running;

/// <content>Instructions that the message describes completely: the handler answers, the answer goes into the registers, RIP goes
/// on.</content>
internal sealed partial class X64Dispatcher
{
    private const byte VectorGeneralProtection = 13;
    private const ulong FlagTrap = 1 << 8;

    private Treatment OnIoPort(in IoPortIntercept io)
    {
        int sizeBytes = io.SizeBytes;
        if (sizeBytes is not (1 or 2 or 4))
        {
            return End(RunEnd.MalformedMessage, $"port access of {sizeBytes} bytes");
        }

        if (io.IsString || io.Header.instruction_length == 0)
        {
            return OnStringIo(in io);
        }

        // REP before IN and OUT means nothing to a processor.
        ref readonly hv_x64_intercept_message_header header = ref io.Header;
        if (io.IsRead)
        {
            if (!handlers.Ports.TryRead(Processor.Index, io.Port, sizeBytes, out uint value)
                && !Passes(options.Ports, UnclaimedKind.Port, io.Port, isWrite: false))
            {
                return End(RunEnd.Unhandled, $"no device has port 0x{io.Port:x}");
            }

            registers.Set(hv_register_name.HV_X64_REGISTER_RAX, Merge(io.Rax, value, sizeBytes));
        }
        else if (!handlers.Ports.TryWrite(Processor.Index, io.Port, sizeBytes, Low(io.Rax, sizeBytes))
            && !Passes(options.Ports, UnclaimedKind.Port, io.Port, isWrite: true))
        {
            return End(RunEnd.Unhandled, $"no device has port 0x{io.Port:x}");
        }

        return FinishInstruction(in header);
    }

    private Treatment OnMsr(in MsrIntercept access)
    {
        ref readonly hv_x64_intercept_message_header header = ref access.Header;
        if (header.instruction_length == 0)
        {
            return EndWithoutLength();
        }

        bool known;
        if (access.IsWrite)
        {
            known = handlers.Msrs?.TryWrite(Processor.Index, access.Msr, access.Value) ?? false;
        }
        else
        {
            ulong value = 0;
            known = handlers.Msrs?.TryRead(Processor.Index, access.Msr, out value) ?? false;
            if (known)
            {
                registers.Set(hv_register_name.HV_X64_REGISTER_RAX, (uint)value);
                registers.Set(hv_register_name.HV_X64_REGISTER_RDX, value >> 32);
            }
        }

        if (known)
        {
            return FinishInstruction(in header);
        }

        return Passes(options.Msrs, UnclaimedKind.Msr, access.Msr, access.IsWrite)
            ? InjectFault(in header, VectorGeneralProtection, errorCode: 0, parameter: 0)
            : End(RunEnd.Unhandled, $"no handler knows model-specific register 0x{access.Msr:x}");
    }

    private Treatment OnCpuid(in CpuidIntercept query)
    {
        if (query.Header.instruction_length == 0)
        {
            return EndWithoutLength();
        }

        CpuidResult result = query.DefaultResult;
        if (handlers.Cpuid is { } handler)
        {
            result = handler.GetResult(Processor.Index, query.Leaf, query.Subleaf, result);
        }

        registers.Set(hv_register_name.HV_X64_REGISTER_RAX, result.Eax);
        registers.Set(hv_register_name.HV_X64_REGISTER_RBX, result.Ebx);
        registers.Set(hv_register_name.HV_X64_REGISTER_RCX, result.Ecx);
        registers.Set(hv_register_name.HV_X64_REGISTER_RDX, result.Edx);
        return FinishInstruction(in query.Header);
    }

    private Treatment OnHypercall(in HypercallIntercept call)
    {
        if (call.Header.instruction_length == 0)
        {
            return EndWithoutLength();
        }

        ulong result = 0;
        bool known = handlers.Hypercalls?.TryCall(Processor.Index, in call, out result) ?? false;
        if (!known)
        {
            if (!Passes(options.Hypercalls, UnclaimedKind.Hypercall, call.Control & 0xffff, isWrite: false))
            {
                return End(RunEnd.Unhandled, $"no handler knows hypercall 0x{call.Control & 0xffff:x}");
            }

            result = Abi.Constants.HV_STATUS_INVALID_HYPERCALL_CODE;
        }

        if (call.Is64Bit)
        {
            registers.Set(hv_register_name.HV_X64_REGISTER_RAX, result);
        }
        else
        {
            registers.Set(hv_register_name.HV_X64_REGISTER_RAX, (uint)result);
            registers.Set(hv_register_name.HV_X64_REGISTER_RDX, result >> 32);
        }

        return FinishInstruction(in call.Header);
    }

    private Treatment OnException(in ExceptionIntercept exception)
    {
        switch (handlers.Exceptions?.OnException(Processor.Index, in exception) ?? ExceptionAction.Unhandled)
        {
            case ExceptionAction.Retry:
                return Treatment.Retried;
            case ExceptionAction.Deliver:
                // INT3 and INTO return to the instruction after them; RIP still stands before.
                if (exception.IsSoftware)
                {
                    registers.Set(hv_register_name.HV_X64_REGISTER_RIP, NextRip(in exception.Header));
                }

                return InjectFault(in exception.Header, (byte)exception.Vector, exception.ErrorCode, exception.Parameter);
            default:
                return End(RunEnd.Unhandled, $"no handler for exception {exception.Vector}");
        }
    }

    /// <summary>Moves RIP behind the instruction, with what else the end of an instruction brings, and hands the registers over.</summary>
    private Treatment FinishInstruction(ref readonly hv_x64_intercept_message_header header)
    {
        registers.Set(hv_register_name.HV_X64_REGISTER_RIP, NextRip(in header));
        if ((header.rflags & FlagTrap) != 0)
        {
            StageStep();
        }

        return header.execution_state.interrupt_shadow != 0 ? CommitWithInterruptShadow(false) : Commit();
    }

    // A debugger's step is the debugger's.
    private void StageStep()
    {
        if (handlers.Exceptions?.OnStepped(Processor.Index) != true)
        {
            events.StageSingleStep();
        }
    }

    private Treatment InjectFault(
        ref readonly hv_x64_intercept_message_header header, byte vector, uint? errorCode, ulong parameter)
    {
        if (header.execution_state.interruption_pending != 0)
        {
            return EndAsInterrupted();
        }

        events.StageFault(in header, vector, errorCode, parameter);
        return Commit();
    }

    // Another event is on its way; the hypervisor delivers it again if the processor is left alone, and there is room for one.
    private Treatment EndAsInterrupted()
    {
        registers.Clear();
        return End(RunEnd.Unhandled, "the access was made by the delivery of an interrupt or exception, not by an instruction");
    }

    private Treatment EndWithoutLength() =>
        End(RunEnd.MalformedMessage, "the message has no length for an instruction that must have one");

    // IP and EIP wrap at 32 bits outside 64-bit mode.
    private static ulong NextRip(ref readonly hv_x64_intercept_message_header header)
    {
        ulong next = unchecked(header.rip + header.instruction_length);
        bool is64BitMode = header.execution_state.efer_lma != 0 && header.cs_segment._long != 0;
        return is64BitMode ? next : (uint)next;
    }

    private static uint Low(ulong value, int sizeBytes) => sizeBytes switch
    {
        1 => (byte)value,
        2 => (ushort)value,
        _ => (uint)value,
    };

    // As the processor does: 8 and 16 bits leave the rest of RAX as it was, 32 bits clear the upper half.
    private static ulong Merge(ulong rax, uint value, int sizeBytes) => sizeBytes switch
    {
        1 => (rax & ~0xffUL) | (byte)value,
        2 => (rax & ~0xffffUL) | (ushort)value,
        _ => value,
    };
}
