using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Instructions that move integers without computing.</summary>
internal sealed class MoveInstructions(
    X64Context context, X64AddressSpace space, X64Operands operands, SegmentLoader segments)
{
    internal bool Move()
    {
        Register first = context.Instruction.Op0Kind == OpKind.Register ? context.Instruction.Op0Register : Register.None;
        Register second = context.Instruction.Op1Kind == OpKind.Register ? context.Instruction.Op1Register : Register.None;

        if (RegisterNames.IsSegment(first))
        {
            return LoadSegment(RegisterNames.SegmentIndex(first));
        }

        if (RegisterNames.IsSegment(second))
        {
            ulong selector = context.State.Segments[RegisterNames.SegmentIndex(second)].Selector;
            return operands.TryWrite(0, 2, selector);
        }

        bool isGeneral = (first == Register.None || RegisterNames.IsGeneral(first))
            && (second == Register.None || RegisterNames.IsGeneral(second));
        return isGeneral ? MoveGeneral() : context.Unsupported(EmulationLimit.Instruction);
    }

    internal bool MoveGeneral()
    {
        int size = operands.SizeBytes(0);
        return operands.TryRead(1, size, out ulong value) && operands.TryWrite(0, size, value);
    }

    internal bool MoveReversed()
    {
        int size = operands.SizeBytes(0);

        if (!operands.TryRead(1, size, out ulong value))
        {
            return false;
        }

        return operands.TryWrite(0, size, BinaryPrimitives.ReverseEndianness(value) >> (64 - (size * 8)));
    }

    internal bool MoveExtended(bool signed)
    {
        int size = operands.SizeBytes(1);

        if (!operands.TryRead(1, size, out ulong value))
        {
            return false;
        }

        context.WriteRegister(context.Instruction.Op0Register, signed ? X64Value.SignExtend(value, size) : value);
        return true;
    }

    internal bool MoveDirect64Bytes()
    {
        Register pointer = context.Instruction.Op0Register;
        Span<byte> bytes = stackalloc byte[64];

        if (!space.TryMap(operands.Segment(), operands.EffectiveAddress(0), 64, 1, AccessKind.Read, out MappedMemory source)
            || !space.TryMapAligned(X64SegmentFile.Es, context.ReadRegister(pointer), 64, AccessKind.Write, out MappedMemory target))
        {
            return false;
        }

        space.LoadBytes(source, bytes);
        space.StoreBytes(target, bytes);
        return true;
    }

    internal bool TranslateByte()
    {
        int size = RegisterNames.SizeBytes(context.Instruction.MemoryBase);
        ulong offset = X64Value.Truncate(context.ReadGpr(Gpr.Rbx, size) + (byte)context.State.Gpr[Gpr.Rax], size);

        if (!space.TryMap(operands.Segment(), offset, 1, 1, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        context.WriteGpr(Gpr.Rax, space.Load(memory), 1);
        return true;
    }

    // A 16-bit BSWAP is undefined; processors give zero.
    internal bool SwapBytes()
    {
        Register register = context.Instruction.Op0Register;
        ulong value = context.ReadRegister(register);

        context.WriteRegister(register, RegisterNames.SizeBytes(register) switch
        {
            2 => 0,
            4 => BinaryPrimitives.ReverseEndianness((uint)value),
            _ => BinaryPrimitives.ReverseEndianness(value),
        });
        return true;
    }

    // Whether it can be loaded is known before a device is read.
    private bool LoadSegment(int index) =>
        segments.MayLoad(index) && operands.TryRead(1, 2, out ulong selector) && segments.TryLoad(index, (ushort)selector);

    /// <summary>LDS, LES, LFS, LGS, LSS: an offset and behind it a selector.</summary>
    internal bool LoadFarPointer(int segment)
    {
        int size = operands.SizeBytesOfRegister(0);

        if (!segments.MayLoad(segment)
            || !operands.TryMap(size, AccessKind.Read, out MappedMemory offset)
            || !operands.TryMap(2, AccessKind.Read, size, out MappedMemory selector))
        {
            return false;
        }

        context.WriteRegister(context.Instruction.Op0Register, space.Load(offset));
        return segments.TryLoad(segment, (ushort)space.Load(selector), isAlone: false);
    }

    /// <summary>SMSW: the low bits of CR0; of a register as many as it has.</summary>
    internal bool StoreMachineStatus() =>
        context.State.PrivilegeLevel != 0 && (context.State.Cr4 & X64Bits.Cr4Umip) != 0
            ? context.FaultWithCode(X64Bits.VectorGp)
            : operands.TryWrite(0, 2, context.State.Cr0);

    internal bool LoadAddress()
    {
        context.WriteRegister(context.Instruction.Op0Register, operands.EffectiveAddress(0));
        return true;
    }
}
