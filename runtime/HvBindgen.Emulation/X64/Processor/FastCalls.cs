using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>SYSCALL, SYSRET, SYSENTER and SYSEXIT: segments are made up, not read.</summary>
internal sealed class FastCalls(X64Context context, X64AddressSpace space, ModelRegisters registers)
{
    private const ushort FlatCode32 = 0xC09B;
    private const ushort FlatCode64 = 0xA09B;
    private const ushort FlatData = 0xC093;
    private const ushort Privilege3 = 3 << 5;

    /// <summary>Whether an instruction is one of these that take all flags from elsewhere.</summary>
    internal static bool LoadsFlags(Mnemonic mnemonic) => mnemonic is Mnemonic.Syscall or Mnemonic.Sysret or Mnemonic.Sysretq;

    /// <summary>SYSCALL. In compatibility mode it is the other vendor's.</summary>
    internal bool SystemCall()
    {
        ref X64State state = ref context.State;

        if ((state.Efer & X64Bits.EferSce) == 0 || !context.Is64BitMode)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        ulong target = registers.Lstar;
        ushort selector = (ushort)((registers.Star >> 32) & 0xFFFC);
        state.Gpr[Gpr.Rcx] = context.NextRip;
        state.Gpr[11] = state.Rflags & ~X64Bits.FlagRf;
        state.Rflags = (state.Rflags & ~(registers.SyscallMask | X64Bits.FlagRf)) | 2;
        Load(X64SegmentFile.Cs, selector, FlatCode64);
        Load(X64SegmentFile.Ss, (ushort)(selector + 8), FlatData);
        context.FollowMode();
        context.NextRip = target;
        return true;
    }

    /// <summary>SYSRET.</summary>
    internal bool SystemReturn()
    {
        ref X64State state = ref context.State;
        bool isWide = context.Instruction.Code == Code.Sysretq;

        if ((state.Efer & X64Bits.EferSce) == 0 || !context.Is64BitMode)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        ulong target = isWide ? state.Gpr[Gpr.Rcx] : (uint)state.Gpr[Gpr.Rcx];

        if (state.PrivilegeLevel != 0 || !space.IsCanonical(target))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        const ulong Restored = 0x3C_7FD7;
        ushort selector = (ushort)(registers.Star >> 48);
        state.Rflags = (state.Gpr[11] & Restored) | 2;
        Load(X64SegmentFile.Cs, (ushort)((selector + (isWide ? 16 : 0)) | 3), (ushort)((isWide ? FlatCode64 : FlatCode32) | Privilege3));
        Load(X64SegmentFile.Ss, (ushort)((selector + 8) | 3), FlatData | Privilege3);
        context.FollowMode();
        context.NextRip = target;
        return true;
    }

    /// <summary>SYSENTER.</summary>
    internal bool Enter()
    {
        ref X64State state = ref context.State;
        ushort selector = (ushort)(registers.SysenterCs & 0xFFFC);
        bool isLong = (state.Efer & X64Bits.EferLma) != 0;

        if ((state.Cr0 & X64Bits.Cr0Pe) == 0 || selector == 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        state.Rflags &= ~(X64Bits.FlagVm | X64Bits.FlagIf | X64Bits.FlagRf);
        Load(X64SegmentFile.Cs, selector, isLong ? FlatCode64 : FlatCode32);
        Load(X64SegmentFile.Ss, (ushort)(selector + 8), FlatData);
        context.FollowMode();
        state.Gpr[Gpr.Rsp] = isLong ? registers.SysenterStack : (uint)registers.SysenterStack;
        context.NextRip = isLong ? registers.SysenterTarget : (uint)registers.SysenterTarget;
        return true;
    }

    /// <summary>SYSEXIT.</summary>
    internal bool Exit()
    {
        ref X64State state = ref context.State;
        bool isWide = context.Instruction.Code == Code.Sysexitq;
        ushort selector = (ushort)(registers.SysenterCs & 0xFFFC);

        if (selector == 0 || (state.Cr0 & X64Bits.Cr0Pe) == 0 || state.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        ulong target = isWide ? state.Gpr[Gpr.Rdx] : (uint)state.Gpr[Gpr.Rdx];
        ulong pointer = isWide ? state.Gpr[Gpr.Rcx] : (uint)state.Gpr[Gpr.Rcx];

        if (isWide && (!space.IsCanonical(target) || !space.IsCanonical(pointer)))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        int first = selector + (isWide ? 32 : 16);
        Load(X64SegmentFile.Cs, (ushort)(first | 3), (ushort)((isWide ? FlatCode64 : FlatCode32) | Privilege3));
        Load(X64SegmentFile.Ss, (ushort)((first + 8) | 3), FlatData | Privilege3);
        context.FollowMode();
        state.Gpr[Gpr.Rsp] = pointer;
        context.NextRip = target;
        return true;
    }

    private void Load(int index, ushort selector, ushort attributes) => context.State.Segments[index] = new X64SegmentState
    {
        Selector = selector,
        Limit = uint.MaxValue,
        Attributes = attributes,
    };
}
