using System.Buffers.Binary;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Saving;

/// <summary>Writes a saved machine: a head, and sections with a checksum each; all numbers little-endian.</summary>
/// <remarks>Head, 12 bytes: "HVMACHIN", u16 version, u16 architecture. A section: u32 kind, u32 length of the content, content, u32 CRC-32
/// of all of this.</remarks>
internal sealed class SectionWriter : IDisposable
{
    internal const ushort Version = 1;
    internal const int HeadBytes = 12;
    internal const int SectionHeadBytes = 8;
    internal const int ChecksumBytes = 4;

    /// <summary>Most that a section holds: a device's state.</summary>
    internal const int MaxContentBytes = 64 << 20;

    private readonly Stream stream;
    private readonly MemoryStream section = new();
    private readonly BinaryWriter content;

    internal SectionWriter(Stream stream, GuestArchitecture architecture)
    {
        this.stream = stream;
        content = new BinaryWriter(section);
        Span<byte> head = stackalloc byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(head[10..], (ushort)architecture);
        stream.Write(head);
    }

    internal static ReadOnlySpan<byte> Magic => "HVMACHIN"u8;

    /// <summary>Begins a section.</summary>
    /// <returns>Takes its content.</returns>
    internal BinaryWriter Begin(SectionKind kind)
    {
        section.SetLength(0);
        content.Write((uint)kind);
        content.Write(0u);
        return content;
    }

    /// <summary>Ends the section and writes it.</summary>
    internal void End()
    {
        content.Flush();
        int length = checked((int)section.Length) - SectionHeadBytes;
        if (length > MaxContentBytes)
        {
            throw new InvalidOperationException($"A state of {length} bytes; a saved machine takes {MaxContentBytes} for each device.");
        }

        BinaryPrimitives.WriteUInt32LittleEndian(section.GetBuffer().AsSpan(4), (uint)length);
        content.Write(Crc32.Of(section.GetBuffer().AsSpan(0, length + SectionHeadBytes)));
        content.Flush();
        section.WriteTo(stream);
    }

    public void Dispose() => content.Dispose();
}
