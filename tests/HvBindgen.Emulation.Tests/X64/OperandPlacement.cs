using HvBindgen.Emulation.X64;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>
/// Chooses where operands lie, mostly near the boundary of two writable pages, and makes registers and displacements say so.
/// </summary>
internal sealed class OperandPlacement(Random random, int bits, OracleCase test)
{
    /// <summary>Width of the stack pointer that the case's SS implies.</summary>
    public int StackSizeBytes => OracleMachine.Descriptor(test.Segments[X64SegmentFile.Ss], 0).IsBig ? 4 : 2;

    /// <summary>An offset into a segment at which an operand is worth having.</summary>
    public ulong Offset(int segment, int sizeBytes, int addressSizeBytes, int alignmentBytes)
    {
        ulong linear = LinearAddress(sizeBytes);

        if (random.Next(100) < 75)
        {
            linear &= ~((ulong)alignmentBytes - 1);
        }

        ulong offset = linear - SegmentBase(segment);
        return addressSizeBytes == 8 ? offset : addressSizeBytes == 4 ? (uint)offset : (ushort)offset;
    }

    /// <summary>Size of the address registers of a string instruction.</summary>
    public int StringAddressSizeBytes(in Instruction instruction)
    {
        for (int operand = 0; operand < instruction.OpCount; operand++)
        {
            switch (instruction.GetOpKind(operand))
            {
                case OpKind.MemorySegSI or OpKind.MemorySegDI or OpKind.MemoryESDI:
                    return 2;
                case OpKind.MemorySegESI or OpKind.MemorySegEDI or OpKind.MemoryESEDI:
                    return 4;
                default:
                    break;
            }
        }

        return bits == 64 ? 8 : 4;
    }

    /// <summary>Sets base, index or displacement of an instruction's memory operand.</summary>
    public void PlaceOperand(Decoder decoder, Span<byte> bytes, ref Instruction instruction, ref OracleCase target)
    {
        int size = Math.Max(instruction.MemorySize.GetSize(), 1);
        Register baseRegister = instruction.MemoryBase;
        Register index = instruction.MemoryIndex.IsVectorRegister() ? Register.None : instruction.MemoryIndex;
        int addressSize = baseRegister is Register.RIP ? 8
            : baseRegister is Register.EIP ? 4
            : baseRegister != Register.None ? baseRegister.GetSize()
            : index != Register.None ? index.GetSize()
            : instruction.MemoryDisplSize;
        ulong wanted = Offset(instruction.MemorySegment - Register.ES, size, addressSize, size > 8 ? size : 1);
        ulong rest = wanted - instruction.MemoryDisplacement64;

        if (baseRegister is Register.RIP or Register.EIP || (baseRegister == Register.None && index == Register.None))
        {
            PatchDisplacement(decoder, bytes, ref instruction, wanted, target.Rip);
        }
        else if (baseRegister == Register.None)
        {
            Set(ref target, index, rest / (uint)instruction.MemoryIndexScale);
        }
        else if (index == Register.None)
        {
            Set(ref target, baseRegister, rest);
        }
        else if (index == baseRegister)
        {
            Set(ref target, baseRegister, rest / ((uint)instruction.MemoryIndexScale + 1));
        }
        else
        {
            ulong chosen = random.Next(4) == 0 ? target.Gpr[index.GetNumber()] : (ulong)random.Next(-1000, 1000);
            Set(ref target, index, chosen);
            Set(ref target, baseRegister, rest - (Get(target, index) * (uint)instruction.MemoryIndexScale));
        }
    }

    private static ulong Get(in OracleCase test, Register register)
    {
        ulong value = test.Gpr[register.GetNumber()];
        return register.GetSize() == 8 ? value : register.GetSize() == 4 ? (uint)value : (ushort)value;
    }

    // What exceeds the address size stays as it was: it must not matter.
    private static void Set(ref OracleCase test, Register register, ulong value)
    {
        ref ulong whole = ref test.Gpr[register.GetNumber()];

        whole = register.GetSize() switch
        {
            8 => value,
            4 => (whole & 0xFFFF_FFFF_0000_0000) | (uint)value,
            _ => (whole & ~0xFFFFUL) | (ushort)value,
        };
    }

    private static void PatchDisplacement(Decoder decoder, Span<byte> bytes, ref Instruction instruction, ulong wanted, ulong rip)
    {
        ConstantOffsets offsets = decoder.GetConstantOffsets(instruction);

        if (!offsets.HasDisplacement)
        {
            return;
        }

        Span<byte> displacement = bytes.Slice(offsets.DisplacementOffset, offsets.DisplacementSize);

        switch (displacement.Length)
        {
            case 2:
                BitConverter.TryWriteBytes(displacement, (ushort)wanted);
                break;
            case 4:
                bool isRelative = instruction.MemoryBase is Register.RIP or Register.EIP;
                BitConverter.TryWriteBytes(displacement, (uint)(isRelative ? wanted - rip - (uint)instruction.Length : wanted));
                break;
            default:
                BitConverter.TryWriteBytes(displacement, wanted);
                break;
        }
    }

    private ulong SegmentBase(int segment)
    {
        ulong @base = segment == X64SegmentFile.Fs ? test.FsBase : segment == X64SegmentFile.Gs ? test.GsBase : 0;
        return bits == 64 ? @base : OracleMachine.Descriptor(test.Segments[segment], 0).Base;
    }

    private ulong LinearAddress(int sizeBytes)
    {
        const ulong Boundary = OracleMachine.DataBase + 0x1000;
        int choice = random.Next(100);
        ulong near = (ulong)random.Next(-96, 97 - Math.Min(sizeBytes, 64));

        return choice switch
        {
            < 60 => Boundary + near,
            < 72 => Boundary - (ulong)random.Next(sizeBytes + 1),
            < 80 => OracleMachine.DataBase + OracleMachine.WritableBytes - (ulong)random.Next(-20, sizeBytes + 1),
            < 84 => OracleMachine.DataBase + OracleMachine.ReadableBytes - (ulong)random.Next(-20, sizeBytes + 1),
            < 87 => OracleMachine.DataBase - (ulong)random.Next(sizeBytes + 1),
            < 89 => 0x3000_0000UL + (ulong)random.Next(0x1000_0000),
            < 90 => bits == 64 ? (ulong)random.Next(0, 0x1000) : (uint)random.Next(-64, 64),
            < 91 when bits == 64 => 0x0000_7FFF_FFFF_F000UL + (ulong)random.Next(0x1000),
            < 93 when bits == 64 => 0x0000_8000_0000_0000UL + (ulong)random.NextInt64(0x7FFE_8000_0000_0000),
            _ => Boundary + near,
        };
    }
}
