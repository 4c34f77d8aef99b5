using System.Buffers.Binary;

namespace HvBindgen.Mshv.Recording;

/// <summary>Writes the frames of a recording.</summary>
internal sealed class RecordingWriter(Stream stream)
{
    internal void WriteHead(GuestArchitecture architecture)
    {
        Span<byte> head = stackalloc byte[RecordingFormat.HeadBytes];
        RecordingFormat.Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], RecordingFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], (uint)architecture);
        stream.Write(head);
    }

    internal void Write(FrameBuffer frame)
    {
        Span<byte> head = stackalloc byte[RecordingFormat.FrameHeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], RecordingFormat.Checksum(frame.Written));
        stream.Write(head);
        stream.Write(frame.Written);
    }

    internal void Flush() => stream.Flush();
}
