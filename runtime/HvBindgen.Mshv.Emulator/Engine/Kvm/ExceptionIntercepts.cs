using HvBindgen.Emulation.X64;
using HvBindgen.Kvm.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Exceptions that end a run: those that KVM's debugging stops at.</summary>
/// <remarks>
/// While debug exceptions are intercepted KVM watches the addresses that it is told for debugging, not those of the guest's registers,
/// so it is told the same ones. Where KVM carries instructions out by itself it gives the trap of a guest that steps to the guest, unless
/// the step is KVM's own: so it is made that.
/// </remarks>
internal sealed unsafe class ExceptionIntercepts(Vcpu vcpu, KvmStoredState stored, InstructionReader reader)
{
    private const uint Possible = (1u << X64Bits.VectorDb) | (1u << X64Bits.VectorBp);

    private const int DebugRegisterCount = 6;
    private const int BreakpointCount = 4;
    private const int ControlRegister = 7;

    private readonly ExceptionExit exit = new();
    private uint intercepted;
    private bool isStepping;

    /// <summary>Whether KVM stops at all of some exceptions: one bit per vector.</summary>
    internal static bool CanIntercept(uint vectors) => (vectors & ~Possible) == 0;

    /// <summary>Sets which exceptions end a run: one bit per vector.</summary>
    internal bool TrySet(uint vectors)
    {
        if (!CanIntercept(vectors) || !TryApply(vectors, step: false))
        {
            return false;
        }

        intercepted = vectors;
        return true;
    }

    internal bool Contains(byte vector) => (intercepted & (1u << vector)) != 0;

    /// <summary>Before an entry: KVM learns what has changed.</summary>
    internal void BeginEntry()
    {
        if (!Contains(X64Bits.VectorDb))
        {
            return;
        }

        bool step = (vcpu.State.Rflags & X64Bits.FlagTf) != 0;
        if (step || stored.DebugRegistersChanged)
        {
            isStepping = TryApply(intercepted, step) && step;
        }
    }

    /// <summary>After an entry, before anything else is done with the processor: KVM's own step ends, and what it hid of the guest's flags
    /// stays hidden until <see cref="EndEntry"/>.</summary>
    internal void SuspendStep()
    {
        if (isStepping)
        {
            _ = TryApply(intercepted, step: false);
        }
    }

    /// <summary>After an exit has been translated: the guest's flags are shown again.</summary>
    /// <param name="isCarriedOut">Whether the instruction was carried out in software: then its trap is still due.</param>
    /// <returns>The trap; null where there is none.</returns>
    internal ExceptionExit? EndEntry(bool isCarriedOut)
    {
        if (!isStepping)
        {
            return null;
        }

        isStepping = false;
        vcpu.State.Rflags |= X64Bits.FlagTf;
        vcpu.State.GeneralChanged = true;
        return isCarriedOut ? At(X64Bits.VectorDb, X64Bits.Dr6SingleStep) : null;
    }

    /// <summary>The exit that KVM's debugging made.</summary>
    internal ExceptionExit Recover()
    {
        byte vector = (byte)vcpu.Area->debug.arch.exception;
        return At(vector, vector == X64Bits.VectorDb ? vcpu.Area->debug.arch.dr6 : 0);
    }

    /// <summary>The exit for an exception at RIP.</summary>
    internal ExceptionExit At(byte vector, ulong parameter = 0)
    {
        exit.Vector = vector;
        exit.Parameter = parameter;
        reader.DescribeAt(vcpu.State.Rip, exit);
        return exit;
    }

    private bool TryApply(uint vectors, bool step)
    {
        kvm_guest_debug debug = new()
        {
            control = (vectors == 0 ? 0u : KvmConstants.KVM_GUESTDBG_ENABLE)
                | ((vectors & (1u << X64Bits.VectorBp)) == 0 ? 0u : KvmConstants.KVM_GUESTDBG_USE_SW_BP)
                | ((vectors & (1u << X64Bits.VectorDb)) == 0 ? 0u : KvmX64.KVM_GUESTDBG_USE_HW_BP)
                | (step ? (uint)KvmConstants.KVM_GUESTDBG_SINGLESTEP : 0u),
        };
        if ((vectors & (1u << X64Bits.VectorDb)) != 0)
        {
            Span<ulong> registers = stackalloc ulong[DebugRegisterCount];
            stored.ReadDebugRegisters(registers);
            registers[..BreakpointCount].CopyTo(debug.arch.debugreg);
            debug.arch.debugreg[ControlRegister] = registers[^1];
        }

        stored.DebugRegistersChanged = false;
        return KvmVcpuX64.KVM_SET_GUEST_DEBUG(vcpu.Fd, in debug).IsSuccess;
    }
}
