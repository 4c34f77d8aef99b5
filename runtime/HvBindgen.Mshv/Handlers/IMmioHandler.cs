namespace HvBindgen.Mshv.Handlers;

/// <summary>A device in guest-physical address space.</summary>
/// <remarks>Called on the threads of the virtual processors, several at a time; an exception ends the run as a device
/// fault.</remarks>
public interface IMmioHandler
{
    /// <summary>The guest reads.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="offset">Bytes from the address that the device is mapped at.</param>
    /// <param name="sizeBytes">1, 2, 4 or 8; wider accesses come in parts. The access lies within the device's range.</param>
    /// <returns>The value; bits beyond the size are ignored.</returns>
    ulong Read(uint vpIndex, ulong offset, int sizeBytes);

    /// <summary>The guest writes.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="offset">Bytes from the address that the device is mapped at.</param>
    /// <param name="sizeBytes">1, 2, 4 or 8; wider accesses come in parts. The access lies within the device's range.</param>
    /// <param name="value">The value, zero beyond the size.</param>
    void Write(uint vpIndex, ulong offset, int sizeBytes, ulong value);
}
