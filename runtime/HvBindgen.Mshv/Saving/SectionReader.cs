using System.Buffers.Binary;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Saving;

/// <summary>Reads the sections of a saved machine. Safe for bytes from anywhere.</summary>
internal sealed class SectionReader
{
    private readonly Stream stream;
    private readonly byte[] chunk = new byte[0x10000];
    private long position;

    internal SectionReader(Stream stream)
    {
        this.stream = stream;
        byte[] head = ReadExactly(SectionWriter.HeadBytes, "head");
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8));
        ushort architecture = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(10));
        if (!head.AsSpan().StartsWith(SectionWriter.Magic))
        {
            throw new MachineStateFormatException("These bytes do not begin like a saved machine.");
        }

        if (version != SectionWriter.Version)
        {
            throw new MachineStateFormatException(
                $"The saved machine has version {version}; this library reads version {SectionWriter.Version}.");
        }

        Architecture = architecture <= (ushort)GuestArchitecture.Arm64
            ? (GuestArchitecture)architecture
            : throw new MachineStateFormatException($"The saved machine is of an unknown architecture, {architecture}.");
    }

    internal GuestArchitecture Architecture { get; }

    /// <summary>Reads the next section.</summary>
    /// <param name="content">Its content.</param>
    /// <returns>What it holds.</returns>
    internal SectionKind Read(out byte[] content)
    {
        long start = position;
        byte[] head = ReadExactly(SectionWriter.SectionHeadBytes, "section");
        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(head);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        if (kind is < (uint)SectionKind.Properties or > (uint)SectionKind.End || length > SectionWriter.MaxContentBytes)
        {
            throw new MachineStateFormatException($"Byte {start} of the saved machine begins no section: kind {kind}, {length} bytes.");
        }

        byte[] rest = ReadExactly((int)length + SectionWriter.ChecksumBytes, $"section of kind {(SectionKind)kind}");
        content = rest[..(int)length];
        uint computed = Crc32.Of([.. head, .. content]);
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(rest.AsSpan((int)length));
        return computed == stored
            ? (SectionKind)kind
            : throw new MachineStateFormatException(
                $"The saved machine is damaged: the checksum of its section at byte {start} is 0x{computed:x8}, not 0x{stored:x8}.");
    }

    // A length is believed only as far as bytes really come.
    private byte[] ReadExactly(int count, string what)
    {
        using MemoryStream whole = new(Math.Min(count, chunk.Length));
        while (whole.Length < count)
        {
            int got = stream.Read(chunk, 0, (int)Math.Min(chunk.Length, count - whole.Length));
            if (got == 0)
            {
                throw new MachineStateFormatException($"The saved machine ends at byte {position}, within a {what}.");
            }

            position += got;
            whole.Write(chunk, 0, got);
        }

        return whole.ToArray();
    }
}
