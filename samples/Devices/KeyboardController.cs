using HvBindgen.Mshv.Handlers;

namespace ExampleDevices;

/// <summary>The keyboard controller of a PC without a keyboard: its one use is a command that resets the processor.</summary>
/// <param name="reset">Called when the guest asks for a reset.</param>
public sealed class KeyboardController(Action reset) : IPortIoHandler
{
    /// <summary>Its port for commands and status.</summary>
    public const ushort DefaultPort = 0x64;

    private const byte PulseResetLine = 0xfe;
    private const uint ReadyForCommands = 0;

    /// <inheritdoc/>
    public uint Read(uint vpIndex, int offset, int sizeBytes) => ReadyForCommands;

    /// <inheritdoc/>
    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
        if ((byte)value == PulseResetLine)
        {
            reset();
        }
    }
}
