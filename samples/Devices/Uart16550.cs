using HvBindgen.Mshv.Handlers;
using HvBindgen.Mshv.Saving;

namespace ExampleDevices;

/// <summary>A 16550 serial port, as far as consoles use it: data both ways, status, an interrupt when there is input.</summary>
/// <remarks>Output is sent at once, so the transmitter is always empty. Input waits until the guest reads it, up to 4 KiB.</remarks>
/// <param name="output">Takes what the guest sends.</param>
/// <param name="raiseInterrupt">Tells the guest that there is something to look at.</param>
/// <param name="inputUsedUp">Called once, when input has ended and the guest asks for more after it has read the last byte.</param>
public sealed class Uart16550(Action<byte> output, Action raiseInterrupt, Action inputUsedUp) : IPortIoHandler, ISavedDevice
{
    /// <summary>Number of ports that the device takes.</summary>
    public const int PortCount = 8;

    private const int MaximumInput = 4096;

    // Registers, by their distance from the first port. Bit 7 of the line control swaps the first two for the speed.
    private const int Data = 0;
    private const int InterruptEnable = 1;
    private const int InterruptIdentification = 2;
    private const int LineControl = 3;
    private const int ModemControl = 4;
    private const int LineStatus = 5;
    private const int ModemStatus = 6;
    private const int Scratch = 7;

    private const byte DivisorLatch = 1 << 7;
    private const byte InputInterrupt = 1 << 0;
    private const byte TransmitterInterrupt = 1 << 1;
    private const byte LineConnected = 1 << 3; // OUT2 of the modem control, which a PC's interrupt line goes through
    private const byte NoInterrupt = 1;
    private const byte InputIdentified = 4;
    private const byte TransmitterIdentified = 2;
    private const byte HasInput = 1 << 0;
    private const byte TransmitterEmpty = 0x60;
    private const byte ModemReady = 0xb0; // carrier detected, data set ready, clear to send

    private readonly Lock changing = new();
    private readonly Queue<byte> input = new();
    private readonly byte[] registers = new byte[PortCount];
    private ushort divisor = 1;
    private bool transmitterPending;
    private bool hasInputEnded;
    private bool hasAskedInVain;

    /// <inheritdoc/>
    public string StateName => "16550";

    /// <summary>Whether the guest has looked for input and found none since it was given the last byte.</summary>
    public bool IsWaitedFor
    {
        get
        {
            lock (changing)
            {
                return hasAskedInVain;
            }
        }
    }

    /// <summary>Gives the guest a byte of input, from any thread.</summary>
    /// <param name="value">The byte.</param>
    /// <returns>False when the guest has not read for so long that there is no room.</returns>
    public bool TryReceive(byte value)
    {
        bool tell;
        lock (changing)
        {
            if (input.Count >= MaximumInput)
            {
                return false;
            }

            input.Enqueue(value);
            hasAskedInVain = false;
            tell = IsInterrupting;
        }

        if (tell)
        {
            raiseInterrupt();
        }

        return true;
    }

    /// <summary>There will be no more input.</summary>
    public void EndInput()
    {
        bool isOver;
        lock (changing)
        {
            hasInputEnded = true;
            isOver = hasAskedInVain;
        }

        if (isOver)
        {
            inputUsedUp();
        }
    }

    /// <inheritdoc/>
    public byte[] SaveState()
    {
        lock (changing)
        {
            return [.. registers, (byte)divisor, (byte)(divisor >> 8), (byte)(transmitterPending ? 1 : 0), .. input];
        }
    }

    /// <inheritdoc/>
    public void RestoreState(ReadOnlySpan<byte> state)
    {
        const int FixedBytes = PortCount + 3;
        if (state.Length is < FixedBytes or > FixedBytes + MaximumInput)
        {
            throw new MachineStateFormatException($"a 16550 of {state.Length} bytes");
        }

        lock (changing)
        {
            state[..PortCount].CopyTo(registers);
            divisor = (ushort)(state[PortCount] | (state[PortCount + 1] << 8));
            transmitterPending = state[PortCount + 2] != 0;
            input.Clear();
            foreach (byte value in state[FixedBytes..])
            {
                input.Enqueue(value);
            }
        }
    }

    /// <inheritdoc/>
    public uint Read(uint vpIndex, int offset, int sizeBytes)
    {
        bool isOver = false;
        uint value;
        lock (changing)
        {
            bool isDivisor = (registers[LineControl] & DivisorLatch) != 0;
            switch (offset)
            {
                case Data:
                    value = isDivisor ? (byte)divisor : input.TryDequeue(out byte received) ? received : 0u;
                    break;
                case InterruptEnable when isDivisor:
                    value = (uint)(divisor >> 8);
                    break;
                case InterruptIdentification:
                    value = Identify();
                    break;
                case LineStatus:
                    value = TransmitterEmpty | (input.Count > 0 ? (uint)HasInput : 0);
                    isOver = input.Count == 0 && hasInputEnded && !hasAskedInVain;
                    hasAskedInVain = input.Count == 0;
                    break;
                case ModemStatus:
                    value = ModemReady;
                    break;
                default:
                    value = registers[offset];
                    break;
            }
        }

        if (isOver)
        {
            inputUsedUp();
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
        bool tell = false;
        lock (changing)
        {
            bool isDivisor = (registers[LineControl] & DivisorLatch) != 0;
            switch (offset)
            {
                case Data when isDivisor:
                    divisor = (ushort)((divisor & 0xff00) | (byte)value);
                    break;
                case Data:
                    output((byte)value);
                    transmitterPending = (registers[InterruptEnable] & TransmitterInterrupt) != 0;
                    tell = IsInterrupting && transmitterPending;
                    break;
                case InterruptEnable when isDivisor:
                    divisor = (ushort)((value << 8) | (byte)divisor);
                    break;
                case InterruptEnable:
                    registers[offset] = (byte)(value & 0xf);
                    transmitterPending = (value & TransmitterInterrupt) != 0;
                    tell = IsInterrupting;
                    break;
                case LineControl or ModemControl or Scratch:
                    registers[offset] = (byte)value;
                    break;
                default:
                    break; // the FIFO's control needs nothing; the status registers are read-only
            }
        }

        if (tell)
        {
            raiseInterrupt();
        }
    }

    private bool IsInterrupting => (registers[ModemControl] & LineConnected) != 0
        && (transmitterPending || (input.Count > 0 && (registers[InterruptEnable] & InputInterrupt) != 0));

    // Input before output; asking about an empty transmitter takes its interrupt back.
    private byte Identify()
    {
        if ((registers[InterruptEnable] & InputInterrupt) != 0 && input.Count > 0)
        {
            return InputIdentified;
        }

        byte answer = transmitterPending ? TransmitterIdentified : NoInterrupt;
        transmitterPending = false;
        return answer;
    }
}
