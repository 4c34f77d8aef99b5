namespace HvBindgen.Emulation;

/// <summary>Where memory accesses go that no RAM backs.</summary>
/// <remarks>
/// Called once per access and in program order. An access never crosses a 4 KiB page: one that does is split in two.
/// A read-modify-write reads once and writes once. Nothing is called before every address of the instruction is known to be valid.
/// An access that is not answered ends the instruction: nothing is called, and nothing stored, any more. The same goes for one that throws;
/// what iterations of a repeated instruction did before stays done either way.
/// </remarks>
public interface IMemoryBus
{
    /// <summary>Reads device memory.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">Receives the bytes; its length is the size of the access, 1 to 64 bytes.</param>
    /// <returns>False when the access is not answered, and the instruction is to be abandoned.</returns>
    bool TryReadMemory(ulong gpa, Span<byte> data);

    /// <summary>Writes device memory, or ROM.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="data">The bytes; their number is the size of the access, 1 to 64 bytes.</param>
    /// <returns>False when the access is not answered, and the instruction is to be abandoned.</returns>
    bool TryWriteMemory(ulong gpa, ReadOnlySpan<byte> data);

    /// <summary>Whether an access will be answered: asked about all but the first of an instruction, before that is made. A device that
    /// has been read would not give the same once more, when whoever was missing is there.</summary>
    /// <param name="gpa">Guest-physical address.</param>
    /// <param name="sizeBytes">Size of the access, 1 to 64 bytes.</param>
    /// <param name="isWrite">Whether it is a write.</param>
    /// <returns>False when it would not be answered: the instruction is then abandoned, and nothing is called.</returns>
    bool WillAnswerMemory(ulong gpa, int sizeBytes, bool isWrite) => true;
}
