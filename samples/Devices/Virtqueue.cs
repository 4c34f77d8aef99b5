using System.Buffers.Binary;
using HvBindgen.Mshv.Memory;

namespace ExampleDevices;

/// <summary>A queue between a driver in the guest and a device, of the split kind (virtio 1.2, section 2.7).</summary>
/// <remarks>All that is read is the guest's, which may be wrong or change meanwhile: each chain is copied once and checked before it is
/// used.</remarks>
/// <param name="memory">Guest memory.</param>
public sealed class Virtqueue(GuestAddressSpace memory)
{
    /// <summary>How many entries a queue may have.</summary>
    public const int MaximumSize = 256;

    private const int DescriptorBytes = 16;
    private const int RingHeaderBytes = 4;
    private const int UsedEntryBytes = 8;
    private const ushort HasNext = 1;
    private const ushort IsWritable = 2;
    private const ushort IsIndirect = 4;

    private ushort nextAvailable;
    private ushort nextUsed;

    /// <summary>Number of entries: a power of two.</summary>
    public int Size { get; set; } = MaximumSize;

    /// <summary>Whether the driver has set it up.</summary>
    public bool IsReady { get; set; }

    /// <summary>Where the table of descriptors lies.</summary>
    public ulong Descriptors { get; set; }

    /// <summary>Where the driver says which chains are available.</summary>
    public ulong Available { get; set; }

    /// <summary>Where the device says which chains are used.</summary>
    public ulong Used { get; set; }

    /// <summary>Takes the queue back to what it was before the driver came.</summary>
    public void Reset()
    {
        Size = MaximumSize;
        IsReady = false;
        Descriptors = Available = Used = 0;
        nextAvailable = nextUsed = 0;
    }

    /// <summary>Writes its state.</summary>
    /// <param name="state">Where to.</param>
    internal void Save(BinaryWriter state)
    {
        state.Write(Size);
        state.Write(IsReady);
        state.Write(Descriptors);
        state.Write(Available);
        state.Write(Used);
        state.Write(nextAvailable);
        state.Write(nextUsed);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="state">Where from.</param>
    /// <exception cref="InvalidDataException">It is no state of a queue.</exception>
    internal void Restore(BinaryReader state)
    {
        int size = state.ReadInt32();
        if (!IsSize((uint)size))
        {
            throw new InvalidDataException($"a queue of {size} entries");
        }

        Size = size;
        IsReady = state.ReadBoolean();
        Descriptors = state.ReadUInt64();
        Available = state.ReadUInt64();
        Used = state.ReadUInt64();
        nextAvailable = state.ReadUInt16();
        nextUsed = state.ReadUInt16();
    }

    /// <summary>Whether a queue can have so many entries.</summary>
    internal static bool IsSize(uint count) => count is > 0 and <= MaximumSize && (count & (count - 1)) == 0;

    /// <summary>Takes the next chain that the driver has made available.</summary>
    /// <param name="chain">Its buffers.</param>
    /// <returns>False when there is none, or what is there is no chain.</returns>
    public bool TryTake(out VirtioChain chain)
    {
        chain = default;
        if (!IsReady || !TryReadWord(Available + 2, out ushort available) || available == nextAvailable)
        {
            return false;
        }

        ulong entry = Available + RingHeaderBytes + ((ulong)(nextAvailable % Size) * sizeof(ushort));
        if (!TryReadWord(entry, out ushort head))
        {
            return false;
        }

        nextAvailable++;
        List<VirtioBuffer> buffers = [];
        Span<byte> descriptor = stackalloc byte[DescriptorBytes];
        for (ushort index = head; buffers.Count < Size;)
        {
            if (index >= Size || !memory.TryRead(Descriptors + (ulong)(index * DescriptorBytes), descriptor))
            {
                return false;
            }

            ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[12..]);
            if ((flags & IsIndirect) != 0)
            {
                return false; // not offered, so no driver may use it
            }

            buffers.Add(new VirtioBuffer(
                BinaryPrimitives.ReadUInt64LittleEndian(descriptor),
                BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]),
                (flags & IsWritable) != 0));
            if ((flags & HasNext) == 0)
            {
                chain = new VirtioChain(head, buffers);
                return true;
            }

            index = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[14..]);
        }

        return false; // a chain of more descriptors than there are goes in a circle
    }

    /// <summary>Gives a chain back.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="writtenBytes">How many bytes the device has written into its buffers.</param>
    public void Return(in VirtioChain chain, uint writtenBytes)
    {
        Span<byte> entry = stackalloc byte[UsedEntryBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, chain.Head);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], writtenBytes);
        _ = memory.TryWrite(Used + RingHeaderBytes + ((ulong)(nextUsed % Size) * UsedEntryBytes), entry);
        nextUsed++;

        // The driver reads the entry when it has seen the count.
        Thread.MemoryBarrier();
        Span<byte> count = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(count, nextUsed);
        _ = memory.TryWrite(Used + 2, count);
    }

    private bool TryReadWord(ulong gpa, out ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        bool isRead = memory.TryRead(gpa, bytes);
        value = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return isRead;
    }
}

/// <summary>A piece of guest memory that the driver has given.</summary>
/// <param name="Gpa">Where it lies.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="IsWritable">Whether the device writes it; else it reads it.</param>
public readonly record struct VirtioBuffer(ulong Gpa, uint SizeBytes, bool IsWritable);

/// <summary>Buffers that belong together.</summary>
/// <param name="Head">The number that the driver knows them by.</param>
/// <param name="Buffers">The buffers, in their order.</param>
public readonly record struct VirtioChain(ushort Head, IReadOnlyList<VirtioBuffer> Buffers);
