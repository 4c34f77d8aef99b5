using System.Runtime.CompilerServices;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>The at most 15 bytes of one instruction, as the decoder reads them.</summary>
internal sealed class InstructionBytes : CodeReader
{
    /// <summary>No instruction is longer.</summary>
    internal const int MaxSizeBytes = 15;

    private Buffer buffer;
    private int position;

    /// <summary>Bytes present.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes a copy of the bytes, as many as one instruction can have: the guest may change the original at any time.</summary>
    internal void Set(ReadOnlySpan<byte> bytes)
    {
        Count = 0;
        Append(bytes);
    }

    /// <summary>Adds bytes behind those present, as many as still belong to one instruction, and starts over.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        int length = Math.Min(bytes.Length, MaxSizeBytes - Count);
        bytes[..length].CopyTo(((Span<byte>)buffer)[Count..]);
        Count += length;
        position = 0;
    }

    /// <summary>Copies the bytes present.</summary>
    internal void CopyTo(Span<byte> bytes) => ((ReadOnlySpan<byte>)buffer)[..Count].CopyTo(bytes);

    /// <inheritdoc/>
    public override int ReadByte() => position < Count ? buffer[position++] : -1;

    [InlineArray(MaxSizeBytes)]
    private struct Buffer
    {
        private byte first;
    }
}
