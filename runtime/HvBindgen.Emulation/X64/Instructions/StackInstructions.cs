using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>PUSH, POP, LEAVE and their kin.</summary>
internal sealed class StackInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, X64Stack stack, SegmentLoader segments)
{
    private const ulong FlagsPopped =
        X64Bits.FlagsStatus | X64Bits.FlagTf | X64Bits.FlagDf | X64Bits.FlagNt | X64Bits.FlagAc | X64Bits.FlagId;

    internal bool Push()
    {
        int size = stack.ItemSizeBytes;

        switch (context.Instruction.Op0Kind)
        {
            case OpKind.Memory:
                // Both addresses are checked before either is touched; the operand first, as the processor does.
                if (!operands.TryMap(size, AccessKind.Read, out MappedMemory source)
                    || !stack.TryMap(context.State.Gpr[Gpr.Rsp] - (uint)size, size, AccessKind.Write, out MappedMemory target))
                {
                    return false;
                }

                space.Store(target, space.Load(source));
                stack.MovePointer(-size);
                return true;
            case OpKind.Register when RegisterNames.IsSegment(context.Instruction.Op0Register):
                return PushSelector(context.State.Segments[RegisterNames.SegmentIndex(context.Instruction.Op0Register)].Selector, size);
            case OpKind.Register:
                return stack.TryPush(context.ReadRegister(context.Instruction.Op0Register), size);
            default:
                return stack.TryPush(context.Instruction.GetImmediate(0), size);
        }
    }

    // Processors write the two bytes of the selector and leave the rest of the slot, except in 64-bit mode.
    private bool PushSelector(ushort selector, int slotBytes)
    {
        if (slotBytes == 8)
        {
            return stack.TryPush(selector, slotBytes);
        }

        if (!stack.TryMap(context.State.Gpr[Gpr.Rsp] - (uint)slotBytes, 2, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        space.Store(memory, selector);
        stack.MovePointer(-slotBytes);
        return true;
    }

    internal bool Pop()
    {
        int size = stack.ItemSizeBytes;

        if (!stack.TryMap(context.State.Gpr[Gpr.Rsp], size, AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        // An operand addressed by the stack pointer sees it after the pop.
        stack.MovePointer(size);

        if (context.Instruction.Op0Kind == OpKind.Memory)
        {
            if (!operands.TryMap(size, AccessKind.Write, out MappedMemory target))
            {
                return false;
            }

            space.Store(target, space.Load(source));
            return true;
        }

        Register register = context.Instruction.Op0Register;

        if (RegisterNames.IsSegment(register))
        {
            int segment = RegisterNames.SegmentIndex(register);

            return segments.MayLoad(segment) && segments.TryLoad(segment, (ushort)space.Load(source));
        }

        context.WriteRegister(register, space.Load(source));
        return true;
    }

    internal bool PushAll()
    {
        int size = stack.ItemSizeBytes / 8;
        ulong pointer = context.State.Gpr[Gpr.Rsp];

        // A fault leaves what has been stored, as a processor does, and the stack pointer where it was.
        for (int index = Gpr.Rax; index <= Gpr.Rdi; index++)
        {
            if (!stack.TryPush(index == Gpr.Rsp ? pointer : context.State.Gpr[index], size))
            {
                return false;
            }
        }

        return true;
    }

    internal bool PopAll()
    {
        int size = stack.ItemSizeBytes / 8;

        ulong pointer = context.State.Gpr[Gpr.Rsp];

        for (int index = Gpr.Rdi; index >= Gpr.Rax; index--)
        {
            if (!stack.TryPop(size, out ulong value))
            {
                // Registers popped so far stay, as on a processor; the stack pointer does not.
                context.State.Gpr[Gpr.Rsp] = pointer;
                context.KeepsProgress = true;
                return false;
            }

            if (index != Gpr.Rsp)
            {
                context.WriteGpr(index, value, size);
            }
        }

        return true;
    }

    internal bool PushFlags()
    {
        if ((context.State.Rflags & X64Bits.FlagVm) != 0 && (context.State.Rflags & X64Bits.FlagIopl) != X64Bits.FlagIopl)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        return stack.TryPush(context.State.Rflags & ~(X64Bits.FlagVm | X64Bits.FlagRf), stack.ItemSizeBytes);
    }

    internal bool PopFlags()
    {
        int size = stack.ItemSizeBytes;
        int privilege = context.State.PrivilegeLevel;
        int required = (int)((context.State.Rflags & X64Bits.FlagIopl) >> 12);
        bool isVirtual = (context.State.Rflags & X64Bits.FlagVm) != 0;

        if (isVirtual && required != 3)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!stack.TryPop(size, out ulong value))
        {
            return false;
        }

        ulong writable = FlagsPopped;
        writable |= privilege <= required ? X64Bits.FlagIf : 0;
        writable |= privilege == 0 ? X64Bits.FlagIopl : 0;
        writable = X64Value.Truncate(writable, size);
        context.State.Rflags = (context.State.Rflags & ~writable) | (value & writable);
        return true;
    }

    /// <summary>ENTER: a frame, with the pointers to the frames around it, and room.</summary>
    internal bool Enter()
    {
        const int MaxNesting = 32;
        int size = context.Instruction.Code switch
        {
            Code.Enterw_imm16_imm8 => 2,
            Code.Enterd_imm16_imm8 => 4,
            _ => 8,
        };
        int nesting = context.Instruction.Immediate8_2nd % MaxNesting;
        ulong outer = context.State.Gpr[Gpr.Rbp];

        if (!stack.TryPush(outer, size))
        {
            return false;
        }

        ulong frame = context.ReadGpr(Gpr.Rsp, stack.AddressSizeBytes);

        for (int level = 1; level < nesting; level++)
        {
            if (!stack.TryMap(outer - (uint)(level * size), size, AccessKind.Read, out MappedMemory pointer)
                || !stack.TryPush(space.Load(pointer), size))
            {
                return false;
            }
        }

        if (nesting != 0 && !stack.TryPush(frame, size))
        {
            return false;
        }

        // What will be the top of the stack must be writable.
        ulong top = context.State.Gpr[Gpr.Rsp] - context.Instruction.Immediate16;

        if (!stack.TryMap(top, size, AccessKind.Write, out _))
        {
            return false;
        }

        context.WriteGpr(Gpr.Rbp, frame, size);
        stack.MovePointer(-(long)context.Instruction.Immediate16);
        return true;
    }

    internal bool Leave()
    {
        int size = context.Instruction.Code switch
        {
            Code.Leavew => 2,
            Code.Leaved => 4,
            _ => 8,
        };
        ulong frame = context.ReadGpr(Gpr.Rbp, stack.AddressSizeBytes);

        if (!stack.TryMap(frame, size, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        context.WriteGpr(Gpr.Rsp, frame + (uint)size, stack.AddressSizeBytes);
        context.WriteGpr(Gpr.Rbp, space.Load(memory), size);
        return true;
    }
}
