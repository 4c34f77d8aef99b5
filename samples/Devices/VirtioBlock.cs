using System.Buffers.Binary;
using HvBindgen.Mshv.Memory;

namespace ExampleDevices;

/// <summary>A disk in the monitor's memory (virtio 1.2, section 5.2).</summary>
/// <param name="memory">Guest memory.</param>
/// <param name="content">The disk's bytes, a multiple of 512; they change as the guest writes.</param>
public sealed class VirtioBlock(GuestAddressSpace memory, byte[] content) : VirtioDevice
{
    private readonly byte[] content = content;

    private const int SectorBytes = 512;
    private const int HeaderBytes = 16;
    private const int NameBytes = 20;

    // Requests.
    private const uint Read = 0;
    private const uint Write = 1;
    private const uint Flush = 4;
    private const uint GetName = 8;

    // Answers.
    private const byte Done = 0;
    private const byte Failed = 1;
    private const byte Unknown = 2;

    private readonly byte[] configuration = BitConverter.GetBytes((ulong)content.Length / SectorBytes);

    /// <inheritdoc/>
    public override uint Kind => 2;

    /// <inheritdoc/>
    public override int QueueCount => 1;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Configuration => configuration;

    /// <inheritdoc/>
    public override bool Serve(int index, Virtqueue queue)
    {
        bool isAny = false;
        while (queue.TryTake(out VirtioChain chain))
        {
            queue.Return(in chain, Carry(chain.Buffers));
            isAny = true;
        }

        return isAny;
    }

    /// <inheritdoc/>
    public override byte[] SaveContent() => content;

    /// <inheritdoc/>
    public override void RestoreContent(byte[] content)
    {
        if (content.Length != this.content.Length)
        {
            throw new InvalidDataException($"a disk of {content.Length} bytes, not {this.content.Length}");
        }

        content.CopyTo(this.content, 0);
    }

    // A header that the device reads, data, and a byte for the answer.
    private uint Carry(IReadOnlyList<VirtioBuffer> buffers)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        VirtioBuffer last = buffers[^1];
        if (buffers.Count < 2 || buffers[0].SizeBytes < HeaderBytes || !memory.TryRead(buffers[0].Gpa, header)
            || last is not { IsWritable: true, SizeBytes: > 0 })
        {
            return 0;
        }

        uint request = BinaryPrimitives.ReadUInt32LittleEndian(header);
        ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        ulong position = sector < (ulong)content.Length ? sector * SectorBytes : ulong.MaxValue;
        byte answer = Done;
        uint written = 0;
        for (int index = 1; index < buffers.Count - 1 && answer == Done; index++)
        {
            answer = Transfer(request, buffers[index], ref position, ref written);
        }

        answer = request is Read or Write or Flush or GetName ? answer : Unknown;
        return memory.TryWrite(last.Gpa, [answer]) ? written + 1 : written;
    }

    private byte Transfer(uint request, VirtioBuffer buffer, ref ulong position, ref uint written)
    {
        if (request == GetName)
        {
            byte[] name = new byte[NameBytes];
            "example disk"u8.CopyTo(name);
            int length = (int)Math.Min(buffer.SizeBytes, NameBytes);
            written += (uint)length;
            return buffer.IsWritable && memory.TryWrite(buffer.Gpa, name.AsSpan(0, length)) ? Done : Failed;
        }

        ulong size = (ulong)content.Length;
        bool isWithin = position <= size && buffer.SizeBytes <= size - position;
        if (request is not (Read or Write) || buffer.IsWritable != (request == Read) || !isWithin)
        {
            return Failed;
        }

        Span<byte> sectors = content.AsSpan((int)position, (int)buffer.SizeBytes);
        position += buffer.SizeBytes;
        written += request == Read ? buffer.SizeBytes : 0;
        return (request == Read ? memory.TryWrite(buffer.Gpa, sectors) : memory.TryRead(buffer.Gpa, sectors)) ? Done : Failed;
    }
}
