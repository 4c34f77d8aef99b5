namespace HvBindgen.Mshv.Emulation;

/// <summary>Where accesses go that no RAM backs: devices in memory and port space.</summary>
/// <remarks>
/// Called once per access and in program order. A memory access never crosses a 4 KiB page: one that does is split in two.
/// A read-modify-write reads once and writes once. Nothing is called before every address of the instruction is known to be valid.
/// </remarks>
public interface IX64Bus
{
    /// <summary>Reads device memory.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">Receives the bytes; its length is the size of the access, 1 to 64 bytes.</param>
    void ReadMemory(ulong gpa, Span<byte> data);

    /// <summary>Writes device memory, or ROM.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">The bytes; their number is the size of the access, 1 to 64 bytes.</param>
    void WriteMemory(ulong gpa, ReadOnlySpan<byte> data);

    /// <summary>Reads a port.</summary>
    /// <param name="port">Port number.</param>
    /// <param name="sizeBytes">1, 2 or 4.</param>
    /// <returns>The value; bits beyond the size are ignored.</returns>
    uint ReadPort(ushort port, int sizeBytes);

    /// <summary>Writes a port.</summary>
    /// <param name="port">Port number.</param>
    /// <param name="sizeBytes">1, 2 or 4.</param>
    /// <param name="value">The value, zero beyond the size.</param>
    void WritePort(ushort port, int sizeBytes, uint value);
}
