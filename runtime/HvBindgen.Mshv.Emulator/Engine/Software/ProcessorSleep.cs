using HvBindgen.Emulation.X64;
using HvBindgen.Emulation.X64.Processor;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>How a processor that has nothing to execute waits.</summary>
/// <param name="processor">The processor.</param>
/// <param name="apic">Its APIC, if it has one.</param>
/// <param name="clock">The machine's virtual clock, if it has one.</param>
internal sealed class ProcessorSleep(X64Processor processor, LocalApic? apic, VirtualClock? clock) : IDisposable
{
    // So long a signal may wait.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1);

    private readonly ManualResetEventSlim wake = new(false);

    /// <summary>Something has arrived. From any thread.</summary>
    internal void Wake() => wake.Set();

    /// <summary>What arrives from now on ends the next wait.</summary>
    internal void Begin() => wake.Reset();

    /// <summary>Whether a halted processor goes on.</summary>
    /// <param name="hasExternal">Whether an interrupt of an external controller waits.</param>
    internal bool IsOver(bool hasExternal)
    {
        if (apic is null)
        {
            return true;
        }

        clock?.Timers?.Expire();
        _ = apic.TryExpire();
        bool isAwaited = (processor.State.Rflags & X64Bits.FlagIf) != 0 && (apic.HasNext || hasExternal);
        return processor.NmiPending || isAwaited;
    }

    /// <summary>Waits until something arrives, or a timer expires, but no longer than a signal may wait.</summary>
    /// <param name="timer">In how many nanoseconds that is.</param>
    internal void Wait(ulong? timer) =>
        _ = wake.Wait(timer < (ulong)Longest.TotalNanoseconds ? TimeSpan.FromMicroseconds(timer.Value / 1000.0) : Longest);

    public void Dispose() => wake.Dispose();
}
