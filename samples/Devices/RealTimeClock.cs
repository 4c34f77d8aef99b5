using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Saving;

namespace ExampleDevices;

/// <summary>The clock of a PC, as far as a guest reads the date from it (MC146818 data sheet): one port chooses a register, the next one
/// accesses it. The date is in binary-coded decimals, of 24 hours.</summary>
/// <remarks>It raises no alarm, and it cannot be set: the host keeps the time.</remarks>
/// <param name="now">The date and time.</param>
public sealed class RealTimeClock(Func<DateTime> now) : IPortIoHandler, ISavedDevice
{
    /// <summary>Where PCs have it.</summary>
    public const ushort DefaultPort = 0x70;

    /// <summary>Number of ports that the device takes.</summary>
    public const int PortCount = 2;

    private const int SelectPort = 0;
    private const int RegisterCount = 128;

    // Registers.
    private const int Second = 0;
    private const int Minute = 2;
    private const int Hour = 4;
    private const int DayOfWeek = 6;
    private const int Day = 7;
    private const int Month = 8;
    private const int Year = 9;
    private const int StatusA = 0xa;
    private const int StatusB = 0xb;
    private const int StatusC = 0xc;
    private const int StatusD = 0xd;
    private const int Century = 0x32;

    // Where a BIOS looks for the size of the memory: in KiB below 1 MiB, in KiB above it, in 64 KiB above 16 MiB; low byte first.
    private const int LowMemory = 0x15;
    private const int HighMemory = 0x17;
    private const int HighMemoryAgain = 0x30;
    private const int MemoryAbove16MiB = 0x34;
    private const ulong LowMemoryKiB = 640;

    private const byte DividerRuns = 0x26; // and no update is in progress
    private const byte Hours24 = 1 << 1;
    private const byte HasPower = 1 << 7;

    private readonly Lock changing = new();
    private readonly byte[] memory = new byte[RegisterCount];
    private int selected;

    /// <inheritdoc/>
    public string StateName => "clock";

    /// <summary>What it tells a BIOS of the memory below 4 GiB, in bytes; it tells of none where nobody has said.</summary>
    public ulong RamBytes
    {
        init
        {
            Keep(LowMemory, LowMemoryKiB);
            Keep(HighMemory, (value - Math.Min(value, 1 << 20)) >> 10);
            Keep(HighMemoryAgain, (value - Math.Min(value, 1 << 20)) >> 10);
            Keep(MemoryAbove16MiB, (value - Math.Min(value, 16 << 20)) >> 16);
        }
    }

    /// <inheritdoc/>
    public byte[] SaveState()
    {
        lock (changing)
        {
            return [.. memory, (byte)selected];
        }
    }

    /// <inheritdoc/>
    public void RestoreState(ReadOnlySpan<byte> state)
    {
        if (state.Length != RegisterCount + 1)
        {
            throw new MachineStateFormatException($"a clock of {state.Length} bytes, not {RegisterCount + 1}");
        }

        lock (changing)
        {
            state[..RegisterCount].CopyTo(memory);
            selected = state[RegisterCount] & (RegisterCount - 1);
        }
    }

    /// <inheritdoc/>
    public uint Read(uint vpIndex, int offset, int sizeBytes)
    {
        lock (changing)
        {
            return offset == SelectPort ? 0xffu : ReadRegister(now());
        }
    }

    /// <inheritdoc/>
    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
        lock (changing)
        {
            if (offset == SelectPort)
            {
                selected = (int)value & (RegisterCount - 1); // bit 7 masks NMIs, of which there are none
            }
            else
            {
                memory[selected] = (byte)value;
            }
        }
    }

    private void Keep(int register, ulong value)
    {
        ushort size = (ushort)Math.Min(value, ushort.MaxValue);
        memory[register] = (byte)size;
        memory[register + 1] = (byte)(size >> 8);
    }

    private byte ReadRegister(DateTime time) => selected switch
    {
        Second => Decimal(time.Second),
        Minute => Decimal(time.Minute),
        Hour => Decimal(time.Hour),
        DayOfWeek => Decimal((int)time.DayOfWeek + 1),
        Day => Decimal(time.Day),
        Month => Decimal(time.Month),
        Year => Decimal(time.Year % 100),
        Century => Decimal(time.Year / 100),
        StatusA => DividerRuns,
        StatusB => Hours24,
        StatusC => 0,
        StatusD => HasPower,
        _ => memory[selected],
    };

    private static byte Decimal(int value) => (byte)((value / 10 << 4) | (value % 10));
}
