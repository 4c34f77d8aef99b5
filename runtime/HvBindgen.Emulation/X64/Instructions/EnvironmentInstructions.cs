using System.Buffers.Binary;
using HvBindgen.Emulation.X64.Execution;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>FNSTENV, FLDENV, FNSAVE and FRSTOR: control, status, tags and pointers of x87, and its registers.</summary>
/// <remarks>Of four layouts (SDM volume 1, 8.1.10) operand size and mode choose one. Selectors beside the pointers have not been kept by
/// processors for long, and are zero.</remarks>
internal sealed class EnvironmentInstructions(X64Context context, X64AddressSpace space, X64Operands operands, X87Registers x87)
{
    private const int LargestBytes = 108;
    private const int Fields = 7;
    private const int RegistersBytes = 80;
    private const int OperationBits = 0x7FF;

    /// <summary>FNSTENV and FNSAVE. One masks all exceptions afterwards, the other leaves x87 as FNINIT does.</summary>
    internal bool Store(bool resets)
    {
        Span<byte> area = stackalloc byte[LargestBytes];

        if (!x87.TryUse(waits: false) || !TryMap(AccessKind.Write, out MappedMemory target))
        {
            return false;
        }

        int fieldBytes = FieldBytes(target.Length);
        area[..(Fields * fieldBytes)].Fill(byte.MaxValue);
        Write(area, fieldBytes, 0, x87.Control.Word);
        Write(area, fieldBytes, 1, x87.Status);
        Write(area, fieldBytes, 2, x87.Tags);
        WritePointers(area, fieldBytes);

        if (resets)
        {
            x87.ReadRegisters(area.Slice(Fields * fieldBytes, RegistersBytes));
        }

        space.StoreBytes(target, area[..target.Length]);

        if (resets)
        {
            x87.Reset();
        }
        else
        {
            x87.LoadControl((ushort)(x87.Control.Word | X87Control.AllMasks));
        }

        return x87.TryCommit();
    }

    /// <summary>FLDENV and FRSTOR. What is unmasked by them waits for a handler from then on.</summary>
    internal bool Load()
    {
        Span<byte> area = stackalloc byte[LargestBytes];

        if (!x87.TryUse(waits: true) || !TryMap(AccessKind.Read, out MappedMemory source))
        {
            return false;
        }

        int fieldBytes = FieldBytes(source.Length);
        space.LoadBytes(source, area[..source.Length]);
        ReadPointers(area, fieldBytes);
        x87.LoadEnvironment(
            (ushort)Read(area, fieldBytes, 0), (ushort)Read(area, fieldBytes, 1), (ushort)Read(area, fieldBytes, 2));

        if (source.Length > Fields * fieldBytes)
        {
            x87.WriteRegisters(area.Slice(Fields * fieldBytes, RegistersBytes));
        }

        return x87.TryCommit();
    }

    private bool IsRealMode => !context.State.IsProtectedMode;

    private static int FieldBytes(int areaBytes) =>
        areaBytes is (Fields * sizeof(ushort)) or ((Fields * sizeof(ushort)) + RegistersBytes) ? sizeof(ushort) : sizeof(uint);

    private bool TryMap(AccessKind access, out MappedMemory memory)
    {
        int size = operands.SizeBytes(0);
        return space.TryMap(operands.Segment(), operands.EffectiveAddress(0), size, FieldBytes(size), access, out memory);
    }

    // Real mode has linear addresses, their upper bits beside the operation or in a field of their own.
    private void WritePointers(Span<byte> area, int fieldBytes)
    {
        uint code = (uint)x87.CodePointer;
        uint data = (uint)x87.DataPointer;
        uint operation = x87.Operation & (uint)OperationBits;

        if (IsRealMode)
        {
            Write(area, fieldBytes, 3, (ushort)code);
            WriteWhole(area, fieldBytes, 4, (code >> 16 << 12) | operation);
            Write(area, fieldBytes, 5, (ushort)data);
            WriteWhole(area, fieldBytes, 6, data >> 16 << 12);
        }
        else
        {
            WriteWhole(area, fieldBytes, 3, code);
            WriteWhole(area, fieldBytes, 4, fieldBytes == sizeof(uint) ? operation << 16 : 0);
            WriteWhole(area, fieldBytes, 5, data);
            Write(area, fieldBytes, 6, 0);
        }
    }

    private void ReadPointers(ReadOnlySpan<byte> area, int fieldBytes)
    {
        uint code = Read(area, fieldBytes, 3);
        uint selector = Read(area, fieldBytes, 4);
        uint data = Read(area, fieldBytes, 5);

        if (IsRealMode)
        {
            x87.CodePointer = (ushort)code | (selector >> 12 << 16);
            x87.DataPointer = (ushort)data | (Read(area, fieldBytes, 6) >> 12 << 16);
            x87.Operation = (ushort)(selector & OperationBits);
        }
        else
        {
            x87.CodePointer = code;
            x87.DataPointer = data;
            x87.Operation = (ushort)(fieldBytes == sizeof(uint) ? (selector >> 16) & OperationBits : 0);
        }
    }

    private static uint Read(ReadOnlySpan<byte> area, int fieldBytes, int field) => fieldBytes == sizeof(uint)
        ? BinaryPrimitives.ReadUInt32LittleEndian(area[(field * fieldBytes)..])
        : BinaryPrimitives.ReadUInt16LittleEndian(area[(field * fieldBytes)..]);

    // Of a field of 32 bits the upper half stays set.
    private static void Write(Span<byte> area, int fieldBytes, int field, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(area[(field * fieldBytes)..], value);

    private static void WriteWhole(Span<byte> area, int fieldBytes, int field, uint value)
    {
        Span<byte> bytes = area.Slice(field * fieldBytes, fieldBytes);

        if (fieldBytes == sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        }
    }
}
