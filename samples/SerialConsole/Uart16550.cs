using HvBindgen.Mshv.Handlers;

namespace SerialConsole;

/// <summary>A 16550 serial port, as far as consoles use it: data both ways, status, an interrupt when there is input.</summary>
/// <remarks>Output is sent at once, so the transmitter is always empty. Input waits until the guest reads it, up to 4 KiB.</remarks>
/// <param name="output">Takes what the guest sends.</param>
/// <param name="raiseInterrupt">Tells the guest that there is something to look at.</param>
internal sealed class Uart16550(Action<byte> output, Action raiseInterrupt) : IPortIoHandler
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
    private const byte NoInterrupt = 1;
    private const byte InputIdentified = 4;
    private const byte TransmitterIdentified = 2;
    private const byte HasInput = 1 << 0;
    private const byte TransmitterEmpty = 0x60;
    private const byte LineReady = 0xb0; // carrier, ring of nobody, data set ready, clear to send

    private readonly Lock changing = new();
    private readonly Queue<byte> input = new();
    private readonly byte[] registers = new byte[PortCount];
    private ushort divisor = 1;
    private bool transmitterPending;

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
            tell = (registers[InterruptEnable] & InputInterrupt) != 0;
        }

        if (tell)
        {
            raiseInterrupt();
        }

        return true;
    }

    /// <inheritdoc/>
    public uint Read(int offset, int sizeBytes)
    {
        lock (changing)
        {
            bool isDivisor = (registers[LineControl] & DivisorLatch) != 0;
            return offset switch
            {
                Data when isDivisor => (byte)divisor,
                Data => input.TryDequeue(out byte value) ? value : (byte)0,
                InterruptEnable when isDivisor => (byte)(divisor >> 8),
                InterruptIdentification => Identify(),
                LineStatus => (uint)(TransmitterEmpty | (input.Count > 0 ? HasInput : 0)),
                ModemStatus => LineReady,
                _ => registers[offset],
            };
        }
    }

    /// <inheritdoc/>
    public void Write(int offset, int sizeBytes, uint value)
    {
        bool tell = false;
        lock (changing)
        {
            bool isDivisor = (registers[LineControl] & DivisorLatch) != 0;
            switch (offset)
            {
                case Data when isDivisor:
                    divisor = (ushort)((divisor & 0xff00) | (byte)value);
                    return;
                case InterruptEnable when isDivisor:
                    divisor = (ushort)((divisor & 0xff) | ((value & 0xff) << 8));
                    return;
                case Data:
                    output((byte)value);
                    tell = transmitterPending = (registers[InterruptEnable] & TransmitterInterrupt) != 0;
                    break;
                case InterruptEnable:
                    registers[offset] = (byte)(value & 0xf);
                    transmitterPending = (value & TransmitterInterrupt) != 0;
                    tell = transmitterPending || ((value & InputInterrupt) != 0 && input.Count > 0);
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
