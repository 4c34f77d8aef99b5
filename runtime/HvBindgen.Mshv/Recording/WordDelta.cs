using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Recording;

/// <summary>Differences between two states of a page, in words of 8 bytes: count, then for each its index and its new value.</summary>
internal static class WordDelta
{
    private const int EntryBytes = sizeof(ushort) + sizeof(ulong);

    /// <summary>Writes the differences and brings the old state up to date.</summary>
    internal static void Write(FrameBuffer frame, ReadOnlySpan<byte> now, Span<byte> shadow)
    {
        int countPosition = frame.Reserve(sizeof(ushort));
        ushort count = 0;
        ReadOnlySpan<ulong> nowWords = MemoryMarshal.Cast<byte, ulong>(now);
        Span<ulong> shadowWords = MemoryMarshal.Cast<byte, ulong>(shadow);
        for (int i = 0; i < nowWords.Length; i++)
        {
            // Read once: the guest or the driver may write it meanwhile.
            ulong word = nowWords[i];
            if (word != shadowWords[i])
            {
                shadowWords[i] = word;
                frame.WriteUInt16((ushort)i);
                frame.WriteUInt64(word);
                count++;
            }
        }

        frame.Patch(countPosition, count);
    }

    /// <summary>Applies differences to a state.</summary>
    internal static void Apply(ReadOnlySpan<byte> delta, Span<byte> state)
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(delta);
        delta = delta[sizeof(ushort)..];
        for (int i = 0; i < count; i++, delta = delta[EntryBytes..])
        {
            int index = BinaryPrimitives.ReadUInt16LittleEndian(delta);
            delta.Slice(sizeof(ushort), sizeof(ulong)).CopyTo(state[(index * sizeof(ulong))..]);
        }
    }

    /// <summary>Bytes that the differences at the beginning of some data take; -1 when the data are too short, or an index too
    /// large.</summary>
    internal static int Measure(ReadOnlySpan<byte> data, int stateBytes)
    {
        if (data.Length < sizeof(ushort))
        {
            return -1;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(data);
        int size = sizeof(ushort) + (count * EntryBytes);
        if (size > data.Length)
        {
            return -1;
        }

        for (int i = 0; i < count; i++)
        {
            int index = BinaryPrimitives.ReadUInt16LittleEndian(data[(sizeof(ushort) + (i * EntryBytes))..]);
            if ((index + 1) * sizeof(ulong) > stateBytes)
            {
                return -1;
            }
        }

        return size;
    }
}
