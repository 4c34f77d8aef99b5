namespace HvBindgen.Mshv.Handlers;

/// <summary>A device in port space.</summary>
/// <remarks>Called on the threads of the virtual processors, several at a time; an exception ends the run as a device
/// fault.</remarks>
public interface IPortIoHandler
{
    /// <summary>The guest reads.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="offset">Ports from the first one that the device is mapped at.</param>
    /// <param name="sizeBytes">1, 2 or 4; the access lies within the device's ports.</param>
    /// <returns>The value; bits beyond the size are ignored.</returns>
    uint Read(uint vpIndex, int offset, int sizeBytes);

    /// <summary>The guest writes.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="offset">Ports from the first one that the device is mapped at.</param>
    /// <param name="sizeBytes">1, 2 or 4; the access lies within the device's ports.</param>
    /// <param name="value">The value, zero beyond the size.</param>
    void Write(uint vpIndex, int offset, int sizeBytes, uint value);
}
