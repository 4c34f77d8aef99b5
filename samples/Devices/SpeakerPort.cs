using HvBindgen.Mshv.Handlers;

namespace ExampleDevices;

/// <summary>The port of a PC that has the gate and the output of the interval timer's third counter, by which firmware measures how fast a
/// processor is. Nothing sounds.</summary>
/// <param name="timer">The timer.</param>
public sealed class SpeakerPort(IntervalTimer timer) : IPortIoHandler
{
    /// <summary>Where PCs have it.</summary>
    public const ushort DefaultPort = 0x61;

    private const uint Gate = 1 << 0;
    private const uint Kept = 0xf;
    private const uint RefreshToggle = 1 << 4;
    private const uint Output = 1 << 5;

    private uint written;
    private uint refresh;

    /// <inheritdoc/>
    public uint Read(uint vpIndex, int offset, int sizeBytes)
    {
        // Guests wait for the refresh of the memory to come and go: it does between any two reads.
        uint toggled = Interlocked.Increment(ref refresh) % 2 * RefreshToggle;
        return (written & Kept) | toggled | (timer.IsSpeakerHigh ? Output : 0);
    }

    /// <inheritdoc/>
    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
        written = value;
        timer.SetSpeakerGate((value & Gate) != 0);
    }
}
