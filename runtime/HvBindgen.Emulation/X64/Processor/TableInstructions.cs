using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Loads and stores of GDTR, IDTR, LDTR and TR, and questions about descriptors.</summary>
internal sealed class TableInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, DescriptorReader descriptors, SystemRegisters system)
{
    private const int LocalTableType = 2;
    private const int Available16 = 1;
    private const int Available = 9;
    private const int BusyBit = 2;
    private const ulong BusyInDescriptor = 1UL << 41;

    /// <summary>LGDT and LIDT.</summary>
    internal bool LoadTable(bool isInterrupts)
    {
        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        int size = context.Is64BitMode ? 8 : 4;

        if (!operands.TryMap(2, AccessKind.Read, out MappedMemory limit)
            || !operands.TryMap(size, AccessKind.Read, 2, out MappedMemory @base))
        {
            return false;
        }

        X64DescriptorTable table = new(space.Load(@base) & BaseMask, (uint)space.Load(limit));

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        if (context.Is64BitMode && !space.IsCanonical(table.Base))
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (isInterrupts)
        {
            system.Idtr = table;
        }
        else
        {
            system.Gdtr = table;
        }

        return true;
    }

    // With 16-bit operands a base has 24 bits.
    private ulong BaseMask => context.Instruction.Code is Code.Lgdt_m1632_16 or Code.Lidt_m1632_16 ? 0xFF_FFFF : ulong.MaxValue;

    /// <summary>SGDT and SIDT.</summary>
    internal bool StoreTable(bool isInterrupts)
    {
        if (IsHiddenFromProgram)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        X64DescriptorTable table = isInterrupts ? system.Idtr : system.Gdtr;
        int size = context.Is64BitMode ? 8 : 4;

        if (!operands.TryMap(2, AccessKind.Write, out MappedMemory limit)
            || !operands.TryMap(size, AccessKind.Write, 2, out MappedMemory @base))
        {
            return false;
        }

        space.Store(limit, table.Limit);
        space.Store(@base, table.Base);
        return true;
    }

    /// <summary>LLDT and LTR.</summary>
    internal bool LoadSystemSegment(bool isTask)
    {
        if (!context.State.IsProtectedMode)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        if (context.State.PrivilegeLevel != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp);
        }

        if (!operands.TryRead(0, 2, out ulong value))
        {
            return false;
        }

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        ushort selector = (ushort)value;

        if (DescriptorReader.IsNull(selector))
        {
            if (isTask)
            {
                return context.FaultWithCode(X64Bits.VectorGp);
            }

            system.Ldtr = new X64SegmentState { Selector = selector };
            return true;
        }

        uint errorCode = DescriptorReader.CodeOf(selector);
        const int LocalBit = 4;

        if ((selector & LocalBit) != 0)
        {
            return context.FaultWithCode(X64Bits.VectorGp, errorCode);
        }

