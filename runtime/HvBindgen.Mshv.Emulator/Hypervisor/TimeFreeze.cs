namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Whether a partition's time stands still, and where its processors wait meanwhile.</summary>
/// <param name="thaw">Set, but while time stands still.</param>
internal sealed class TimeFreeze(HostEvent thaw) : IDisposable
{
    private volatile bool isOn;

    internal bool IsOn => isOn;

    /// <summary>Stops time; the caller gets processors out of their runs.</summary>
    internal void Freeze()
    {
        isOn = true;
        thaw.Reset();
    }

    /// <summary>Lets time and processors go on.</summary>
    internal void Thaw()
    {
        isOn = false;
        thaw.Set();
    }

    /// <summary>Waits while time is frozen.</summary>
    /// <returns>False when a signal ended the wait.</returns>
    internal bool WaitUntilThawed()
    {
        while (isOn)
        {
            if (!thaw.TryWait(-1, out _))
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => thaw.Dispose();
}
