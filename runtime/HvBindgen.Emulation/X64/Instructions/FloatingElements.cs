using System.Buffers.Binary;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Numbers in the bytes of a vector.</summary>
internal static class FloatingElements
{
    /// <summary>Reads an element of 2, 4 or 8 bytes.</summary>
    internal static ulong Read(ReadOnlySpan<byte> bytes, int sizeBytes) => sizeBytes switch
    {
        sizeof(ushort) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        sizeof(uint) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };

    /// <summary>Writes one.</summary>
    internal static void Write(Span<byte> bytes, int sizeBytes, ulong value)
    {
        switch (sizeBytes)
        {
            case sizeof(ushort):
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
                break;
            case sizeof(uint):
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
                break;
        }
    }
}
