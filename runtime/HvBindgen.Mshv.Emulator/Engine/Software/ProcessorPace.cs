using HvBindgen.Emulation.X64.Processor;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>How far a processor goes before it looks around, and what its instructions are to its machine's clock.</summary>
/// <param name="clock">The machine's clock.</param>
/// <param name="processor">The processor.</param>
/// <param name="apic">Its APIC, if it has one.</param>
/// <param name="onClockChanged">Has the processor look around, from any thread.</param>
internal sealed class ProcessorPace(MachineClock clock, X64Processor processor, LocalApic? apic, Action onClockChanged) : IClockedProcessor
{
    // So often a run looks for signals and timers: within a millisecond.
    private const int SliceInstructions = 8192;

    private readonly VirtualClock? ownTime = clock as VirtualClock;
    private volatile bool isExecuting;

    /// <summary>Whether instructions are what moves the clock on.</summary>
    internal bool IsVirtual => ownTime is not null;

    /// <summary>In how many nanoseconds the APIC's timer expires by waiting; null where it does not.</summary>
    internal ulong? WaitingTime => IsVirtual ? null : apic?.Timer.RemainingNanoseconds;

    public long InstructionCount => processor.InstructionCount;

    public bool IsExecuting
    {
        get => isExecuting;
        set => isExecuting = value;
    }

    public ulong? TimerDue => apic?.Timer.RemainingNanoseconds is { } left ? clock.Nanoseconds + left : null;

    public void OnClockChanged() => onClockChanged();

    /// <summary>The processor is about to execute: timers that are due on a virtual clock expire before it does.</summary>
    internal void Begin()
    {
        isExecuting = true;
        ownTime?.Timers?.Expire();
    }

    /// <summary>How many instructions it executes next. On a virtual clock they end in front of the one at which a timer is due.</summary>
    internal long SliceLength()
    {
        if (ownTime is null)
        {
            return SliceInstructions;
        }

        ulong? due = ownTime.Timers?.NextDue;
        due = TimerDue is { } own && !(due <= own) ? own : due;
        return due is { } next ? Math.Clamp(ownTime.InstructionsUntil(next), 1, SliceInstructions) : SliceInstructions;
    }

    /// <summary>The processor has nothing to execute: a virtual clock goes to the next timer, if no other processor has.</summary>
    /// <returns>Whether time has gone on, or a timer is due already.</returns>
    internal bool TrySkip()
    {
        isExecuting = false;
        return ownTime?.TrySkip(this) ?? false;
    }
}
