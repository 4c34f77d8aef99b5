using System.Buffers.Binary;
using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// Instructions that move integers without computing.
public sealed partial class X64Emulator
{
    private bool Move()
    {
        Register first = instruction.Op0Kind == OpKind.Register ? instruction.Op0Register : Register.None;
        Register second = instruction.Op1Kind == OpKind.Register ? instruction.Op1Register : Register.None;

        if (IsSegment(first))
        {
            return TryReadOperand(1, 2, out ulong selector) && LoadSegment(SegmentIndex(first), (ushort)selector);
        }

        if (IsSegment(second))
        {
            ulong selector = state.Segments[SegmentIndex(second)].Selector;
            return TryWriteOperand(0, 2, selector);
        }

        bool isGeneral = (first == Register.None || IsGeneral(first)) && (second == Register.None || IsGeneral(second));
        return isGeneral ? MoveGeneral() : Unsupported(EmulationLimit.Instruction);
    }

    private bool MoveGeneral()
    {
        int size = OperandSizeBytes(0);
        return TryReadOperand(1, size, out ulong value) && TryWriteOperand(0, size, value);
    }

    private bool MoveReversed()
    {
        int size = OperandSizeBytes(0);

        if (!TryReadOperand(1, size, out ulong value))
        {
            return false;
        }

        return TryWriteOperand(0, size, BinaryPrimitives.ReverseEndianness(value) >> (64 - (size * 8)));
    }

    private bool MoveExtended(bool signed)
    {
        int size = OperandSizeBytes(1);

        if (!TryReadOperand(1, size, out ulong value))
        {
            return false;
        }

        WriteRegister(instruction.Op0Register, signed ? SignExtend(value, size) : value);
        return true;
    }

    private bool MoveDirect64Bytes()
    {
        Register pointer = instruction.Op0Register;
        Span<byte> bytes = stackalloc byte[64];

        if (!TryMap(OperandSegment(), EffectiveAddress(0), 64, 1, AccessKind.Read, out MappedMemory source)
            || !TryMapAligned(X64SegmentFile.Es, ReadRegister(pointer), 64, AccessKind.Write, out MappedMemory target))
        {
            return false;
        }

        LoadBytes(source, bytes);
        StoreBytes(target, bytes);
        return true;
    }

    private bool TranslateByte()
    {
        int size = RegisterSizeBytes(instruction.MemoryBase);
        ulong offset = Truncate(ReadGpr(Rbx, size) + (byte)state.Gpr[Rax], size);

        if (!TryMap(OperandSegment(), offset, 1, 1, AccessKind.Read, out MappedMemory memory))
        {
            return false;
        }

        WriteGpr(Rax, Load(memory), 1);
        return true;
    }

    // A 16-bit BSWAP is undefined; processors give zero.
    private bool SwapBytes()
    {
        Register register = instruction.Op0Register;
        ulong value = ReadRegister(register);

        WriteRegister(register, RegisterSizeBytes(register) switch
        {
            2 => 0,
            4 => BinaryPrimitives.ReverseEndianness((uint)value),
            _ => BinaryPrimitives.ReverseEndianness(value),
        });
        return true;
    }

    /// <summary>Loads a segment register: where segments are plain numbers, without a descriptor table.</summary>
    private bool LoadSegment(int index, ushort selector)
    {
        if (index == X64SegmentFile.Cs)
        {
            return Fault(X64Bits.VectorUd);
        }

        if (state.IsProtectedMode)
        {
            return Unsupported(EmulationLimit.SegmentLoad);
        }

        state.Segments[index].Selector = selector;
        state.Segments[index].Base = (ulong)selector << 4;
        loadsStackSegment = index == X64SegmentFile.Ss;
        return true;
    }
}
