using System.Buffers.Binary;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>How the state of a task lies in memory: what a switch saves is one row of words, and a switch reads it again.</summary>
internal sealed class TaskLayout
{
    /// <summary>Words of the row: IP, flags, the general registers, the segments that the kind of task has, and then the LDT.</summary>
    internal const int Pointer = 0;

    internal const int Flags = 1;

    internal const int FirstGeneral = 2;

    internal const int FirstSegment = 10;

    private TaskLayout(int wordBytes, int firstByte, int segmentCount, int sizeBytes)
    {
        WordBytes = wordBytes;
        FirstByte = firstByte;
        SegmentCount = segmentCount;
        SizeBytes = sizeBytes;
    }

    /// <summary>A task of 32 bits (SDM volume 3, figure 8-2).</summary>
    internal static TaskLayout Wide { get; } = new(sizeof(uint), 0x20, 6, 104);

    /// <summary>A task of 16 bits, which has no page tables, no FS and GS and no trap of its own (figure 8-10).</summary>
    internal static TaskLayout Narrow { get; } = new(sizeof(ushort), 0x0E, 4, 44);

    internal int WordBytes { get; }

    /// <summary>Where the row begins.</summary>
    internal int FirstByte { get; }

    /// <summary>Segments that it has, in the order of their numbers.</summary>
    internal int SegmentCount { get; }

    /// <summary>Bytes that a task must have.</summary>
    internal int SizeBytes { get; }

    /// <summary>Bytes of what a switch saves: all words but that of the LDT.</summary>
    internal int SavedBytes => LocalTable * WordBytes;

    internal int LocalTable => FirstSegment + SegmentCount;

    /// <summary>Reads a word of the row.</summary>
    /// <param name="task">The whole state.</param>
    /// <param name="word">Its number; before the row too.</param>
    internal uint Read(ReadOnlySpan<byte> task, int word)
    {
        ReadOnlySpan<byte> place = task[(FirstByte + (word * WordBytes))..];
        return WordBytes == sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(place) : BinaryPrimitives.ReadUInt16LittleEndian(place);
    }

    /// <summary>Writes a word, as much of a value as there is room for.</summary>
    /// <param name="row">What a switch saves.</param>
    /// <param name="word">Its number.</param>
    /// <param name="value">The value.</param>
    internal void Write(Span<byte> row, int word, ulong value)
    {
        Span<byte> place = row[(word * WordBytes)..];

        if (WordBytes == sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)value);
        }
    }
}
