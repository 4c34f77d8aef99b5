using Iced.Intel;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>The operands of the instruction under way.</summary>
internal sealed class X64Operands(X64Context context, X64AddressSpace space)
{
    internal bool IsMemory(int operand) => KindOf(operand) == OpKind.Memory;

    /// <summary>Size of a general-register or memory operand.</summary>
    internal int SizeBytes(int operand) => IsMemory(operand)
        ? context.Instruction.MemorySize.GetSize()
        : SizeBytesOfRegister(operand);

    /// <summary>Size of a general-register operand.</summary>
    internal int SizeBytesOfRegister(int operand) => RegisterNames.SizeBytes(RegisterOf(operand));

    /// <summary>Reads a register, immediate or memory operand, truncated to a size.</summary>
    internal bool TryRead(int operand, int sizeBytes, out ulong value)
    {
        switch (KindOf(operand))
        {
            case OpKind.Register:
                value = X64Value.Truncate(context.ReadRegister(RegisterOf(operand)), sizeBytes);
                return true;
            case OpKind.Memory:
                if (!TryMap(sizeBytes, AccessKind.Read, out MappedMemory memory))
                {
                    value = 0;
                    return false;
                }

                value = space.Load(memory);
                return true;
            default:
                value = X64Value.Truncate(context.Instruction.GetImmediate(operand), sizeBytes);
                return true;
        }
    }

    /// <summary>Writes a register or memory operand that is not read.</summary>
    internal bool TryWrite(int operand, int sizeBytes, ulong value)
    {
        if (!IsMemory(operand))
        {
            context.WriteRegister(RegisterOf(operand), value);
            return true;
        }

        if (!TryMap(sizeBytes, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        space.Store(memory, value);
        return true;
    }

    /// <summary>Maps the instruction's explicit memory operand.</summary>
    /// <param name="sizeBytes">Size of the access.</param>
    /// <param name="access">What it does; a read-modify-write is a write.</param>
    /// <param name="displacement">Added to the offset, before it is truncated to the address size.</param>
    /// <param name="memory">The operand.</param>
    internal bool TryMap(int sizeBytes, AccessKind access, long displacement, out MappedMemory memory) =>
        space.TryMap(Segment(), EffectiveAddress(displacement), sizeBytes, sizeBytes, access, out memory);

    internal bool TryMap(int sizeBytes, AccessKind access, out MappedMemory memory) =>
        TryMap(sizeBytes, access, 0, out memory);

    /// <summary>Segment of the explicit memory operand. In 64-bit mode only an override by FS or GS counts.</summary>
    internal int Segment()
    {
        if (!context.Is64BitMode || context.Instruction.MemorySegment >= Register.FS)
        {
            return RegisterNames.SegmentIndex(context.Instruction.MemorySegment);
        }

        return context.Instruction.MemoryBase is Register.RSP or Register.RBP or Register.ESP or Register.EBP
            ? X64SegmentFile.Ss
            : X64SegmentFile.Ds;
    }

    internal ulong EffectiveAddress(long displacement)
    {
        Register baseRegister = context.Instruction.MemoryBase;
        ulong address = context.Instruction.MemoryDisplacement64 + (ulong)displacement;

        // RIP-relative: the decoder has already added RIP to the displacement.
        if (baseRegister is not (Register.None or Register.RIP or Register.EIP))
        {
            address += context.ReadRegister(baseRegister);
        }

        if (context.Instruction.MemoryIndex != Register.None)
        {
            address += context.ReadRegister(context.Instruction.MemoryIndex) * (uint)context.Instruction.MemoryIndexScale;
        }

        return X64Value.Truncate(address, AddressSizeBytes());
    }

    /// <summary>The address of an element that a vector's index, already scaled, leads to.</summary>
    internal ulong EffectiveAddressOf(long distance)
    {
        Register baseRegister = context.Instruction.MemoryBase;
        ulong address = context.Instruction.MemoryDisplacement64 + (ulong)distance;
        address += baseRegister == Register.None ? 0 : context.ReadRegister(baseRegister);
        int sizeBytes = baseRegister != Register.None ? RegisterNames.SizeBytes(baseRegister) : context.Instruction.MemoryDisplSize;
        return X64Value.Truncate(address, sizeBytes);
    }

    private int AddressSizeBytes()
    {
        Register register = context.Instruction.MemoryBase;
        register = register != Register.None ? register : context.Instruction.MemoryIndex;

        return register switch
        {
            Register.None => context.Instruction.MemoryDisplSize,
            Register.RIP => 8,
            Register.EIP => 4,
            _ => RegisterNames.SizeBytes(register),
        };
    }

    // The properties of the first two operands are inlined, what the decoder has for any is not.
    private OpKind KindOf(int operand) => operand switch
    {
        0 => context.Instruction.Op0Kind,
        1 => context.Instruction.Op1Kind,
        _ => context.Instruction.GetOpKind(operand),
    };

    private Register RegisterOf(int operand) => operand switch
    {
        0 => context.Instruction.Op0Register,
        1 => context.Instruction.Op1Register,
        _ => context.Instruction.GetOpRegister(operand),
    };
}
