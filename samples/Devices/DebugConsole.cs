using HvBindgen.Mshv.Handlers;

namespace ExampleDevices;

/// <summary>The port that firmware for virtual machines prints what it does to, byte by byte.</summary>
/// <param name="output">Takes what is printed.</param>
public sealed class DebugConsole(Action<byte> output) : IPortIoHandler
{
    /// <summary>Where SeaBIOS and OVMF look for it.</summary>
    public const ushort DefaultPort = 0x402;

    private const uint IsThere = 0xe9;

    /// <inheritdoc/>
    public uint Read(uint vpIndex, int offset, int sizeBytes) => IsThere;

    /// <inheritdoc/>
    public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => output((byte)value);
}
