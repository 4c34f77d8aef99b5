using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>The registers of x87 during one instruction: read when it names them, written back when it has ended.</summary>
internal sealed class X87Registers(X64Context context, X64AddressSpace space, IX64VectorRegisters? registers)
{
    internal const int ImageBytes = 160;

    private const int StatusOffset = 2;
    private const int TagOffset = 4;
    private const int OperationOffset = 6;
    private const int CodePointerOffset = 8;
    private const int DataPointerOffset = 16;
    private const int FirstSlot = 32;
    private const int SlotBytes = 16;
    private const int NumberBytes = 10;
    private const int Count = 8;
    private const int TopShift = 11;
    private const ushort SummaryBits = 0x8080;
    private const ushort RoundedUpBit = 1 << 9;
    private const ushort ExceptionBits = 0x3F;
    private const ushort StackBit = 0x40;
    private const int EmptyTag = 3;
    private const ushort InitialControl = 0x37F;

    private readonly byte[] image = new byte[ImageBytes];

    /// <summary>All of it, as FXSAVE writes it in 64-bit mode.</summary>
    internal Span<byte> Image => image;

    internal X87Control Control => new(BinaryPrimitives.ReadUInt16LittleEndian(image));

    internal ushort Status
    {
        get => BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(StatusOffset));
        private set => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(StatusOffset), value);
    }

    /// <summary>The opcode of the last instruction that was no control instruction, without the bits that all have.</summary>
    internal ushort Operation
    {
        get => BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(OperationOffset));
        set => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(OperationOffset), value);
    }

    /// <summary>Where it was.</summary>
    internal ulong CodePointer
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(CodePointerOffset));
        set => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(CodePointerOffset), value);
    }

    /// <summary>Where its operand was.</summary>
    internal ulong DataPointer
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(DataPointerOffset));
        set => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(DataPointerOffset), value);
    }

    /// <summary>Two bits for each register, as the first x87 had them: valid, zero, special or empty.</summary>
    internal ushort Tags
    {
        get
        {
            int tags = 0;

            for (int register = 0; register < Count; register++)
            {
                tags |= (IsUsed(register) ? NumberAt((register - Top) & (Count - 1)).Tag : EmptyTag) << (2 * register);
            }

            return (ushort)tags;
        }
    }

    private int Top
    {
        get => (Status >> TopShift) & (Count - 1);
        set => Status = (ushort)((Status & ~((Count - 1) << TopShift)) | ((value & (Count - 1)) << TopShift));
    }

    /// <summary>Whether the top of the stack is a number.</summary>
    internal bool HasTop => IsUsed(Top);

    /// <summary>Whether there is a number so far below the top.</summary>
    internal bool IsUsedAt(int index) => IsUsed((Top + index) & (Count - 1));

    /// <summary>Whether there is room for a number more.</summary>
    internal bool HasRoom => !IsUsed((Top - 1) & (Count - 1));

    /// <summary>The number on top.</summary>
    internal X87Number TopNumber => NumberAt(0);

    /// <summary>The number so far below the top, or what is left where none is.</summary>
    internal X87Number NumberAt(int index) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(Slot(index)), BinaryPrimitives.ReadUInt16LittleEndian(Slot(index)[8..]));

    /// <summary>Reads them for an instruction of x87.</summary>
    /// <param name="waits">Whether an exception that waits for a handler is raised first.</param>
    internal bool TryUse(bool waits)
    {
        if ((context.State.Cr0 & (X64Bits.Cr0Em | X64Bits.Cr0Ts)) != 0)
        {
            return context.Fault(X64Bits.VectorNm);
        }

        return TryRead() && (!waits || TryGoOn());
    }

    /// <summary>Reads them for an instruction of MMX.</summary>
    internal bool TryUseMmx() =>
        (context.State.Cr0 & X64Bits.Cr0Em) != 0 ? context.Fault(X64Bits.VectorUd)
        : (context.State.Cr0 & X64Bits.Cr0Ts) != 0 ? context.Fault(X64Bits.VectorNm)
        : TryRead() && TryGoOn();

    /// <summary>Raises an exception that waits; where nobody can be asked for one, there is none.</summary>
    internal bool TryWait() => registers is not { HasFloatingPoint: true } || (TryRead() && TryGoOn());

    /// <summary>Writes them back. Of what was not loaded nothing is written.</summary>
    internal bool TryCommit()
    {
        if (space.IsAbandoned)
        {
            return context.Abandon();
        }

        registers!.WriteFloatingPoint(image);
        return true;
    }

    /// <summary>Notes exceptions.</summary>
    internal void Raise(NumberExceptions raised, bool isRoundedUp)
    {
        Status = (ushort)((Status & ~RoundedUpBit) | (int)raised | (isRoundedUp ? RoundedUpBit : 0));
        UpdateSummary();
    }

    /// <summary>Sets the control word. What it unmasks waits for a handler from then on.</summary>
    internal void LoadControl(ushort word)
    {
        const int Known = 0x1F3F;
        const int AlwaysSet = 0x40;
        BinaryPrimitives.WriteUInt16LittleEndian(image, (ushort)((word & Known) | AlwaysSet));
        UpdateSummary();
    }

    // Sets or clears the bits that say an exception waits for its handler.
    private void UpdateSummary()
    {
        bool isWaiting = (Status & ~Control.Word & ExceptionBits) != 0;
        Status = (ushort)(isWaiting ? Status | SummaryBits : Status & ~SummaryBits);
    }

    /// <summary>Sets all condition bits.</summary>
    internal void SetConditions(X87Conditions conditions)
    {
        const X87Conditions All = X87Conditions.C0 | X87Conditions.C1 | X87Conditions.C2 | X87Conditions.C3;
        Status = (ushort)((Status & ~(int)All) | (int)conditions);
    }

    /// <summary>Clears the one that also tells how a result was rounded.</summary>
    internal void ClearRoundedUp() => Status = (ushort)(Status & ~RoundedUpBit);

    /// <summary>Clears the one that tells that a remainder is to be taken further.</summary>
    internal void ClearPartial() => Status = (ushort)(Status & ~(int)X87Conditions.C2);

    /// <summary>Sets it, and tells of no rounding.</summary>
    internal void SetPartial() => Status = (ushort)((Status & ~RoundedUpBit) | (int)X87Conditions.C2);

    internal void Push(X87Number number)
    {
        Span<byte> slots = image.AsSpan(FirstSlot, Count * SlotBytes);
        slots[..^SlotBytes].CopyTo(slots[SlotBytes..]);
        Top--;
        Write(0, number);
    }

    /// <summary>Writes a number so far below the top.</summary>
    internal void Write(int index, X87Number number)
    {
        image[TagOffset] |= (byte)(1 << ((Top + index) & (Count - 1)));
        Slot(index).Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(Slot(index), number.Significand);
        BinaryPrimitives.WriteUInt16LittleEndian(Slot(index)[8..], number.SignAndExponent);
    }

    /// <summary>Makes a register empty, which keeps what it has.</summary>
    internal void Free(int index) => image[TagOffset] &= (byte)~(1 << ((Top + index) & (Count - 1)));

    /// <summary>Makes another register the top.</summary>
    internal void Turn(int by) => MoveTop((Top + by) & (Count - 1));

    internal void Pop()
    {
        Span<byte> slots = image.AsSpan(FirstSlot, Count * SlotBytes);
        Span<byte> top = stackalloc byte[SlotBytes];
        slots[..SlotBytes].CopyTo(top);
        slots[SlotBytes..].CopyTo(slots);
        top.CopyTo(slots[^SlotBytes..]);
        image[TagOffset] &= (byte)~(1 << Top);
        Top++;
    }

    /// <summary>A register of MMX: the significand of one of x87, wherever the stack's top is.</summary>
    internal ulong ReadMmx(int index) => BinaryPrimitives.ReadUInt64LittleEndian(Slot((index - Top) & (Count - 1)));

    /// <summary>What every instruction of MMX does with the stack: its top is the first register, and all are used.</summary>
    internal void EnterMmx()
    {
        MoveTop(0);
        image[TagOffset] = byte.MaxValue;
    }

    /// <summary>What EMMS does: the registers are empty, and stay as they are; the stack's top is the first.</summary>
    internal void LeaveMmx()
    {
        MoveTop(0);
        image[TagOffset] = 0;
    }

    /// <summary>What FNCLEX does: no exception waits any more.</summary>
    internal void ClearExceptions() => Status = (ushort)(Status & ~(SummaryBits | ExceptionBits | StackBit));

    /// <summary>What FNINIT does: everything at its beginning, but for the registers, which are empty and stay.</summary>
    internal void Reset()
    {
        LoadEnvironment(InitialControl, status: 0, tags: ushort.MaxValue);
        (Operation, CodePointer, DataPointer) = (0, 0, 0);
    }

    /// <summary>Sets control, status and tags. The registers stay where they are, wherever the stack's top goes.</summary>
    internal void LoadEnvironment(ushort control, ushort status, ushort tags)
    {
        MoveTop((status >> TopShift) & (Count - 1));
        Status = status;
        LoadControl(control);
        image[TagOffset] = 0;

        for (int register = 0; register < Count; register++)
        {
            image[TagOffset] |= (byte)(((tags >> (2 * register)) & EmptyTag) != EmptyTag ? 1 << register : 0);
        }
    }

    /// <summary>Reads the registers, ten bytes each, from the stack's top on.</summary>
    internal void ReadRegisters(Span<byte> numbers)
    {
        for (int index = 0; index < Count; index++)
        {
            Slot(index)[..NumberBytes].CopyTo(numbers[(index * NumberBytes)..]);
        }
    }

    /// <summary>Writes the registers, ten bytes each, from the stack's top on.</summary>
    internal void WriteRegisters(ReadOnlySpan<byte> numbers)
    {
        for (int index = 0; index < Count; index++)
        {
            numbers.Slice(index * NumberBytes, NumberBytes).CopyTo(Slot(index));
        }
    }

    // Another register is on top; the image begins with it.
    private void MoveTop(int top)
    {
        Span<byte> slots = image.AsSpan(FirstSlot, Count * SlotBytes);
        Span<byte> first = stackalloc byte[SlotBytes];

        for (int turn = (top - Top) & (Count - 1); turn > 0; turn--)
        {
            slots[..SlotBytes].CopyTo(first);
            slots[SlotBytes..].CopyTo(slots);
            first.CopyTo(slots[^SlotBytes..]);
        }

        Top = top;
    }

    /// <summary>Writes a register of MMX, once the stack is theirs.</summary>
    internal void WriteMmx(int index, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Slot(index), value);
        BinaryPrimitives.WriteUInt16LittleEndian(Slot(index)[8..], ushort.MaxValue);
    }

    private bool TryRead()
    {
        if (registers is not { HasFloatingPoint: true })
        {
            return context.Unsupported(EmulationLimit.VectorRegisters);
        }

        registers.ReadFloatingPoint(image);
        return true;
    }

    // Without CR0.NE the interrupt controller is told instead, which is not ours to do.
    private bool TryGoOn() => (Status & ~Control.Word & ExceptionBits) == 0
        || ((context.State.Cr0 & X64Bits.Cr0Ne) != 0
            ? context.Fault(X64Bits.VectorMf) : context.Unsupported(EmulationLimit.Instruction));

    private bool IsUsed(int register) => (image[TagOffset] & (1 << register)) != 0;

    private Span<byte> Slot(int index) => image.AsSpan(FirstSlot + (index * SlotBytes), SlotBytes);
}
