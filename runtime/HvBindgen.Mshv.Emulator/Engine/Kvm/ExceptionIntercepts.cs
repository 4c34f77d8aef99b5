using HvBindgen.Kvm.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>Exceptions that end a run: those that KVM's debugging stops at.</summary>
internal sealed unsafe class ExceptionIntercepts(Vcpu vcpu, InstructionReader reader)
{
    internal const byte Debug = 1;
    internal const byte Breakpoint = 3;
    private const uint Possible = (1u << Debug) | (1u << Breakpoint);

    private readonly ExceptionExit exit = new();
    private uint intercepted;

    /// <summary>Sets which exceptions end a run: one bit per vector.</summary>
    internal bool TrySet(uint vectors)
    {
        if ((vectors & ~Possible) != 0)
        {
            return false;
        }

        kvm_guest_debug debug = new()
        {
            control = (vectors == 0 ? 0u : KvmConstants.KVM_GUESTDBG_ENABLE)
                | ((vectors & (1u << Breakpoint)) == 0 ? 0u : KvmConstants.KVM_GUESTDBG_USE_SW_BP)
                | ((vectors & (1u << Debug)) == 0 ? 0u : KvmX64.KVM_GUESTDBG_USE_HW_BP),
        };
        if (!KvmVcpuX64.KVM_SET_GUEST_DEBUG(vcpu.Fd, in debug).IsSuccess)
        {
            return false;
        }

        intercepted = vectors;
        return true;
    }

    internal bool Contains(byte vector) => (intercepted & (1u << vector)) != 0;

    /// <summary>The exit that KVM's debugging made.</summary>
    internal ProcessorExit Recover()
    {
        byte vector = (byte)vcpu.Area->debug.arch.exception;
        return At(vector, vector == Debug ? vcpu.Area->debug.arch.dr6 : 0);
    }

    /// <summary>The exit for an exception at RIP.</summary>
    internal ProcessorExit At(byte vector, ulong parameter = 0)
    {
        exit.Vector = vector;
        exit.Parameter = parameter;
        reader.DescribeAt(vcpu.State.Rip, exit);
        return exit;
    }
}
