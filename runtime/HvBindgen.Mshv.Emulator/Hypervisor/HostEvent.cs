using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>An event of the emulator's own, which threads wait for that a signal has to get out.</summary>
internal sealed unsafe class HostEvent : IDisposable
{
    private readonly int fd;

    private HostEvent(int fd) => this.fd = fd;

    /// <summary>Creates an event.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal static int Create(bool isSet, out HostEvent? created)
    {
        int fd = CLibrary.EventFd(isSet ? 1u : 0, LibC.FdCloseOnExec);
        created = fd < 0 ? null : new HostEvent(fd);
        return fd < 0 ? Marshal.GetLastSystemError() : 0;
    }

    internal void Set()
    {
        ulong one = 1;
        _ = CLibrary.Write(fd, &one, sizeof(ulong));
    }

    /// <summary>Resets the event, which is set.</summary>
    internal void Reset()
    {
        ulong counter;
        _ = CLibrary.Read(fd, &counter, sizeof(ulong));
    }

    /// <summary>Waits until the event is set, for a time, or for ever if it is negative.</summary>
    /// <param name="milliseconds">How long.</param>
    /// <param name="isSet">Whether it is set.</param>
    /// <returns>False when a signal ended the wait.</returns>
    internal bool TryWait(int milliseconds, out bool isSet)
    {
        CLibrary.PollEntry descriptor = new() { Fd = fd, Events = LibC.PollIn };
        int ready;
        if (CallerSignals.Blocked is { } signals)
        {
            LibC.SignalSet blocked = new() { Signals = signals };
            LibC.TimeSpecification timeout = new()
            {
                Seconds = milliseconds / 1000,
                Nanoseconds = milliseconds % 1000 * 1_000_000L,
            };
            ready = LibC.PPoll(&descriptor, 1, milliseconds < 0 ? null : &timeout, &blocked);
        }
        else
        {
            ready = CLibrary.Poll(&descriptor, 1, milliseconds);
        }

        isSet = ready > 0;
        return ready >= 0;
    }

    /// <summary>Waits until the event is set, for a time or, where that is null, for ever.</summary>
    /// <returns>Whether it is set.</returns>
    internal bool Wait(TimeSpan? time)
    {
        CLibrary.PollEntry descriptor = new() { Fd = fd, Events = LibC.PollIn };
        LibC.TimeSpecification timeout = new()
        {
            Seconds = (time?.Ticks ?? 0) / TimeSpan.TicksPerSecond,
            Nanoseconds = (time?.Ticks ?? 0) % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        return LibC.PPoll(&descriptor, 1, time is null ? null : &timeout, null) > 0;
    }

    public void Dispose() => _ = CLibrary.Close(fd);
}
