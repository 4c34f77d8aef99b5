using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Whether a partition's time stands still, and where its processors wait meanwhile.</summary>
internal sealed unsafe class TimeFreeze : IDisposable
{
    private readonly int thawEvent;
    private volatile bool isOn;

    private TimeFreeze(int thawEvent) => this.thawEvent = thawEvent;

    internal bool IsOn => isOn;

    /// <summary>Creates what processors wait for.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal static int Create(out TimeFreeze? freeze)
    {
        int thawEvent = CLibrary.EventFd(1, LibC.FdCloseOnExec);
        freeze = thawEvent < 0 ? null : new TimeFreeze(thawEvent);
        return thawEvent < 0 ? Marshal.GetLastSystemError() : 0;
    }

    /// <summary>Stops time; the caller gets processors out of their runs.</summary>
    internal void Freeze()
    {
        isOn = true;
        ulong counter;
        _ = CLibrary.Read(thawEvent, &counter, sizeof(ulong));
    }

    /// <summary>Lets time and processors go on.</summary>
    internal void Thaw()
    {
        isOn = false;
        ulong one = 1;
        _ = CLibrary.Write(thawEvent, &one, sizeof(ulong));
    }

    /// <summary>Waits while time is frozen.</summary>
    /// <returns>False when a signal ended the wait.</returns>
    internal bool WaitUntilThawed()
    {
        while (isOn)
        {
            CLibrary.PollEntry descriptor = new() { Fd = thawEvent, Events = LibC.PollIn };
            if (CLibrary.Poll(&descriptor, 1, -1) < 0)
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => _ = CLibrary.Close(thawEvent);
}
