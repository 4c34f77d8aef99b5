using System.Diagnostics;
using HvBindgen.Emulation;
using HvBindgen.Kvm.Abi;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>A KVM virtual processor that stops the way the Microsoft hypervisor does: before the instruction, with its bytes.</summary>
/// <remarks>
/// KVM executes an instruction half before it leaves for a port or device access. On each such exit the other half is made
/// to happen, under <c>immediate_exit</c> so that nothing else runs, and the registers are put back to what they were before the
/// instruction. The client then executes it by itself. On hosts where <see cref="VoidSlots"/> stop it there is no half.
/// </remarks>
internal sealed unsafe class KvmProcessor : IProcessorEngine
{
    private readonly Vcpu vcpu;
    private readonly MsrFilter msrs;
    private readonly InstructionReader reader;
    private readonly PortRecovery ports;
    private readonly MemoryRecovery memory;
    private readonly ExceptionIntercepts exceptions;
    private readonly RefusedInstruction refused;
    private readonly FaultedAccess faulted;
    private readonly UnreadableCode code;
    private readonly MachineMemory slots;
    private readonly MsrExit msrExit = new();
    private readonly ApicEoiExit eoiExit = new();

    /// <summary>Creates the processor.</summary>
    /// <param name="vcpu">As KVM has it; belongs to the processor from then on.</param>
    /// <param name="physical">The machine's memory.</param>
    /// <param name="msrs">Which MSRs stop it.</param>
    /// <param name="slots">The same as KVM has it.</param>
    /// <param name="xsaveSizeBytes">Size of its extended state.</param>
    internal KvmProcessor(
        Vcpu vcpu, IGuestPhysicalMemory physical, MsrFilter msrs, MachineMemory slots, int xsaveSizeBytes)
    {
        this.vcpu = vcpu;
        this.msrs = msrs;
        this.slots = slots;
        KvmStoredState stored = new(vcpu.Fd, vcpu.Registers, xsaveSizeBytes);
        Stored = stored;
        LinearMemory linear = new(State, physical);
        reader = new InstructionReader(State, linear);
        MemoryOperands operands = new(State, reader, linear);
        HalfInstruction half = new(vcpu, Stored, operands, new WriteShield(State, physical));
        ports = new PortRecovery(vcpu, reader, linear, half);
        StoreReplay replay = new(State, Stored, physical);
        memory = new MemoryRecovery(vcpu, reader, operands, half, new StoreRecovery(State, reader, operands, half, replay));
        exceptions = new ExceptionIntercepts(vcpu, stored, reader);
        code = new UnreadableCode(State, linear);
        EventDelivery delivery = new(State, linear);
        refused = new RefusedInstruction(vcpu, Stored, reader, operands, linear, code, delivery, physical, exceptions);
        faulted = new FaultedAccess(State, reader, operands, code, delivery, new TrialRun(State, Stored, physical));
    }

    public ProcessorState State => vcpu.State;

    public IStoredState Stored { get; }

    public bool TakesCpuid { get; private set; } = true;

    public bool RequestInterruptWindow { get; set; }

    public ProcessorExit Run()
    {
        TakesCpuid = false;
        while (true)
        {
            vcpu.Area->request_interrupt_window = ByteOf(RequestInterruptWindow);
            exceptions.BeginEntry();
            int errno = vcpu.Enter();
            exceptions.SuspendStep();
            ProcessorExit? exit = errno == 0 ? Translate() : null;
            bool isCarriedOut = errno == 0 && exit is null && vcpu.Area->exit_reason == KvmConstants.KVM_EXIT_INTERNAL_ERROR;
            exit = exceptions.EndEntry(isCarriedOut) ?? exit;
            switch (errno)
            {
                case 0 when exit is not null:
                    return exit;
                case 0:
                    break;
                case Errno.EFAULT or Errno.ENOSPC when faulted.Recover() is { } access: // ENOSPC: a machine without any memory
                    if (access is not FailedExit || !slots.RevealReadOnly())
                    {
                        return access;
                    }

                    break;
                case Errno.EFAULT:
                    break;
                case Errno.EAGAIN: // a startup signal arrived; the processor runs on the next entry
                    break;
                case Errno.EINTR:
                    vcpu.ForgetInterruption();
                    return InterruptedExit.Instance;
                case Errno.EINVAL:
                    vcpu.Registers.Fetch();
                    return InvalidStateExit.Instance;
                default:
                    return new FailedExit(errno, $"KVM_RUN failed with errno {errno}");
            }
        }
    }

