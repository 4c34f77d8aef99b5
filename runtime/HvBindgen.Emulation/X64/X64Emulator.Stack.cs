using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// The stack and what transfers control.
public sealed partial class X64Emulator
{
    private const ulong FlagsPopped = X64Bits.FlagsStatus | X64Bits.FlagTf | X64Bits.FlagDf | X64Bits.FlagNt | X64Bits.FlagAc | X64Bits.FlagId;

    private int StackAddressSizeBytes => is64BitMode ? 8 : state.Segments[X64SegmentFile.Ss].IsBig ? 4 : 2;

    // What the instruction moves: the decoder knows how far it moves the stack pointer.
    private int StackItemSizeBytes => Math.Abs(instruction.StackPointerIncrement);

    private bool TryMapStack(ulong pointer, int sizeBytes, AccessKind access, out MappedMemory memory) =>
        TryMap(X64SegmentFile.Ss, Truncate(pointer, StackAddressSizeBytes), sizeBytes, sizeBytes, access, out memory);

    private void MoveStackPointer(long distance) => WriteGpr(Rsp, state.Gpr[Rsp] + (ulong)distance, StackAddressSizeBytes);

    private bool TryPush(ulong value, int sizeBytes)
    {
        if (!TryMapStack(state.Gpr[Rsp] - (uint)sizeBytes, sizeBytes, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        Store(memory, value);
        MoveStackPointer(-sizeBytes);
        return true;
    }

    private bool TryPop(int sizeBytes, out ulong value)
    {
        value = 0;

        if (!TryMapStack(state.Gpr[Rsp], sizeBytes, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        value = Load(memory);
        MoveStackPointer(sizeBytes);
        return true;
    }

    private bool Push()
    {
        int size = StackItemSizeBytes;

        switch (instruction.Op0Kind)
        {
            case OpKind.Memory:
                // Both addresses are checked before either is touched; the operand first, as the processor does.
                if (!TryMapOperand(size, AccessKind.Read, out MappedMemory source)
                    || !TryMapStack(state.Gpr[Rsp] - (uint)size, size, AccessKind.Write, out MappedMemory target))
                {
                    return false;
                }

                Store(target, Load(source));
                MoveStackPointer(-size);
                return true;
            case OpKind.Register when IsSegment(instruction.Op0Register):
                return PushSelector(state.Segments[SegmentIndex(instruction.Op0Register)].Selector, size);
            case OpKind.Register:
                return TryPush(ReadRegister(instruction.Op0Register), size);
            default:
                return TryPush(instruction.GetImmediate(0), size);
        }
    }

    // Processors write the two bytes of the selector and leave the rest of the slot, except in 64-bit mode.
    private bool PushSelector(ushort selector, int slotBytes)
    {
        if (slotBytes == 8)
        {
            return TryPush(selector, slotBytes);
        }

        if (!TryMapStack(state.Gpr[Rsp] - (uint)slotBytes, 2, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        Store(memory, selector);
        MoveStackPointer(-slotBytes);
        return true;
    }

    private bool Pop()
    {
        int size = StackItemSizeBytes;

        if (!TryMapStack(state.Gpr[Rsp], size, AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        // An operand addressed by the stack pointer sees it after the pop.
        MoveStackPointer(size);

        if (instruction.Op0Kind == OpKind.Memory)
        {
            if (!TryMapOperand(size, AccessKind.Write, out MappedMemory target))
            {
                return false;
            }

            Store(target, Load(source));
            return true;
        }

        Register register = instruction.Op0Register;

        if (IsSegment(register))
        {
            return state.IsProtectedMode
                ? Unsupported(EmulationLimit.SegmentLoad)
                : LoadSegment(SegmentIndex(register), (ushort)Load(source));
        }

        WriteRegister(register, Load(source));
        return true;
    }

    private bool PushAll()
    {
        int size = StackItemSizeBytes / 8;
        ulong pointer = state.Gpr[Rsp];

        // A fault leaves what has been stored, as a processor does, and the stack pointer where it was.
        for (int index = Rax; index <= Rdi; index++)
        {
            if (!TryPush(index == Rsp ? pointer : state.Gpr[index], size))
            {
                return false;
            }
        }

        return true;
    }

    private bool PopAll()
    {
        int size = StackItemSizeBytes / 8;

        ulong pointer = state.Gpr[Rsp];

        for (int index = Rdi; index >= Rax; index--)
        {
            if (!TryPop(size, out ulong value))
            {
                // Registers popped so far stay, as on a processor; the stack pointer does not.
                state.Gpr[Rsp] = pointer;
                keepsProgress = true;
                return false;
            }

            if (index != Rsp)
            {
                WriteGpr(index, value, size);
            }
        }

        return true;
    }

    private bool PushFlags()
    {
        if ((state.Rflags & X64Bits.FlagVm) != 0 && (state.Rflags & X64Bits.FlagIopl) != X64Bits.FlagIopl)
        {
            return FaultWithCode(X64Bits.VectorGp);
        }

        return TryPush(state.Rflags & ~(X64Bits.FlagVm | X64Bits.FlagRf), StackItemSizeBytes);
    }

    private bool PopFlags()
    {
        int size = StackItemSizeBytes;
        int privilege = state.PrivilegeLevel;
        int required = (int)((state.Rflags & X64Bits.FlagIopl) >> 12);
        bool isVirtual = (state.Rflags & X64Bits.FlagVm) != 0;

        if (isVirtual && required != 3)
        {
            return FaultWithCode(X64Bits.VectorGp);
        }

        if (!TryPop(size, out ulong value))
        {
            return false;
        }

        ulong writable = FlagsPopped;
        writable |= privilege <= required ? X64Bits.FlagIf : 0;
        writable |= privilege == 0 ? X64Bits.FlagIopl : 0;
        writable = Truncate(writable, size);
        state.Rflags = (state.Rflags & ~writable) | (value & writable);
        return true;
    }

    private bool Leave()
    {
        int size = instruction.Code switch
        {
            Code.Leavew => 2,
            Code.Leaved => 4,
            _ => 8,
        };
        ulong frame = ReadGpr(Rbp, StackAddressSizeBytes);

        if (!TryMapStack(frame, size, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        WriteGpr(Rsp, frame + (uint)size, StackAddressSizeBytes);
        WriteGpr(Rbp, Load(memory), size);
        return true;
    }

    private int BranchSizeBytes() => instruction.Op0Kind switch
    {
        OpKind.NearBranch16 => 2,
        OpKind.NearBranch32 => 4,
        _ => 8,
    };

    private bool BranchTo(ulong target, int sizeBytes)
    {
        target = Truncate(target, sizeBytes);
        bool isValid = is64BitMode ? IsCanonical(target) : target <= state.Segments[X64SegmentFile.Cs].Limit;

        if (!isValid)
        {
            return FaultWithCode(X64Bits.VectorGp);
        }

        nextRip = target;
        return true;
    }

    private bool TryReadTarget(out ulong target, out int sizeBytes)
    {
        target = 0;

        if (instruction.Op0Kind is OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64)
        {
            target = instruction.NearBranchTarget;
            sizeBytes = BranchSizeBytes();
            return true;
        }

        if (instruction.Op0Kind is not (OpKind.Register or OpKind.Memory) || instruction.IsJmpFarIndirect || instruction.IsCallFarIndirect)
        {
            sizeBytes = 0;
            return Unsupported(EmulationLimit.SegmentLoad);
        }

        sizeBytes = OperandSizeBytes(0);
        return TryReadOperand(0, sizeBytes, out target);
    }

    private bool Jump() => TryReadTarget(out ulong target, out int size) && BranchTo(target, size);

    private bool Call()
    {
        int size = StackItemSizeBytes;
        ulong returnAddress = nextRip;

        // A device is read only once it is known that the return address can be stored.
        if (instruction.IsCallFarIndirect || instruction.IsCallFar)
        {
            return Unsupported(EmulationLimit.SegmentLoad);
        }

        if (IsMemory(0) && !TryMapOperand(size, AccessKind.Read, out _))
        {
            return false;
        }

        if (!TryMapStack(state.Gpr[Rsp] - (uint)size, size, AccessKind.Write, out MappedMemory memory)
            || !TryReadTarget(out ulong target, out int targetSize))
        {
            return false;
        }

        // A target that is not canonical, or beyond CS, faults when the return address has been stored; the stack pointer has not moved.
        Store(memory, returnAddress);

        if (!BranchTo(target, targetSize))
        {
            return false;
        }

        MoveStackPointer(-size);
        return true;
    }

    private bool Return()
    {
        int released = instruction.OpCount == 1 ? instruction.Immediate16 : 0;
        int size = StackItemSizeBytes - released;

        if (!TryPop(size, out ulong target) || !BranchTo(target, size))
        {
            return false;
        }

        MoveStackPointer(released);
        return true;
    }

    private bool JumpOnCount()
    {
        int size = CountSizeBytes();
        ulong count = ReadGpr(Rcx, size);

        if (instruction.Mnemonic is Mnemonic.Jcxz or Mnemonic.Jecxz or Mnemonic.Jrcxz)
        {
            return count != 0 || BranchTo(instruction.NearBranchTarget, BranchSizeBytes());
        }

        count = Truncate(count - 1, size);
        bool zero = (state.Rflags & X64Bits.FlagZf) != 0;
        bool jumps = count != 0 && (instruction.Mnemonic == Mnemonic.Loop || zero == (instruction.Mnemonic == Mnemonic.Loope));

        if (jumps && !BranchTo(instruction.NearBranchTarget, BranchSizeBytes()))
        {
            return false;
        }

        WriteGpr(Rcx, count, size);
        return true;
    }

    private int CountSizeBytes()
    {
        switch (instruction.Code)
        {
            case Code.Jcxz_rel8_16:
            case Code.Jcxz_rel8_32:
            case Code.Loop_rel8_16_CX:
            case Code.Loop_rel8_32_CX:
            case Code.Loope_rel8_16_CX:
            case Code.Loope_rel8_32_CX:
            case Code.Loopne_rel8_16_CX:
            case Code.Loopne_rel8_32_CX:
                return 2;
            case Code.Jrcxz_rel8_16:
            case Code.Jrcxz_rel8_64:
            case Code.Loop_rel8_16_RCX:
            case Code.Loop_rel8_64_RCX:
            case Code.Loope_rel8_16_RCX:
            case Code.Loope_rel8_64_RCX:
            case Code.Loopne_rel8_16_RCX:
            case Code.Loopne_rel8_64_RCX:
                return 8;
            default:
                return 4;
        }
    }
}
