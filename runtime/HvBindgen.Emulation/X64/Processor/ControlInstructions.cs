using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Control and debug registers, and what turns paging, interrupts and the processor itself on and off.</summary>
internal sealed class ControlInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, SystemRegisters system, IX64Surroundings surroundings)
{
    private const ulong Cr0Known = X64Bits.Cr0Pe | X64Bits.Cr0Mp | X64Bits.Cr0Em | X64Bits.Cr0Ts | X64Bits.Cr0Et | X64Bits.Cr0Ne
        | X64Bits.Cr0Wp | X64Bits.Cr0Am | X64Bits.Cr0Nw | X64Bits.Cr0Cd | X64Bits.Cr0Pg;

    /// <summary>What the processor advertises: bits that stand for what it has not are reserved.</summary>
    internal const ulong Cr4Known = X64Bits.Cr4Tsd | X64Bits.Cr4De | X64Bits.Cr4Pse | X64Bits.Cr4Pae | X64Bits.Cr4Mce | X64Bits.Cr4Pge
        | X64Bits.Cr4Osfxsr | X64Bits.Cr4Osxmmexcpt | X64Bits.Cr4Umip | X64Bits.Cr4Fsgsbase | X64Bits.Cr4Pcide
        | X64Bits.Cr4Osxsave | X64Bits.Cr4Smep | X64Bits.Cr4Smap;

    /// <summary>What the instruction stops the processor for behind it; null: nothing.</summary>
    internal ProcessorStop? Stop { get; set; }

    /// <summary>MOV to and from control registers.</summary>
    internal bool MoveControl()
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        bool isRead = context.Instruction.Op1Register is >= Register.CR0 and <= Register.CR15;
        Register control = isRead ? context.Instruction.Op1Register : context.Instruction.Op0Register;
        int size = context.Is64BitMode ? 8 : 4;

        if (!isRead)
        {
            return TryWriteControl(control, X64Value.Truncate(context.ReadRegister(context.Instruction.Op1Register), size));
        }

        ref X64State state = ref context.State;
        ulong? value = control switch
        {
            Register.CR0 => state.Cr0,
            Register.CR2 => state.Cr2,
            Register.CR3 => state.Cr3,
            Register.CR4 => state.Cr4,
            Register.CR8 => state.Cr8,
            _ => null,
        };