    public MemoryExit? FindUnbackedCode() => code.Find();

    public void Interrupt() => vcpu.Interrupt();

    public void AnswerMsr(ulong value, bool faults)
    {
        vcpu.Area->msr.error = ByteOf(faults);
        vcpu.Area->msr.data = value;
    }

    public void AbandonMsr()
    {
        RegisterSnapshot before = State.Save();
        AnswerMsr(0, faults: false);
        _ = vcpu.Complete();
        State.Restore(in before);
    }

    public void AnswerHypercall(bool faults) => throw new UnreachableException();

    public void ForgetTranslations() => throw new UnreachableException();

    public bool TryStart(in hv_init_vp_context context) => throw new UnreachableException();

    public bool TryQueueExternalInterrupt(byte vector)
    {
        kvm_interrupt request = new() { irq = vector };
        return KvmVcpu.KVM_INTERRUPT(vcpu.Fd, in request).IsSuccess;
    }

    public bool TryQueueNmi() => KvmVcpu.KVM_NMI(vcpu.Fd).IsSuccess;

    public bool TryInterceptExceptions(uint vectors) => exceptions.TrySet(vectors);

    public void Dispose() => vcpu.Dispose();

    /// <summary>Turns KVM's exit into the hypervisor's.</summary>
    /// <returns>Null when it is nothing to stop for.</returns>
    private ProcessorExit? Translate()
    {
        uint reason = vcpu.Area->exit_reason;
        switch ((int)reason)
        {
            case KvmConstants.KVM_EXIT_IO:
                return ports.Recover();
            case KvmConstants.KVM_EXIT_MMIO:
                slots.Voids?.CoverAround(vcpu.Area->mmio.phys_addr);
                return memory.Recover();
            case KvmConstants.KVM_EXIT_X86_RDMSR:
            case KvmConstants.KVM_EXIT_X86_WRMSR:
                return Msr();
            case KvmConstants.KVM_EXIT_HLT:
                return HaltExit.Instance;
            case KvmConstants.KVM_EXIT_SHUTDOWN:
                return ShutdownExit.Instance;
            case KvmConstants.KVM_EXIT_IOAPIC_EOI:
                eoiExit.Vector = vcpu.Area->eoi.vector;
                return eoiExit;
            case KvmConstants.KVM_EXIT_IRQ_WINDOW_OPEN:
                RequestInterruptWindow = false;
                return InterruptWindowExit.Instance;
            case KvmConstants.KVM_EXIT_INTR:
                return null;
            case KvmConstants.KVM_EXIT_FAIL_ENTRY:
                return InvalidStateExit.Instance;
            case KvmConstants.KVM_EXIT_DEBUG:
                return exceptions.Recover();
            case KvmConstants.KVM_EXIT_INTERNAL_ERROR:
                return refused.StepOver();
            default:
                return new FailedExit(
                    Errno.EIO, $"KVM stopped for reason {reason}, which has no counterpart in the Microsoft hypervisor");
        }
    }

    private MsrExit Msr()
    {
        msrExit.IsWrite = vcpu.Area->exit_reason == KvmConstants.KVM_EXIT_X86_WRMSR;
        msrExit.Index = vcpu.Area->msr.index;
        msrExit.Value = vcpu.Area->msr.data;
        msrExit.IsIntercepted = vcpu.Area->msr.reason == KvmConstants.KVM_MSR_EXIT_REASON_FILTER
            && msrs.IsIntercepted(msrExit.Index, msrExit.IsWrite);
        reader.DescribeAt(State.Rip, msrExit);
        return msrExit;
    }

    private static byte ByteOf(bool value) => value ? (byte)1 : (byte)0;
}
