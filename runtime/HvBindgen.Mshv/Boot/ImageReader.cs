using System.Buffers.Binary;

namespace HvBindgen.Mshv.Boot;

/// <summary>Reads little-endian numbers of a file in memory; whatever lies outside of it is a clear error.</summary>
/// <param name="bytes">The file.</param>
/// <param name="name">What it is, for messages.</param>
internal readonly ref struct ImageReader(ReadOnlySpan<byte> bytes, string name)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    internal ulong SizeBytes => (ulong)bytes.Length;

    internal ReadOnlySpan<byte> Slice(ulong offset, ulong sizeBytes, string what)
    {
        if (offset > (ulong)bytes.Length || sizeBytes > (ulong)bytes.Length - offset)
        {
            throw new GuestImageException(
                $"{name}: {what} takes bytes 0x{offset:x} to 0x{unchecked(offset + sizeBytes):x}, the file has 0x{bytes.Length:x}.");
        }

        return bytes.Slice((int)offset, (int)sizeBytes);
    }

    internal byte Byte(ulong offset, string what) => Slice(offset, sizeof(byte), what)[0];

    internal ushort U16(ulong offset, string what) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, sizeof(ushort), what));

    internal uint U32(ulong offset, string what) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, sizeof(uint), what));

    internal ulong U64(ulong offset, string what) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, sizeof(ulong), what));
}
