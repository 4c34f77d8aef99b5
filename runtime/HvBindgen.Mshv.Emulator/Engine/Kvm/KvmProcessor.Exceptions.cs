using HvBindgen.Emulation.X64;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Interop;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <content>Exceptions, and instructions that KVM refuses to execute.</content>
internal sealed unsafe partial class KvmProcessor
{
    private const byte DebugException = 1;
    private const byte BreakpointException = 3;
    private const byte PageFaultException = 14;
    private const uint InterceptableExceptions = (1u << DebugException) | (1u << BreakpointException);

    private uint interceptedExceptions;

    public bool TryInterceptExceptions(uint vectors)
    {
        if ((vectors & ~InterceptableExceptions) != 0)
        {
            return false;
        }

        kvm_guest_debug debug = new()
        {
            control = (vectors == 0 ? 0u : KvmConstants.KVM_GUESTDBG_ENABLE)
                | ((vectors & (1u << BreakpointException)) == 0 ? 0u : KvmConstants.KVM_GUESTDBG_USE_SW_BP)
                | ((vectors & (1u << DebugException)) == 0 ? 0u : KvmX64.KVM_GUESTDBG_USE_HW_BP),
        };
        if (!KvmVcpuX64.KVM_SET_GUEST_DEBUG(vcpu.Fd, in debug).IsSuccess)
        {
            return false;
        }

        interceptedExceptions = vectors;
        return true;
    }

    private void RecoverException(ref ProcessorExit exit)
    {
        exit.Kind = ProcessorExitKind.Exception;
        exit.Vector = (byte)vcpu.Area->debug.arch.exception;
        exit.ExceptionParameter = exit.Vector == DebugException ? vcpu.Area->debug.arch.dr6 : 0;
        if (reader.TryDecode(State.Rip, out _))
        {
            reader.Describe(ref exit);
        }
    }

    /// <summary>Executes in software what KVM's own emulator does not know.</summary>
    /// <returns>False when the guest can go on.</returns>
    private bool StepOver(ref ProcessorExit exit)
    {
        uint suberror = vcpu.Area->@internal.suberror;
        if (suberror != KvmConstants.KVM_INTERNAL_ERROR_EMULATION)
        {
            Fail(ref exit, Errno.EIO, $"KVM failed with internal error {suberror} at RIP 0x{State.Rip:x}");
            return true;
        }

        if (!reader.TryDecode(State.Rip, out Instruction instruction))
        {
            return StopAtUnreadableCode(ref exit);
        }

        switch (instruction.Mnemonic)
        {
            case Mnemonic.Int3:
                return Breakpoint(ref exit, in instruction);
            case Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq when interruptReturn.TryExecute(in instruction):
                return false;
            case Mnemonic.Wait when (State.Cr0 & 0b1010) != 0b1010: // not (MP and TS)
                State.Rip = instruction.NextIP;
                State.GeneralChanged = true;
                return false;
        }

        step ??= new SoftwareStep(State, Stored, physical);
        if (step.Execute(ref exit, out EmulationOutcome outcome))
        {
            return DescribeAccess(ref exit, in instruction);
        }

        switch (outcome.Result)
        {
            case EmulationResult.Unsupported:
                Fail(ref exit, Errno.EIO, $"neither KVM nor the emulator can execute {outcome.InstructionName} at RIP 0x{State.Rip:x}");
                return true;
            case EmulationResult.Fault:
                Inject(outcome.Vector, outcome.ErrorCode);
                if (outcome.Vector == PageFaultException)
                {
                    State.Cr2 = outcome.FaultAddress;
                    State.SystemChanged = true;
                }

                return false;
            default:
                return false;
        }
    }

    private bool DescribeAccess(ref ProcessorExit exit, in Instruction instruction)
    {
        exit.IsString = instruction.IsStringInstruction;
        exit.HasRepeat = instruction.HasRepPrefix || instruction.HasRepnePrefix;
        exit.GvaValid = exit.Kind == ProcessorExitKind.Memory && TryFindAccess(in instruction, exit.Gpa, out exit.Gva);
        if (reader.TryDecode(State.Rip, out _))
        {
            reader.Describe(ref exit);
        }

        exit.InstructionLength = exit.Kind == ProcessorExitKind.Memory ? (byte)0 : exit.InstructionLength;
        return true;
    }

    // Code where no memory is: an access like any other, but to execute.
    private bool StopAtUnreadableCode(ref ProcessorExit exit)
    {
        ulong linear = memory.AddressOf(ProcessorState.Cs, State.Rip);
        if (memory.TryTranslate(linear, out ulong gpa) && !memory.IsBacked(gpa))
        {
            exit.Kind = ProcessorExitKind.Memory;
            exit.IsExecute = true;
            exit.Gpa = gpa;
            exit.Gva = linear;
            exit.GvaValid = true;
            return true;
        }

        Fail(ref exit, Errno.EIO, $"KVM cannot execute what is at RIP 0x{State.Rip:x}, and it is no instruction that can be read");
        return true;
    }

    private bool Breakpoint(ref ProcessorExit exit, in Instruction instruction)
    {
        if ((interceptedExceptions & (1u << BreakpointException)) != 0)
        {
            exit.Kind = ProcessorExitKind.Exception;
            exit.Vector = BreakpointException;
            reader.Describe(ref exit);
            return true;
        }

        // A trap: the guest's handler returns behind the instruction.
        State.Rip = instruction.NextIP;
        State.GeneralChanged = true;
        Inject(BreakpointException, errorCode: null);
        return false;
    }

    private void Inject(byte vector, uint? errorCode)
    {
        State.Events.ExceptionInjected = true;
        State.Events.ExceptionVector = vector;
        State.Events.ExceptionHasErrorCode = errorCode is not null;
        State.Events.ExceptionErrorCode = errorCode ?? 0;
        State.EventsChanged = true;
    }
}
