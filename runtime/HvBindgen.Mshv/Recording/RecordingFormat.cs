using System.Numerics;
using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Recording;

/// <summary>
/// The file: a head of 16 bytes (magic, version, architecture, both u32), then frames. A frame is the u32 size of its content, the
/// u32 CRC-32C of its content, and the content; its first byte is its <see cref="FrameKind"/>. All numbers are little-endian.
/// </summary>
internal static class RecordingFormat
{
    internal const uint Version = 1;
    internal const int HeadBytes = 16;
    internal const int FrameHeadBytes = 8;

    /// <summary>No frame is larger: a page of hypercall input and one of output and little else, or the state of a processor.</summary>
    internal const int MaxFrameBytes = 1 << 20;

    internal static ReadOnlySpan<byte> Magic => "HVMSHREC"u8;

    internal static uint Checksum(ReadOnlySpan<byte> content)
    {
        uint sum = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(content);
        foreach (ulong word in words)
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (byte rest in content[(words.Length * sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, rest);
        }

        return ~sum;
    }
}
