using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Interop;
using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Executes in software what KVM's own emulator does not know.</summary>
internal sealed unsafe class RefusedInstruction(
    Vcpu vcpu,
    IStoredState stored,
    InstructionReader reader,
    MemoryOperands operands,
    LinearMemory memory,
    UnreadableCode code,
    EventDelivery delivery,
    IGuestPhysicalMemory physical,
    ExceptionIntercepts exceptions)
{
    private readonly InterruptReturn interruptReturn = new(vcpu.State, memory);
    private readonly PortExit portExit = new();
    private readonly MemoryExit memoryExit = new();
    private SoftwareStep? step;

    private ProcessorState State => vcpu.State;

    /// <summary>Executes the instruction at RIP.</summary>
    /// <returns>Null when the guest can go on.</returns>
    internal ProcessorExit? StepOver()
    {
        uint suberror = vcpu.Area->@internal.suberror;
        if (suberror != KvmConstants.KVM_INTERNAL_ERROR_EMULATION)
        {
            bool isDelivery = suberror == KvmConstants.KVM_INTERNAL_ERROR_DELIVERY_EV && State.Events.IsInterruptionPending;
            return (ProcessorExit?)(isDelivery ? delivery.Find() : null)
                ?? new FailedExit(Errno.EIO, $"KVM failed with internal error {suberror} at RIP 0x{State.Rip:x}");
        }

        ForgetUndefined();
        if (!reader.TryDecode(State.Rip, out Instruction instruction))
        {
            return (ProcessorExit?)code.Find() ?? new FailedExit(
                Errno.EIO, $"KVM cannot execute what is at RIP 0x{State.Rip:x}, and it is no instruction that can be read");
        }

        switch (instruction.Mnemonic)
        {
            case Mnemonic.Int3 when exceptions.Contains(X64Bits.VectorBp):
                return exceptions.At(X64Bits.VectorBp);
            case Mnemonic.Int3:
                // A trap: the guest's handler returns behind the instruction.
                Skip(in instruction);
                State.Events.InjectException(X64Bits.VectorBp, errorCode: null);
                State.EventsChanged = true;
                return null;
            case Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq when interruptReturn.TryExecute(in instruction):
                return null;
            case Mnemonic.Wait when (State.Cr0 & 0b1010) != 0b1010: // not (MP and TS)
                Skip(in instruction);
                return null;
            default:
                return Step(in instruction);
        }
    }

    // A KVM that cannot be told to leave such an instruction alone has already made it #UD.
    private void ForgetUndefined()
    {
        if (State.Events is { ExceptionInjected: true, ExceptionVector: X64Bits.VectorUd })
        {
            State.Events.ExceptionInjected = false;
            State.EventsChanged = true;
        }
    }

    private ProcessorExit? Step(in Instruction instruction)
    {
        step ??= new SoftwareStep(State, stored, physical);
        EmulationOutcome outcome;
        try
        {
            outcome = step.Execute();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The run ends with an error number, as whatever is wrong behind a driver does.
            return new FailedExit(
                Errno.EIO, $"executing {instruction.Code} in software at RIP 0x{State.Rip:x} failed: {exception.Message}");
        }

        if (step.Access is { } access)
        {
            return access.IsPort ? PortAt(in instruction, in access) : MemoryAt(in instruction, in access);
        }

        switch (outcome.Result)
        {
            case EmulationResult.Unsupported:
                return new FailedExit(
                    Errno.EIO, $"neither KVM nor the emulator can execute {outcome.InstructionName} at RIP 0x{State.Rip:x}, "
                    + $"in {reader.BytesAround(State.Rip)}");
            case EmulationResult.Fault:
                State.Events.InjectException(outcome.Vector, outcome.ErrorCode);
                State.EventsChanged = true;
                if (outcome.Vector == X64Bits.VectorPf)
                {
                    State.Cr2 = outcome.FaultAddress;
                    State.SystemChanged = true;
                }

                return null;
            default:
                return null;
        }
    }

    private PortExit PortAt(in Instruction instruction, in DeviceAccess access)
    {
        portExit.Port = (ushort)access.Address;
        portExit.SizeBytes = (byte)access.SizeBytes;
        portExit.IsWrite = access.IsWrite;
        portExit.IsString = instruction.IsStringInstruction;
        portExit.HasRepeat = MemoryOperands.IsRepeated(in instruction);
        reader.DescribeAt(State.Rip, portExit);
        return portExit;
    }

    private MemoryExit MemoryAt(in Instruction instruction, in DeviceAccess access)
    {
        memoryExit.Gpa = access.Address;
        memoryExit.Access = access.IsWrite ? MemoryAccess.Write : MemoryAccess.Read;
        memoryExit.Gva = operands.TryFindAccess(in instruction, access.Address, out ulong gva) ? gva : null;
        reader.DescribeAt(State.Rip, memoryExit);
        memoryExit.InstructionLength = 0; // the hypervisor gives bytes, not a length
        return memoryExit;
    }

    private void Skip(in Instruction instruction)
    {
        State.Rip = instruction.NextIP;
        State.GeneralChanged = true;
    }
}
