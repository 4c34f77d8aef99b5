using System.Numerics;
using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>A processor's local APIC: its registers, its timer, and which interrupt is next. SDM volume 3, chapter 11.</summary>
/// <remarks>Interrupts arrive from any thread; what the guest does with registers, the processor's thread does.</remarks>
/// <param name="id">Its number, which is the processor's index.</param>
/// <param name="clock">The machine's clock.</param>
internal sealed class LocalApic(uint id, GuestClock clock)
{
    /// <summary>Bytes of its registers.</summary>
    internal const int PageBytes = 1024;

    private const int Id = 0x20;
    private const int Version = 0x30;
    private const int TaskPriorityOffset = 0x80;
    private const int ProcessorPriority = 0xA0;
    private const int EndOfInterrupt = 0xB0;
    private const int LogicalDestination = 0xD0;
    private const int DestinationFormat = 0xE0;
    private const int SpuriousVector = 0xF0;
    private const int InService = 0x100;
    private const int TriggerMode = 0x180;
    private const int Requested = 0x200;
    private const int ErrorStatus = 0x280;
    private const int CommandLow = 0x300;
    private const int CommandHigh = 0x310;
    private const int TimerVector = 0x320;
    private const int FirstLocalVector = 0x320;
    private const int LastLocalVector = 0x370;
    private const int SelfCommand = 0x3F0;

    // Version 0x15, six local vectors.
    private const uint VersionValue = 0x0005_0015;
    private const uint Masked = 1 << 16;
    private const uint Enabled = 1 << 8;

    // Bits 13, 16, 17 and 20 to 31 of the command.
    private const ulong CommandReserved = 0xFFF3_2000;

    private readonly uint[] registers = new uint[PageBytes / sizeof(uint)];
    private readonly Lock gate = new();

    /// <summary>Its timer.</summary>
    internal ApicTimer Timer { get; } = new(clock);

    /// <summary>Whether its numbers have 32 bits, and its registers are model-specific ones.</summary>
    internal bool IsX2 { get; private set; }

    internal uint Number { get; } = id;

    /// <summary>The command that the guest has just given; null when it has been taken.</summary>
    internal ulong? Command { get; private set; }

    /// <summary>Vector of a level-triggered interrupt that has just ended.</summary>
    internal byte? EndedLevel { get; private set; }

    internal byte TaskPriority
    {
        get => (byte)At(TaskPriorityOffset);
        set => At(TaskPriorityOffset) = value;
    }

    /// <summary>Whether software has enabled it.</summary>
    internal bool IsEnabled => (At(SpuriousVector) & Enabled) != 0;

    /// <summary>Gives it the state it has after INIT.</summary>
    internal void Reset()
    {
        lock (gate)
        {
            Array.Clear(registers);
            At(Version) = VersionValue;
            At(DestinationFormat) = uint.MaxValue;
            At(SpuriousVector) = 0xFF;
            for (int offset = FirstLocalVector; offset <= LastLocalVector; offset += 0x10)
            {
                At(offset) = Masked;
            }

            Timer.Reset();
            Command = null;
            EndedLevel = null;
            NumberRegisters();
        }
    }

    /// <summary>The base register has changed.</summary>
    internal void Follow(ulong apicBase)
    {
        const ulong X2Enabled = 0xC00;
        bool isX2 = (apicBase & X2Enabled) == X2Enabled;
        if (IsX2 != isX2)
        {
            IsX2 = isX2;
            NumberRegisters();
        }
    }

    /// <summary>Takes the command, to be carried out.</summary>
    internal ulong? TakeCommand()
    {
        ulong? command = Command;
        Command = null;
        return command;
    }

    /// <summary>Takes the end of a level-triggered interrupt, to be told.</summary>
    internal byte? TakeEndedLevel()
    {
        byte? ended = EndedLevel;
        EndedLevel = null;
        return ended;
    }

