using HvBindgen.Kvm.Abi;
using HvBindgen.Kvm.Abi.X64;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Memory;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>A KVM virtual processor that stops the way the Microsoft hypervisor does: before the instruction, with its bytes.</summary>
/// <remarks>
/// KVM executes an instruction half before it leaves for a port or device access. On each such exit the other half is made
/// to happen with dummy data, under <c>immediate_exit</c> so that nothing else runs, and the registers are put back to what
/// they were before the instruction. The client then executes it by itself.
/// </remarks>
internal sealed unsafe partial class KvmProcessor : IProcessorEngine
{
    private readonly KvmDevice device;
    private readonly Fd fd;
    private readonly kvm_run* run;
    private readonly IGuestPhysicalMemory memory;
    private readonly bool hasApic;
    private readonly InstructionReader reader;
    private readonly byte[] xsaveBuffer;
    private volatile bool isInterrupted;
    private SoftwareStep? step;

    internal KvmProcessor(KvmDevice device, Fd fd, nint area, IGuestPhysicalMemory memory, bool hasApic)
    {
        this.device = device;
        this.fd = fd;
        this.memory = memory;
        this.hasApic = hasApic;
        run = (kvm_run*)area; // mapped until Dispose
        xsaveBuffer = new byte[device.XsaveSizeBytes];
        run->kvm_valid_regs = KvmX64.KVM_SYNC_X86_VALID_FIELDS;
        reader = new InstructionReader(State, this, memory);
        Fetch();
    }

    public ProcessorState State { get; } = new();

    public bool HasRun { get; private set; }

    public bool RequestInterruptWindow { get; set; }

    public void Run(out ProcessorExit exit)
    {
        exit = default;
        HasRun = true;
        while (true)
        {
            run->request_interrupt_window = ByteOf(RequestInterruptWindow);
            int errno = Enter();
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
                    isInterrupted = false;
                    run->immediate_exit = 0;
                    exit.Kind = ProcessorExitKind.Interrupted;
                    return;
                case Errno.EINVAL:
                    exit.Kind = ProcessorExitKind.InvalidState;
                    Fetch();
                    return;
                default:
                    Fail(ref exit, errno, "KVM_RUN failed");
                    return;
            }
        }
    }

    public void Interrupt()
    {
        isInterrupted = true;
        Volatile.Write(ref run->immediate_exit, 1);
    }

    public void Dispose()
    {
        _ = CLibrary.Munmap(run, (nuint)device.RunAreaSizeBytes);
        _ = CLibrary.Close(fd.Value);
    }

    /// <summary>Writes changed registers, enters the guest, and reads the registers back.</summary>
    /// <returns>An error number, 0 if none.</returns>
    private int Enter()
    {
        long start = device.Statistics.Start();
        Flush();
        int errno = KvmVcpu.KVM_RUN(fd).Errno;
        device.Statistics.AddEntry(start);
        if (errno != Errno.EINVAL)
        {
            Load(State, in run->s.regs.regs);
            Load(State, in run->s.regs.sregs);
            Load(State, in run->s.regs.events);
        }

        return errno;
    }

    private void Flush()
    {
        ulong dirty = 0;
        if (State.GeneralChanged)
        {
            Store(State, out run->s.regs.regs);
            dirty |= KvmX64.KVM_SYNC_X86_REGS;
            State.GeneralChanged = false;
        }

        if (State.SystemChanged)
        {
            Store(State, ref run->s.regs.sregs);
            dirty |= KvmX64.KVM_SYNC_X86_SREGS;
            State.SystemChanged = false;
        }

        if (State.EventsChanged)
        {
            Store(State, ref run->s.regs.events);
            dirty |= KvmX64.KVM_SYNC_X86_EVENTS;
            State.EventsChanged = false;
        }

        run->kvm_dirty_regs = dirty;
        if (!hasApic)
        {
            run->cr8 = State.Cr8;
        }
    }

    // The first state, and the one after registers that KVM refused.
    private void Fetch()
    {
        _ = KvmVcpuX64.KVM_GET_REGS(fd, &run->s.regs.regs);
        _ = KvmVcpuX64.KVM_GET_SREGS(fd, &run->s.regs.sregs);
        _ = KvmVcpuX64.KVM_GET_VCPU_EVENTS(fd, &run->s.regs.events);
        Load(State, in run->s.regs.regs);
        Load(State, in run->s.regs.sregs);
        Load(State, in run->s.regs.events);
        State.GeneralChanged = State.SystemChanged = State.EventsChanged = false;
        run->kvm_dirty_regs = 0;
    }

    /// <summary>Finishes what KVM left half done, without letting the guest go on.</summary>
    /// <returns>True when nothing is left; false when the same instruction has stopped again.</returns>
    private bool Complete()
    {
        run->immediate_exit = 1;
        int errno = Enter();
        run->immediate_exit = ByteOf(isInterrupted);
        return errno != 0;
    }

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
        switch ((int)run->exit_reason)
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
                exit.IsWrite = run->exit_reason == KvmConstants.KVM_EXIT_X86_WRMSR;
                exit.MsrIndex = run->msr.index;
                exit.MsrValue = run->msr.data;
                exit.MsrIsIntercepted = run->msr.reason == KvmConstants.KVM_MSR_EXIT_REASON_FILTER;
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
                exit.Vector = run->eoi.vector;
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
                Fail(ref exit, Errno.EIO, $"KVM stopped for reason {run->exit_reason}, which has no counterpart in the Microsoft hypervisor");
                return true;
        }
    }
}
