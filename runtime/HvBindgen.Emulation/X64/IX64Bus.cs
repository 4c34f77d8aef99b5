namespace HvBindgen.Emulation.X64;

/// <summary>Where accesses of an x64 processor go that no RAM backs: devices in memory and port space.</summary>
public interface IX64Bus : IMemoryBus
{
    /// <summary>Reads a port.</summary>
    /// <param name="port">Port number.</param>
    /// <param name="sizeBytes">1, 2 or 4.</param>
    /// <param name="value">The value; bits beyond the size are ignored.</param>
    /// <returns>False when the access is not answered, and the instruction is to be abandoned.</returns>
    bool TryReadPort(ushort port, int sizeBytes, out uint value);

    /// <summary>Writes a port.</summary>
    /// <param name="port">Port number.</param>
    /// <param name="sizeBytes">1, 2 or 4.</param>
    /// <param name="value">The value, zero beyond the size.</param>
    /// <returns>False when the access is not answered, and the instruction is to be abandoned.</returns>
    bool TryWritePort(ushort port, int sizeBytes, uint value);
}
