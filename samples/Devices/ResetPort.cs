using HvBindgen.Mshv.Handlers;

namespace ExampleDevices;

/// <summary>The port by which chipsets of PCs are reset, and which ACPI's tables name too.</summary>
/// <param name="reset">Called when the guest asks for a reset.</param>
public sealed class ResetPort(Action reset) : IPortIoHandler
{
    /// <summary>Where PCs have it.</summary>
    public const ushort DefaultPort = 0xcf9;

    private const byte ResetProcessor = 1 << 2;

    /// <inheritdoc/>
    public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

    /// <inheritdoc/>
    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
        if ((value & ResetProcessor) != 0)
        {
            reset();
        }
    }
}