        if (value is null)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        context.WriteRegister(context.Instruction.Op0Register, value.Value);
        return true;
    }

    private bool TryWriteControl(Register control, ulong value)
    {
        ref X64State state = ref context.State;

        switch (control)
        {
            case Register.CR0:
                return TryWriteCr0(value);
            case Register.CR2:
                state.Cr2 = value;
                return true;
            case Register.CR3:
                return TryWriteCr3(value);
            case Register.CR4:
                return TryWriteCr4(value);
            case Register.CR8 when value <= 15:
                state.Cr8 = value;
                surroundings.OnTaskPriority();
                return true;
            case Register.CR8:
                return context.FaultWithCode(X64Bits.VectorGp);
            default:
                return context.Fault(X64Bits.VectorUd);
        }
    }

    private bool TryWriteCr0(ulong value)
    {
        ref X64State state = ref context.State;
        bool isPaging = (value & X64Bits.Cr0Pg) != 0;
        bool wasPaging = (state.Cr0 & X64Bits.Cr0Pg) != 0;
        bool isLong = (state.Efer & X64Bits.EferLme) != 0;
        bool isInvalid = value > uint.MaxValue
            || (isPaging && (value & X64Bits.Cr0Pe) == 0)
            || ((value & (X64Bits.Cr0Nw | X64Bits.Cr0Cd)) == X64Bits.Cr0Nw)
            || (isPaging && !wasPaging && isLong
                && ((state.Cr4 & X64Bits.Cr4Pae) == 0 || state.Segments[X64SegmentFile.Cs].IsLong))
            || (!isPaging && wasPaging && (context.Is64BitMode || (state.Cr4 & X64Bits.Cr4Pcide) != 0));

        // SDM volume 3, 4.4.1: what loads the pointers of PAE.
        const ulong Loading = X64Bits.Cr0Pg | X64Bits.Cr0Cd | X64Bits.Cr0Nw;
        ulong efer = isPaging && isLong ? state.Efer | X64Bits.EferLma : state.Efer & ~X64Bits.EferLma;
        bool loadsPointers = ((value ^ state.Cr0) & Loading) != 0;

        if (isInvalid || (loadsPointers && !space.Pages.AreLoadable(state.Paging with { Cr0 = value, Efer = efer })))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        state.Cr0 = (value & Cr0Known) | X64Bits.Cr0Et;
        state.Efer = efer;
        context.FollowMode();
        space.Pages.Kept?.Clear();
        return true;
    }

    // Bits above the width of physical addresses are reserved, but for the one that keeps the translations of a process context.
    private bool TryWriteCr3(ulong value)
    {
        ref X64State state = ref context.State;
        bool hasContexts = (state.Cr4 & X64Bits.Cr4Pcide) != 0;
        bool keepsTranslations = hasContexts && (value & X64Bits.Cr3KeepsTranslations) != 0;
        ulong root = hasContexts ? value & ~X64Bits.Cr3KeepsTranslations : value;

        if (((state.Efer & X64Bits.EferLma) != 0 && root >> space.Pages.PhysicalAddressBits != 0)
            || !space.Pages.AreLoadable(state.Paging with { Cr3 = root }))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        state.Cr3 = root;

        if (!keepsTranslations)
        {
            space.Pages.Kept?.Clear(state.ProcessContext);
        }

        space.Pages.Kept?.Use(state.ProcessContext);
        return true;
    }

    private bool TryWriteCr4(ulong value)
    {
        ref X64State state = ref context.State;

        bool isLong = (state.Efer & X64Bits.EferLma) != 0;
        bool addsContexts = (value & ~state.Cr4 & X64Bits.Cr4Pcide) != 0;
        bool isInvalid = (value & ~Cr4Known) != 0
            || (isLong && (value & X64Bits.Cr4Pae) == 0)
            || (addsContexts && (!isLong || (state.Cr3 & X64Bits.Cr3Pcid) != 0));

        const ulong Loading = X64Bits.Cr4Pae | X64Bits.Cr4Pge | X64Bits.Cr4Pse | X64Bits.Cr4Smep;
        bool loadsPointers = ((value ^ state.Cr4) & Loading) != 0;

        if (isInvalid || (loadsPointers && !space.Pages.AreLoadable(state.Paging with { Cr4 = value })))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        state.Cr4 = value;
        space.Pages.Kept?.Clear();
        space.Pages.Kept?.Use(state.ProcessContext);
        return true;
    }

    /// <summary>MOV to and from debug registers.</summary>
    internal bool MoveDebug()
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        bool isRead = context.Instruction.Op1Register is >= Register.DR0 and <= Register.DR15;
        int index = (isRead ? context.Instruction.Op1Register : context.Instruction.Op0Register) - Register.DR0;

        // DR4 and DR5 are DR6 and DR7 by an older name.
        if (index is 4 or 5 && (context.State.Cr4 & X64Bits.Cr4De) == 0)
        {
            index += 2;
        }

        if (index is 4 or 5 or > 7)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        if ((system.Debug.Dr7 & X64Bits.Dr7GeneralDetect) != 0)
        {
            system.Debug.Report(X64Bits.Dr6GeneralDetect);
            return context.Fault(X64Bits.VectorDb);
        }

        if (isRead)
        {
            ulong held = index switch
            {
                6 => system.Debug.Dr6,
                7 => system.Debug.Dr7,
                _ => system.Debug.Addresses[index],
            };
            context.WriteRegister(context.Instruction.Op0Register, held);
            return true;
        }

        int size = context.Is64BitMode ? 8 : 4;
        return TryWriteDebug(index, X64Value.Truncate(context.ReadRegister(context.Instruction.Op1Register), size));
    }

    private bool TryWriteDebug(int index, ulong value)
    {
        if (index >= 6 && value > uint.MaxValue)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        switch (index)
        {
            case 6:
                system.Debug.SetStatus(value);
                return true;
            case 7:
                system.Debug.SetControl(value);
                return true;
            default:
                system.Debug.SetAddress(index, value);
                return true;
        }
    }

    /// <summary>LMSW: the low four bits of CR0. It cannot leave protected mode.</summary>
    internal bool LoadMachineStatus()
    {
        const ulong Loaded = X64Bits.Cr0Pe | X64Bits.Cr0Mp | X64Bits.Cr0Em | X64Bits.Cr0Ts;

        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!operands.TryRead(0, 2, out ulong value) || space.IsAbandoned)
        {
            return false;
        }

        ulong cr0 = context.State.Cr0;
        return TryWriteCr0((cr0 & ~Loaded) | (value & Loaded) | (cr0 & X64Bits.Cr0Pe));
    }

    internal bool ClearTaskSwitched()
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        context.State.Cr0 &= ~X64Bits.Cr0Ts;
        return true;
    }

    /// <summary>INVLPG.</summary>
    internal bool ForgetPage()
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        // All of them: the page may be a large one, and what is forgotten too much is only walked again.
        space.Pages.Kept?.Clear();
        return true;
    }

    /// <summary>INVPCID: forgets an address of a context, a context, everything, or everything that is not global.</summary>
    internal bool ForgetContext()
    {
        const int DescriptorBytes = 16;
        const ulong OneAddress = 0;
        const ulong OneContext = 1;
        const ulong LastKind = 3;
        ref X64State state = ref context.State;
        ulong kind = context.ReadRegister(context.Instruction.Op0Register);

        if (state.PrivilegeLevel != 0 || kind > LastKind)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!space.TryMap(
            operands.Segment(), operands.EffectiveAddress(0), DescriptorBytes, 1, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        Span<byte> descriptor = stackalloc byte[DescriptorBytes];
        descriptor.Clear();
        space.LoadBytes(memory, descriptor);

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        ulong named = BinaryPrimitives.ReadUInt64LittleEndian(descriptor);
        ulong linear = BinaryPrimitives.ReadUInt64LittleEndian(descriptor[sizeof(ulong)..]);
        bool namesNone = (state.Cr4 & X64Bits.Cr4Pcide) == 0 && kind <= OneContext && named != 0;

        if (named > X64Bits.Cr3Pcid || namesNone || (kind == OneAddress && !space.IsCanonical(linear)))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        // What is forgotten too much is only walked again.
        if (kind <= OneContext)
        {
            space.Pages.Kept?.Clear((int)named);
        }
        else
        {
            space.Pages.Kept?.Clear();
        }

        return true;
    }

    /// <summary>CLI and STI.</summary>
    internal bool SetInterrupts(bool isOn)
    {
        ref X64State state = ref context.State;

        if (state.PrivilegeLevel > (int)((state.Rflags & X64Bits.FlagIopl) >> 12) && (state.Cr0 & X64Bits.Cr0Pe) != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        ulong before = state.Rflags;
        state.Rflags = isOn ? before | X64Bits.FlagIf : before & ~X64Bits.FlagIf;
        HoldsInterruptsBack = isOn && (before & X64Bits.FlagIf) == 0;
        return true;
    }

    /// <summary>Whether the instruction holds interrupts back for one instruction more.</summary>
    internal bool HoldsInterruptsBack { get; set; }

    /// <summary>CLAC and STAC.</summary>
    internal bool SetAccessToUser(bool isOn)
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        context.State.Rflags = isOn ? context.State.Rflags | X64Bits.FlagAc : context.State.Rflags & ~X64Bits.FlagAc;
        return true;
    }

    /// <summary>XSETBV: x87 always, AVX only with SSE.</summary>
    internal bool WriteExtendedControl()
    {
        const ulong X87 = 1;
        const ulong Sse = 2;
        const ulong Avx = 4;
        ulong value = (context.State.Gpr[Gpr.Rdx] << 32) | (uint)context.State.Gpr[Gpr.Rax];

        if ((context.State.Cr4 & X64Bits.Cr4Osxsave) == 0)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        bool isValid = context.State.PrivilegeLevel == 0 && (uint)context.State.Gpr[Gpr.Rcx] == 0
            && (value & X87) != 0 && (value & ~(X87 | Sse | Avx)) == 0 && (value & (Sse | Avx)) != Avx;

        if (!isValid)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        context.State.Xcr0 = value;
        return true;
    }
}