        return descriptors.TryRead(selector, X64Bits.VectorGp, 0, out Descriptor found) && TryLoad(found, isTask, errorCode);
    }

    private bool TryLoad(Descriptor found, bool isTask, uint errorCode)
    {
        bool isLong = (context.State.Efer & X64Bits.EferLma) != 0;
        bool isRightType = !found.Segment.IsCodeOrData
            && (isTask ? found.Segment.Type == Available || (!isLong && found.Segment.Type == Available16)
                : found.Segment.Type == LocalTableType);

        if (!isRightType)
        {
            return context.FaultWithCode(X64Bits.VectorGp, errorCode);
        }

        if (!found.Segment.IsPresent)
        {
            return context.FaultWithCode(X64Bits.VectorNp, errorCode);
        }

        if (isLong)
        {
            if (!descriptors.TryReadUpper(in found, X64Bits.VectorGp, out ulong upper))
            {
                return false;
            }

            found.Segment.Base |= upper << 32;

            if (!space.IsCanonical(found.Segment.Base))
            {
                return context.FaultWithCode(X64Bits.VectorGp, errorCode);
            }
        }

        if (!isTask)
        {
            system.Ldtr = found.Segment;
            return true;
        }

        if (!descriptors.TryWriteTable(found.Linear, found.Raw | BusyInDescriptor))
        {
            return false;
        }

        found.Segment.Type |= BusyBit;
        system.Tr = found.Segment;
        return true;
    }

    /// <summary>SLDT and STR.</summary>
    internal bool StoreSystemSegment(bool isTask)
    {
        if (!context.State.IsProtectedMode)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        return IsHiddenFromProgram
            ? context.FaultWithCode(X64Bits.VectorGp)
            : operands.TryWrite(0, 2, isTask ? system.Tr.Selector : system.Ldtr.Selector);
    }

    /// <summary>LAR, LSL, VERR and VERW: what a program may know of a descriptor. ZF tells whether it may.</summary>
    internal bool Inspect()
    {
        const int CodeType = 8;
        const int RightType = 2;

        if (!context.State.IsProtectedMode)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        Mnemonic mnemonic = context.Instruction.Mnemonic;
        bool isVerification = mnemonic is Mnemonic.Verr or Mnemonic.Verw;

        if (!operands.TryRead(isVerification ? 0 : 1, 2, out ulong value))
        {
            return false;
        }

        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        ushort selector = (ushort)value;
        context.State.Rflags &= ~X64Bits.FlagZf;

        if (DescriptorReader.IsNull(selector))
        {
            return true;
        }

        if (!descriptors.TryRead(selector, X64Bits.VectorGp, 0, out Descriptor found))
        {
            // A selector beyond its table is a no, a table that cannot be read a fault.
            return context.Outcome is { Result: EmulationResult.Fault, Vector: X64Bits.VectorGp };
        }

        int privilege = Math.Max(context.State.PrivilegeLevel, selector & DescriptorReader.SelectorPrivilege);
        bool isCode = (found.Segment.Type & CodeType) != 0;
        bool hasRight = (found.Segment.Type & RightType) != 0;
        bool isVisible = (found.IsCode && found.IsConforming) || found.Segment.PrivilegeLevel >= privilege;
        bool isRightType = mnemonic switch
        {
            Mnemonic.Verr => found.Segment.IsCodeOrData && (!isCode || hasRight),
            Mnemonic.Verw => found.Segment.IsCodeOrData && !isCode && hasRight,
            _ => found.Segment.IsCodeOrData || HasMeaning(found.Segment.Type, mnemonic == Mnemonic.Lsl),
        };

        if (!isVisible || !isRightType)
        {
            return true;
        }

        context.State.Rflags |= X64Bits.FlagZf;

        if (!isVerification)
        {
            const uint Rights = 0x00F0_FF00;
            uint result = mnemonic == Mnemonic.Lsl ? found.Segment.Limit : (uint)(found.Raw >> 32) & Rights;
            context.WriteRegister(context.Instruction.Op0Register, result);
        }

        return true;
    }

    /// <summary>ARPL: a selector gets no more privilege than another. ZF tells whether it had.</summary>
    internal bool AdjustPrivilege()
    {
        if (!context.State.IsProtectedMode)
        {
            return context.Fault(X64Bits.VectorUd);
        }

        ulong least = context.ReadRegister(context.Instruction.Op1Register) & DescriptorReader.SelectorPrivilege;

        if (!operands.TryRead(0, 2, out ulong selector))
        {
            return false;
        }

        context.State.Rflags &= ~X64Bits.FlagZf;

        if ((selector & DescriptorReader.SelectorPrivilege) >= least)
        {
            return true;
        }

        context.State.Rflags |= X64Bits.FlagZf;
        ulong adjusted = (selector & ~(ulong)DescriptorReader.SelectorPrivilege) | least;

        if (operands.IsMemory(0))
        {
            return operands.TryWrite(0, 2, adjusted);
        }

        // The register's upper half stays.
        context.WriteGpr(context.Instruction.Op0Register.GetNumber(), adjusted, 2);
        return true;
    }

    // System types that the two instructions know (SDM volume 2, LAR and LSL); long mode has fewer.
    private bool HasMeaning(int type, bool isLimit) => (context.State.Efer & X64Bits.EferLma) != 0
        ? type is 2 or 9 or 11 || (!isLimit && type == 12)
        : type is 1 or 2 or 3 or 9 or 11 || (!isLimit && type is 4 or 5 or 12);

    private bool IsHiddenFromProgram => (context.State.Cr4 & X64Bits.Cr4Umip) != 0 && context.State.PrivilegeLevel != 0;
}
