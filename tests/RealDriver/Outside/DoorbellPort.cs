using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Outside;

/// <summary>A port that guest writes ring: the engine sets an event, and a thread tells of it.</summary>
internal sealed unsafe class DoorbellPort : IDisposable
{
    private const int NonBlocking = 0x800; // EFD_NONBLOCK

    private readonly IMachineEngine engine;
    private readonly Doorbell doorbell;
    private readonly Action<ulong> ring;
    private readonly Thread waiter;
    private readonly Lock readLock = new();
    private bool hasEnded;

    private DoorbellPort(IMachineEngine engine, Doorbell doorbell, Action<ulong> ring)
    {
        this.engine = engine;
        this.doorbell = doorbell;
        this.ring = ring;
        waiter = new Thread(Wait) { IsBackground = true };
    }

    /// <summary>Connects a port.</summary>
    /// <returns>Null where the engine cannot, with an error number.</returns>
    internal static DoorbellPort? Create(IMachineEngine engine, Doorbell doorbell, Action<ulong> ring, out int errno)
    {
        int fd = CLibrary.EventFd(0, NonBlocking);
        DoorbellPort port = new(engine, doorbell with { EventFd = fd }, ring);
        errno = fd < 0 ? Marshal.GetLastSystemError() : engine.SetDoorbell(port.doorbell, assign: true);
        if (errno != 0)
        {
            _ = CLibrary.Close(fd);
            return null;
        }

        port.waiter.Start();
        return port;
    }

    /// <summary>Tells of what has been rung until now: whoever tells of what came after it does this first.</summary>
    internal void Tell()
    {
        lock (readLock)
        {
            ulong count;
            if (!hasEnded && CLibrary.Read(doorbell.EventFd, &count, sizeof(ulong)) == sizeof(ulong))
            {
                ring(count);
            }
        }
    }

    public void Dispose()
    {
        _ = engine.SetDoorbell(doorbell, assign: false);
        Tell();
        lock (readLock)
        {
            hasEnded = true;
        }

        ulong one = 1;
        _ = CLibrary.Write(doorbell.EventFd, &one, sizeof(ulong));
        waiter.Join();
        _ = CLibrary.Close(doorbell.EventFd);
    }

    private void Wait()
    {
        while (!HasEnded())
        {
            CLibrary.PollEntry rung = new() { Fd = doorbell.EventFd, Events = LibC.PollIn };
            _ = CLibrary.Poll(&rung, 1, -1);
            Tell();
        }
    }

    private bool HasEnded()
    {
        lock (readLock)
        {
            return hasEnded;
        }
    }
}
