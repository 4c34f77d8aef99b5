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

    /// <summary>Whether an access to a port will be answered: asked before the memory is read that a string instruction sends
    /// there.</summary>
    /// <param name="port">Port number.</param>
    /// <param name="sizeBytes">1, 2 or 4.</param>
    /// <param name="isWrite">Whether it is a write.</param>
    /// <returns>False when it would not be answered: the instruction is then abandoned, and nothing is called.</returns>
    bool WillAnswerPort(ushort port, int sizeBytes, bool isWrite) => true;
}