    /// <summary>An interrupt arrives.</summary>
    internal void Accept(byte vector, bool isLevel)
    {
        lock (gate)
        {
            SetBit(Requested, vector, true);
            SetBit(TriggerMode, vector, isLevel);
        }
    }

    /// <summary>The timer's interrupt is due, if it is enabled.</summary>
    /// <returns>Whether there is an interrupt now that there was not.</returns>
    internal bool TryExpire()
    {
        if (!Timer.TryTakeExpiry())
        {
            return false;
        }

        uint entry = At(TimerVector);
        if ((entry & Masked) != 0)
        {
            return false;
        }

        Accept((byte)entry, isLevel: false);
        return true;
    }

    /// <summary>Takes the interrupt that comes next, which is then in service.</summary>
    /// <returns>False when none may come at the present priority.</returns>
    internal bool TryTake(out byte vector)
    {
        lock (gate)
        {
            int next = Highest(Requested);
            vector = (byte)Math.Max(next, 0);
            if (next < 0 || !IsEnabled || next >> 4 <= Priority() >> 4)
            {
                return false;
            }

            SetBit(Requested, vector, false);
            SetBit(InService, vector, true);
            return true;
        }
    }

    /// <summary>Whether an interrupt would be taken now.</summary>
    internal bool HasNext
    {
        get
        {
            lock (gate)
            {
                int next = Highest(Requested);
                return next >= 0 && IsEnabled && next >> 4 > Priority() >> 4;
            }
        }
    }

    /// <summary>Whether a message for a destination is for this APIC.</summary>
    internal bool IsAddressed(uint destination, bool isLogical)
    {
        uint all = IsX2 ? uint.MaxValue : byte.MaxValue;
        if (!isLogical)
        {
            return destination == Number || destination == all || destination == uint.MaxValue;
        }

        uint own = At(LogicalDestination);
        if (IsX2)
        {
            return (destination >> 16) == (own >> 16) && (destination & own & 0xFFFF) != 0;
        }

        own >>= 24;
        bool isFlat = At(DestinationFormat) >> 28 == 0xF;
        return destination == all
            || (isFlat ? (destination & own) != 0 : (destination >> 4) == (own >> 4) && (destination & own & 0xF) != 0);
    }

    /// <summary>Whether a register can be read by its model-specific number (SDM volume 3, table 11-6).</summary>
    internal static bool MayReadAsMsr(int offset) => offset is
        Id or Version or TaskPriorityOffset or ProcessorPriority or LogicalDestination or SpuriousVector
        or (>= InService and <= ErrorStatus) or CommandLow or (>= FirstLocalVector and <= LastLocalVector)
        or ApicTimer.InitialCountOffset or ApicTimer.CurrentCountOffset or ApicTimer.DivideOffset;

    /// <summary>Whether a register takes a value by its model-specific number (SDM volume 3, table 11-6).</summary>
    internal static bool MayWriteAsMsr(int offset, ulong value) => offset switch
    {
        EndOfInterrupt or ErrorStatus => value == 0,
        TaskPriorityOffset or SelfCommand => value <= byte.MaxValue,
        CommandLow => (value & CommandReserved) == 0,
        SpuriousVector or ApicTimer.InitialCountOffset or ApicTimer.DivideOffset or (>= FirstLocalVector and <= LastLocalVector) =>
            value <= uint.MaxValue,
        _ => false,
    };

    /// <summary>Reads a register.</summary>
    internal uint Read(int offset)
    {
        lock (gate)
        {
            return offset switch
            {
                ProcessorPriority => Priority(),
                ApicTimer.CurrentCountOffset => Timer.CurrentCount,
                _ => At(offset),
            };
        }
    }

