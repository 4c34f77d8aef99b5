using HvBindgen.Mshv.Handlers;

namespace ExampleDevices;

/// <summary>The interval timer of a PC (8254 data sheet), as far as guests measure time by it: counters that are set, latched and read,
/// and the third one's gate and output, which a PC has at a port of its own.</summary>
/// <remarks>It counts in binary, and answers no read-back of the status. Interrupts are a millisecond apart at least.</remarks>
/// <param name="time">The time that it counts by.</param>
/// <param name="raiseInterrupt">Called on a thread of its own when the first counter has come to its end; null where nobody asks.</param>
public sealed class IntervalTimer(TimeProvider time, Action? raiseInterrupt = null) : IPortIoHandler, IDisposable
{
    /// <summary>Where PCs have it.</summary>
    public const ushort DefaultPort = 0x40;

    /// <summary>Number of ports that the device takes.</summary>
    public const int PortCount = 4;

    /// <summary>How often it counts, in hertz.</summary>
    public const int FrequencyHz = 1_193_182;

    private const int CounterCount = 3;
    private const int ControlPort = 3;
    private const int ReadBack = 3;
    private const int SpeakerCounter = 2;

    private readonly Lock changing = new();
    private readonly Counter[] counters = [new(), new(), new() { IsGateOpen = false }];
    private readonly ITimer? ticker = raiseInterrupt is null
        ? null
        : time.CreateTimer(_ => raiseInterrupt(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public uint Read(uint vpIndex, int offset, int sizeBytes)
    {
        lock (changing)
        {
            return offset == ControlPort ? 0xffu : counters[offset].ReadByte(Ticks);
        }
    }

    /// <inheritdoc/>
    public void Write(uint vpIndex, int offset, int sizeBytes, uint value)
    {
        lock (changing)
        {
            if (offset != ControlPort)
            {
                if (counters[offset].WriteByte((byte)value, Ticks) && offset == 0)
                {
                    TimeSpan period = counters[0].Period;
                    _ = ticker?.Change(period, counters[0].IsPeriodic ? period : Timeout.InfiniteTimeSpan);
                }

                return;
            }

            int counter = (int)(value >> 6) & 3;
            if (counter != ReadBack)
            {
                bool isSet = counters[counter].Control((byte)value, Ticks);
                if (isSet && counter == 0)
                {
                    _ = ticker?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                return;
            }

            // Bit 5 clear: latch the counts that bits 1 to 3 choose.
            for (int index = 0; index < CounterCount; index++)
            {
                if ((value & 0x20) == 0 && (value & (2u << index)) != 0)
                {
                    counters[index].Latch(Ticks);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ticker?.Dispose();

    /// <summary>Whether the third counter's output is high.</summary>
    internal bool IsSpeakerHigh
    {
        get
        {
            lock (changing)
            {
                return counters[SpeakerCounter].IsOutputHigh(Ticks);
            }
        }
    }

    /// <summary>Opens or closes the third counter's gate: it counts while that is open, and begins anew when it opens.</summary>
    internal void SetSpeakerGate(bool isOpen)
    {
        lock (changing)
        {
            counters[SpeakerCounter].SetGate(isOpen, Ticks);
        }
    }

    private long Ticks => (long)((Int128)time.GetTimestamp() * FrequencyHz / time.TimestampFrequency);

    private sealed class Counter
    {
        private const int LowByte = 1;
        private const int HighByte = 2;
        private const int FullRange = 0x1_0000;

        private int reload = FullRange;
        private int mode = 3;
        private int access = LowByte | HighByte;
        private long start;
        private long stoppedAt;
        private int? latched;
        private byte low;
        private bool isSecondByte;
        private bool isLoaded;

        internal bool IsGateOpen { get; set; } = true;

        // Modes 2 and 3 begin again at the end; their numbers 6 and 7 mean the same.
        internal bool IsPeriodic => (mode & 3) is 2 or 3;

        internal TimeSpan Period => TimeSpan.FromMilliseconds(Math.Max(1, reload * 1000.0 / FrequencyHz));

        /// <summary>Takes a control word.</summary>
        /// <returns>False when it only latches the count.</returns>
        internal bool Control(byte value, long now)
        {
            int wanted = (value >> 4) & 3;
            if (wanted == 0)
            {
                Latch(now);
                return false;
            }

            access = wanted;

            mode = (value >> 1) & 7;
            latched = null;
            isSecondByte = false;
            isLoaded = false;
            return true;
        }

        internal void Latch(long now) => latched ??= Count(now);

        /// <summary>Takes a byte of the count.</summary>
        /// <returns>Whether the count is whole, and counting begins.</returns>
        internal bool WriteByte(byte value, long now)
        {
            if (access == (LowByte | HighByte) && !isSecondByte)
            {
                low = value;
                isSecondByte = true;
                return false;
            }

            int count = access switch
            {
                LowByte => value,
                HighByte => value << 8,
                _ => low | (value << 8),
            };
            isSecondByte = false;
            reload = count == 0 ? FullRange : count;
            isLoaded = true;
            start = now;
            stoppedAt = now;
            return true;
        }

        internal byte ReadByte(long now)
        {
            int count = latched ?? Count(now);
            bool isHigh = access == HighByte || isSecondByte;
            if (access == (LowByte | HighByte))
            {
                isSecondByte = !isSecondByte;
            }

            latched = isSecondByte ? count : null;
            return (byte)(isHigh ? count >> 8 : count);
        }

        internal void SetGate(bool isOpen, long now)
        {
            if (isOpen == IsGateOpen)
            {
                return;
            }

            // What counts down once goes on where it was, the others begin anew.
            start = isOpen ? IsPeriodic || mode == 1 ? now : start + now - stoppedAt : start;
            stoppedAt = now;
            IsGateOpen = isOpen;
        }

        internal bool IsOutputHigh(long now)
        {
            long elapsed = Elapsed(now);
            return (mode & 3) switch
            {
                _ when !isLoaded => mode != 0,
                2 => elapsed % reload != reload - 1,
                3 => elapsed % reload < (reload + 1) / 2,
                _ => elapsed >= reload,
            };
        }

        private int Count(long now)
        {
            long elapsed = Elapsed(now);
            return (mode & 3) switch
            {
                2 => (int)(reload - (elapsed % reload)) & 0xffff,
                3 => (int)(reload - (elapsed * 2 % reload)) & 0xfffe, // by two, twice a period
                _ => (int)((reload - elapsed) & 0xffff),
            };
        }

        private long Elapsed(long now) => Math.Max(0, (IsGateOpen ? now : stoppedAt) - start);
    }
}
