namespace HvBindgen.Emulation.X64;

/// <summary>Where accesses of an x64 processor go that no RAM backs: devices in memory and port space.</summary>
public interface IX64Bus : IMemoryBus
{
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