    /// <summary>Writes a register.</summary>
    internal void Write(int offset, uint value)
    {
        switch (offset)
        {
            case EndOfInterrupt:
                End();
                break;
            case TaskPriorityOffset:
                TaskPriority = (byte)value;
                break;
            case CommandLow:
                At(CommandLow) = value & 0xF_CFFF;
                Command = ((ulong)At(CommandHigh) << 32) | At(CommandLow);
                break;
            case SelfCommand when IsX2:
                Accept((byte)value, isLevel: false);
                break;
            case ErrorStatus:
                At(ErrorStatus) = 0;
                break;
            case >= FirstLocalVector and <= LastLocalVector:
                At(offset) = IsEnabled ? value & 0x7_F7FF : (value & 0x7_F7FF) | Masked;
                Timer.SetMode(offset == TimerVector ? value : At(TimerVector));
                break;
            case ApicTimer.InitialCountOffset or ApicTimer.DivideOffset:
                At(offset) = value;
                Timer.Write(offset, value);
                break;
            case LogicalDestination when !IsX2:
                At(offset) = value & 0xFF00_0000;
                break;
            case DestinationFormat when !IsX2:
                At(offset) = value | 0x0FFF_FFFF;
                break;
            case SpuriousVector:
                At(offset) = value & 0x1FF;
                MaskWhereDisabled();
                break;
            case CommandHigh:
                At(offset) = value;
                break;
        }
    }

    /// <summary>Reads all registers: 1024 bytes, as the page starts.</summary>
    internal void ReadPage(Span<byte> page)
    {
        lock (gate)
        {
            At(ProcessorPriority) = Priority();
            At(ApicTimer.CurrentCountOffset) = Timer.CurrentCount;
            MemoryMarshal.AsBytes(registers.AsSpan()).CopyTo(page);
        }
    }

    /// <summary>Writes all registers.</summary>
    internal void WritePage(ReadOnlySpan<byte> page)
    {
        lock (gate)
        {
            page[..PageBytes].CopyTo(MemoryMarshal.AsBytes(registers.AsSpan()));
            At(Version) = VersionValue;
            NumberRegisters();
            Timer.SetMode(At(TimerVector));
            Timer.Write(ApicTimer.DivideOffset, At(ApicTimer.DivideOffset));
            Timer.Write(ApicTimer.InitialCountOffset, At(ApicTimer.InitialCountOffset));
        }
    }

    private ref uint At(int offset) => ref registers[offset / sizeof(uint)];

    // SDM volume 3, 11.4.7.2: the masks that are set then stay set.
    private void MaskWhereDisabled()
    {
        for (int offset = FirstLocalVector; !IsEnabled && offset <= LastLocalVector; offset += 0x10)
        {
            At(offset) |= Masked;
        }
    }

    private void NumberRegisters()
    {
        At(Id) = IsX2 ? Number : Number << 24;
        if (IsX2)
        {
            At(LogicalDestination) = (Number >> 4 << 16) | (1u << (int)(Number & 0xF));
        }
    }

    private void End()
    {
        lock (gate)
        {
            int ended = Highest(InService);
            if (ended < 0)
            {
                return;
            }

            SetBit(InService, (byte)ended, false);
            if (HasBit(TriggerMode, (byte)ended))
            {
                EndedLevel = (byte)ended;
            }
        }
    }

    private uint Priority()
    {
        uint inService = (uint)Math.Max(Highest(InService), 0);
        return TaskPriority >> 4 >= inService >> 4 ? TaskPriority : inService & 0xF0;
    }

    private int Highest(int offset)
    {
        for (int word = 7; word >= 0; word--)
        {
            uint bits = At(offset + (word * 0x10));
            if (bits != 0)
            {
                return (word * 32) + BitOperations.Log2(bits);
            }
        }

        return -1;
    }

    private bool HasBit(int offset, byte vector) => (At(offset + (vector / 32 * 0x10)) >> (vector % 32) & 1) != 0;

    private void SetBit(int offset, byte vector, bool isOn)
    {
        ref uint word = ref At(offset + (vector / 32 * 0x10));
        word = isOn ? word | (1u << (vector % 32)) : word & ~(1u << (vector % 32));
    }
}
