namespace HvBindgen.Mshv.Memory;

/// <summary>A guest-physical range is not memory, or not all of it.</summary>
/// <param name="gpa">First guest-physical address that was asked for.</param>
/// <param name="lengthBytes">Bytes that were asked for.</param>
public sealed class GuestMemoryException(ulong gpa, int lengthBytes)
    : Exception($"{lengthBytes} bytes at guest-physical address 0x{gpa:x} are not all memory of the partition.")
{
    /// <summary>First guest-physical address that was asked for.</summary>
    public ulong Gpa { get; } = gpa;

    /// <summary>Bytes that were asked for.</summary>
    public int LengthBytes { get; } = lengthBytes;
}
