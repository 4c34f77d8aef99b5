namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>The timer of a local APIC: it counts nanoseconds, once or again and again, or waits for a time-stamp.</summary>
internal sealed class ApicTimer(GuestClock clock)
{
    internal const int InitialCountOffset = 0x380;
    internal const int CurrentCountOffset = 0x390;
    internal const int DivideOffset = 0x3E0;

    private const uint OneShot = 0;
    private const uint Periodic = 1;
    private const uint Deadline = 2;

    private uint mode;
    private uint initialCount;
    private int divideShift = 1;
    private ulong deadline;
    private ulong start;
    private bool isArmed;

    /// <summary>The time-stamp that it waits for; 0 when it waits for none.</summary>
    internal ulong DeadlineCount
    {
        get => mode == Deadline && isArmed ? deadline : 0;
        set
        {
            if (mode == Deadline)
            {
                deadline = value;
                isArmed = value != 0;
            }
        }
    }

    internal uint CurrentCount
    {
        get
        {
            if (mode == Deadline || !isArmed || initialCount == 0)
            {
                return 0;
            }

            ulong passed = ElapsedNanoseconds >> divideShift;
            return mode == Periodic ? initialCount - (uint)(passed % initialCount)
                : passed >= initialCount ? 0
                : initialCount - (uint)passed;
        }
    }

    internal void Reset()
    {
        mode = OneShot;
        initialCount = 0;
        divideShift = 1;
        isArmed = false;
    }

    /// <summary>The local vector has been written, whose bits 17 and 18 are the mode.</summary>
    internal void SetMode(uint localVector)
    {
        uint value = (localVector >> 17) & 3;
        if (value != mode)
        {
            isArmed = isArmed && value != Deadline && mode != Deadline;
            mode = value;
        }
    }

    internal void Write(int offset, uint value)
    {
        if (offset == DivideOffset)
        {
            // Bits 0, 1 and 3: 2, 4, 8 ... 128, and 1 last.
            divideShift = (int)((((value & 3) | ((value >> 1) & 4)) + 1) & 7);
        }
        else if (mode != Deadline)
        {
            initialCount = value;
            start = clock.Source.Nanoseconds;
            isArmed = value != 0;
        }
    }

    /// <summary>Nanoseconds until it expires; null when it does not.</summary>
    internal ulong? RemainingNanoseconds
    {
        get
        {
            if (!isArmed)
            {
                return null;
            }

            if (mode == Deadline)
            {
                return clock.NanosecondsUntil(deadline);
            }

            ulong whole = (ulong)initialCount << divideShift;
            ulong passed = ElapsedNanoseconds;
            return passed >= whole ? 0 : whole - passed;
        }
    }

    /// <summary>Whether it has expired since it was last asked.</summary>
    internal bool TryTakeExpiry()
    {
        if (RemainingNanoseconds is not 0)
        {
            return false;
        }

        if (mode == Periodic)
        {
            ulong period = (ulong)initialCount << divideShift;
            start += ElapsedNanoseconds / period * period;
        }
        else
        {
            isArmed = false;
        }

        return true;
    }

    private ulong ElapsedNanoseconds => clock.Source.Nanoseconds - start;
}
