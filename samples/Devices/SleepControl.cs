using HvBindgen.Mshv.Handlers;

namespace ExampleDevices;

/// <summary>The sleep control and status registers of ACPI (6.5, section 4.8.3.7), for the one sleep from which nothing wakes: power
/// off.</summary>
/// <param name="powerOff">Called when the guest switches itself off.</param>
public sealed class SleepControl(Action powerOff) : IPortIoHandler
{
    /// <summary>Where this machine has it; nothing of a PC is there.</summary>
    public const ushort DefaultPort = 0x600;

    /// <summary>Number of ports that the device takes.</summary>
    public const int PortCount = 2;

    /// <summary>The number of the sleep in <c>\_S5</c>.</summary>
    public const byte PowerOffType = 5;

    private const int ControlRegister = 0;
    private const int TypeShift = 2;
    private const uint TypeMask = 7;
    private const uint Enable = 1 << 5;

    /// <inheritdoc/>
    public uint Read(uint vpIndex, int offset, int sizeBytes) => 0;

    /// <inheritdoc/>
    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
        if (offset == ControlRegister && (value & Enable) != 0 && ((value >> TypeShift) & TypeMask) == PowerOffType)
        {
            powerOff();
        }
    }
}
