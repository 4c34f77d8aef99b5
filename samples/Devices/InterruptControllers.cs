using System.Numerics;
using HvBindgen.Mshv.Handlers;

namespace ExampleDevices;

/// <summary>The two interrupt controllers of a PC (8259A data sheet), as far as firmware uses them: edges, masks, and ends that the guest
/// tells. The second one is at line 2 of the first.</summary>
/// <remarks>One interrupt at a time: the next is sent when the guest has ended the one before, whichever of them comes first.</remarks>
/// <param name="trySend">Sends an external interrupt with a vector; false when it cannot be sent yet, and stays.</param>
/// <param name="ended">Called when the guest has ended one.</param>
public sealed class InterruptControllers(Func<byte, bool> trySend, Action ended)
{
    /// <summary>Number of ports that each of them takes.</summary>
    public const int PortCount = 2;

    /// <summary>Where PCs have the first.</summary>
    public const ushort DefaultFirstPort = 0x20;

    /// <summary>Where PCs have the second.</summary>
    public const ushort DefaultSecondPort = 0xa0;

    private const int LinesOfOne = 8;
    private const int SecondLine = 2;

    private readonly Lock changing = new();
    private readonly Controller[] both = [new(), new()];

    /// <summary>The first one's ports.</summary>
    public IPortIoHandler First => new Ports(this, both[0]);

    /// <summary>The second one's ports.</summary>
    public IPortIoHandler Second => new Ports(this, both[1]);

    /// <summary>A line rises.</summary>
    /// <param name="line">Line, 0 to 7 of the first, 8 to 15 of the second.</param>
    public void Raise(int line)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)line, (uint)(2 * LinesOfOne), nameof(line));
        lock (changing)
        {
            both[line / LinesOfOne].Requested |= (byte)(1 << (line % LinesOfOne));
            SendNext();
        }
    }

    private void SendNext()
    {
        Controller first = both[0];
        Controller second = both[1];
        if ((first.InService | second.InService) != 0)
        {
            return;
        }

        // The lower the line the sooner; the second's lines come where its line is.
        int fromSecond = second.Waiting;
        int waiting = first.Waiting | (fromSecond != 0 ? (1 << SecondLine) & ~first.Masked : 0);
        if (waiting == 0)
        {
            return;
        }

        int line = BitOperations.TrailingZeroCount(waiting);
        bool isSecond = line == SecondLine && fromSecond != 0;
        Controller sender = isSecond ? second : first;
        int own = isSecond ? BitOperations.TrailingZeroCount(fromSecond) : line;
        if (trySend((byte)(sender.FirstVector + own)))
        {
            sender.Requested &= (byte)~(1 << own);
            sender.InService |= (byte)(1 << own);
            first.InService |= (byte)(1 << line);
        }
    }

    private void Write(Controller controller, int offset, byte value)
    {
        lock (changing)
        {
            bool wasBusy = (both[0].InService | both[1].InService) != 0;
            controller.Write(offset, value);
            if (wasBusy && (both[0].InService | both[1].InService) == 0)
            {
                ended();
            }

            SendNext();
        }
    }

    private byte Read(Controller controller, int offset)
    {
        lock (changing)
        {
            return offset != 0 ? controller.Masked : controller.ReadsInService ? controller.InService : controller.Requested;
        }
    }

    private sealed class Ports(InterruptControllers owner, Controller controller) : IPortIoHandler
    {
        public uint Read(uint vpIndex, int offset, int sizeBytes) => owner.Read(controller, offset);

        public void Write(uint vpIndex, int offset, int sizeBytes, uint value) => owner.Write(controller, offset, (byte)value);
    }

    private sealed class Controller
    {
        private const byte Initialize = 1 << 4;
        private const byte NeedsFourthWord = 1 << 0;
        private const byte IsThirdCommand = 1 << 3;
        private const byte ReadsRegister = 1 << 1;
        private const byte End = 1 << 5;
        private const byte OfOneLine = 1 << 6;
        private const int Ready = 0;
        private const int VectorWord = 2;
        private const int LinesWord = 3;
        private const int ModeWord = 4;

        private int expected = Ready;
        private bool needsFourthWord;

        internal byte Masked { get; private set; } = byte.MaxValue;

        internal byte FirstVector { get; private set; }

        internal bool ReadsInService { get; private set; }

        internal byte Requested { get; set; }

        internal byte InService { get; set; }

        internal int Waiting => Requested & ~Masked;

        internal void Write(int offset, byte value)
        {
            if (offset != 0)
            {
                WriteData(value);
            }
            else if ((value & Initialize) != 0)
            {
                Masked = Requested = InService = 0;
                ReadsInService = false;
                needsFourthWord = (value & NeedsFourthWord) != 0;
                expected = VectorWord;
            }
            else if ((value & IsThirdCommand) != 0)
            {
                ReadsInService = (value & ReadsRegister) != 0 ? (value & 1) != 0 : ReadsInService;
            }
            else if ((value & End) != 0)
            {
                // The line that is named, or the one served.
                InService &= (value & OfOneLine) != 0 ? (byte)~(1 << (value & 7)) : (byte)(InService - 1);
            }
        }

        private void WriteData(byte value)
        {
            switch (expected)
            {
                case VectorWord:
                    FirstVector = (byte)(value & ~(LinesOfOne - 1));
                    expected = LinesWord;
                    break;
                case LinesWord:
                    expected = needsFourthWord ? ModeWord : Ready;
                    break;
                case ModeWord:
                    expected = Ready;
                    break;
                default:
                    Masked = value;
                    break;
            }
        }
    }
}
