using System.Buffers.Binary;
using System.Text;

namespace HvBindgen.Mshv.Boot;

/// <summary>Bytes of a firmware table in the making: fields in order, checksums last.</summary>
internal sealed class FirmwareTable
{
    private readonly List<byte> bytes = [];

    internal int Length => bytes.Count;

    internal FirmwareTable Text(string text, int sizeBytes)
    {
        bytes.AddRange(Encoding.ASCII.GetBytes(text.PadRight(sizeBytes)));
        return this;
    }

    internal FirmwareTable U8(byte value)
    {
        bytes.Add(value);
        return this;
    }

    internal FirmwareTable U16(ushort value) => U8((byte)value).U8((byte)(value >> 8));

    internal FirmwareTable U32(uint value) => U16((ushort)value).U16((ushort)(value >> 16));

    internal FirmwareTable U64(ulong value) => U32((uint)value).U32((uint)(value >> 32));

    internal FirmwareTable Bytes(ReadOnlySpan<byte> values)
    {
        bytes.AddRange(values);
        return this;
    }

    internal FirmwareTable Zeros(int count)
    {
        bytes.AddRange(new byte[count]);
        return this;
    }

    internal void SetU16(int offset, ushort value)
    {
        Span<byte> cell = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(cell, value);
        bytes[offset] = cell[0];
        bytes[offset + 1] = cell[1];
    }

    internal void SetU32(int offset, uint value)
    {
        SetU16(offset, (ushort)value);
        SetU16(offset + 2, (ushort)(value >> 16));
    }

    /// <summary>Makes the sum of the first bytes zero, modulo 256.</summary>
    /// <param name="offset">Where the checksum lies.</param>
    /// <param name="sizeBytes">How many bytes it covers.</param>
    internal void SetChecksum(int offset, int sizeBytes)
    {
        bytes[offset] = 0;
        byte sum = 0;
        for (int index = 0; index < sizeBytes; index++)
        {
            sum += bytes[index];
        }

        bytes[offset] = (byte)-sum;
    }

    internal byte[] ToArray() => [.. bytes];
}
