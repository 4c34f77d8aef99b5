using HvBindgen.Emulation;
using HvBindgen.Kvm.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>A KVM virtual processor that stops the way the Microsoft hypervisor does: before the instruction, with its bytes.</summary>
/// <remarks>
/// KVM executes an instruction half before it leaves for a port or device access. On each such exit the other half is made
/// to happen with dummy data, under <c>immediate_exit</c> so that nothing else runs, and the registers are put back to what
/// they were before the instruction. The client then executes it by itself.
/// </remarks>
internal sealed unsafe partial class KvmProcessor : IProcessorEngine
{
    private readonly Vcpu vcpu;
    private readonly LinearMemory memory;
    private readonly InstructionReader reader;
    private readonly InterruptReturn interruptReturn;
    private readonly IGuestPhysicalMemory physical;
    private SoftwareStep? step;

    internal KvmProcessor(Vcpu vcpu, IGuestPhysicalMemory physical, int xsaveSizeBytes)
    {
        this.vcpu = vcpu;
        this.physical = physical;
        memory = new LinearMemory(State, physical);
        Stored = new KvmStoredState(vcpu.Fd, vcpu.Registers, xsaveSizeBytes);
        reader = new InstructionReader(State, memory);
        interruptReturn = new InterruptReturn(State, memory);
    }

    public ProcessorState State => vcpu.State;

    public IStoredState Stored { get; }

    public bool HasRun { get; private set; }

    public bool RequestInterruptWindow { get; set; }

    public void Run(out ProcessorExit exit)
    {
        exit = default;
        HasRun = true;
        while (true)
        {
            vcpu.Area->request_interrupt_window = ByteOf(RequestInterruptWindow);
            int errno = vcpu.Enter();
            switch (errno)
            {
                case 0:
                    if (Translate(ref exit))
                    {
                        return;
                    }

                    break;
                case Errno.EAGAIN: // a startup signal arrived; the processor runs on the next entry
                    break;
                case Errno.EINTR:
                    vcpu.ForgetInterruption();
                    exit.Kind = ProcessorExitKind.Interrupted;
                    return;
                case Errno.EINVAL:
                    exit.Kind = ProcessorExitKind.InvalidState;
                    vcpu.Registers.Fetch();
                    return;
                default:
                    Fail(ref exit, errno, "KVM_RUN failed");
                    return;
            }
        }
    }

    public void Interrupt() => vcpu.Interrupt();

    public void AnswerMsr(ulong value, bool faults)
    {
        vcpu.Area->msr.error = ByteOf(faults);
        vcpu.Area->msr.data = value;
    }

    public bool TryQueueExternalInterrupt(byte vector)
    {
        kvm_interrupt request = new() { irq = vector };
        return KvmVcpu.KVM_INTERRUPT(vcpu.Fd, in request).IsSuccess;
    }

    public bool TryQueueNmi() => KvmVcpu.KVM_NMI(vcpu.Fd).IsSuccess;

    public void Dispose() => vcpu.Dispose();

    private static void Fail(ref ProcessorExit exit, int errno, string reason)
    {
        exit.Kind = ProcessorExitKind.Failed;
        exit.Errno = errno;
        exit.Reason = reason;
    }

    /// <summary>Turns KVM's exit into the hypervisor's.</summary>
    /// <returns>False when it is nothing to stop for.</returns>
    private bool Translate(ref ProcessorExit exit)
    {
        switch ((int)vcpu.Area->exit_reason)
        {
            case KvmConstants.KVM_EXIT_IO:
                RecoverPortAccess(ref exit);
                return true;
            case KvmConstants.KVM_EXIT_MMIO:
                RecoverMemoryAccess(ref exit);
                return true;
            case KvmConstants.KVM_EXIT_X86_RDMSR:
            case KvmConstants.KVM_EXIT_X86_WRMSR:
                exit.Kind = ProcessorExitKind.Msr;
                exit.IsWrite = vcpu.Area->exit_reason == KvmConstants.KVM_EXIT_X86_WRMSR;
                exit.MsrIndex = vcpu.Area->msr.index;
                exit.MsrValue = vcpu.Area->msr.data;
                exit.MsrIsIntercepted = vcpu.Area->msr.reason == KvmConstants.KVM_MSR_EXIT_REASON_FILTER;
                if (reader.TryDecode(State.Rip, out _))
                {
                    reader.Describe(ref exit);
                }

                return true;
            case KvmConstants.KVM_EXIT_HLT:
                exit.Kind = ProcessorExitKind.Halt;
                return true;
            case KvmConstants.KVM_EXIT_SHUTDOWN:
                exit.Kind = ProcessorExitKind.Shutdown;
                return true;
            case KvmConstants.KVM_EXIT_IOAPIC_EOI:
                exit.Kind = ProcessorExitKind.ApicEoi;
                exit.Vector = vcpu.Area->eoi.vector;
                return true;
            case KvmConstants.KVM_EXIT_IRQ_WINDOW_OPEN:
                RequestInterruptWindow = false;
                exit.Kind = ProcessorExitKind.InterruptWindow;
                return true;
            case KvmConstants.KVM_EXIT_INTR:
                return false;
            case KvmConstants.KVM_EXIT_FAIL_ENTRY:
                exit.Kind = ProcessorExitKind.InvalidState;
                return true;
            case KvmConstants.KVM_EXIT_DEBUG:
                RecoverException(ref exit);
                return true;
            case KvmConstants.KVM_EXIT_INTERNAL_ERROR:
                return StepOver(ref exit);
            default:
                Fail(ref exit, Errno.EIO, $"KVM stopped for reason {vcpu.Area->exit_reason}, which has no counterpart in the Microsoft hypervisor");
                return true;
        }
    }

    private static byte ByteOf(bool value) => value ? (byte)1 : (byte)0;
}
