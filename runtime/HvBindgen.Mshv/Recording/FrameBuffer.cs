using System.Buffers.Binary;
using System.Text;

namespace HvBindgen.Mshv.Recording;

/// <summary>The frame being written; its memory is used again and again.</summary>
internal sealed class FrameBuffer
{
    private byte[] bytes = new byte[4096];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    internal void Begin(FrameKind kind)
    {
        Length = 0;
        WriteByte((byte)kind);
    }

    internal int Reserve(int count)
    {
        int position = Length;
        Room(count).Clear();
        return position;
    }

    internal void Patch(int position, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(position), value);

    internal void Patch(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position), value);

    internal void Write(ReadOnlySpan<byte> content) => content.CopyTo(Room(content.Length));

    internal void WriteByte(byte value) => Room(1)[0] = value;

    internal void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Room(sizeof(ushort)), value);

    internal void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), value);

    internal void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);

    /// <summary>Writes bytes behind their count.</summary>
    /// <returns>The bytes in the frame, valid until more is written.</returns>
    internal Span<byte> WriteBlock(ReadOnlySpan<byte> block)
    {
        WriteInt32(block.Length);
        Span<byte> room = Room(block.Length);
        block.CopyTo(room);
        return room;
    }

    internal void WriteText(string text) => WriteBlock(Encoding.UTF8.GetBytes(text));

    private Span<byte> Room(int count)
    {
        if (Length + count > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(Length + count, 2 * bytes.Length));
        }

        Span<byte> room = bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }
}
