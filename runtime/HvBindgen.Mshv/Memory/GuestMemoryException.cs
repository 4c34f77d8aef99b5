namespace HvBindgen.Mshv.Memory;

/// <summary>A guest-physical range is not memory, or not all of it.</summary>
/// <param name="gpa">First guest-physical address that was asked for.</param>
/// <param name="sizeBytes">Bytes that were asked for.</param>
public sealed class GuestMemoryException(ulong gpa, int sizeBytes)
    : Exception($"{sizeBytes} bytes at guest-physical address 0x{gpa:x} are not all memory of the partition.")
{
    /// <summary>First guest-physical address that was asked for.</summary>
    public ulong Gpa { get; } = gpa;

    /// <summary>Bytes that were asked for.</summary>
    public int SizeBytes { get; } = sizeBytes;
}
