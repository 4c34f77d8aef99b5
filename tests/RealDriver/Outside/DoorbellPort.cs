using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Outside;

/// <summary>A port that guest writes ring: the engine sets an event, and a thread tells of it.</summary>
internal sealed unsafe class DoorbellPort : IDisposable
{
    private readonly IMachineEngine engine;
    private readonly Doorbell doorbell;
    private readonly Action ring;
    private readonly Thread waiter;
    private volatile bool hasEnded;

    private DoorbellPort(IMachineEngine engine, Doorbell doorbell, Action ring)
    {
        this.engine = engine;
        this.doorbell = doorbell;
        this.ring = ring;
        waiter = new Thread(Wait) { IsBackground = true };
    }

    /// <summary>Connects a port.</summary>
    /// <returns>Null where the engine cannot, with an error number.</returns>
    internal static DoorbellPort? Create(IMachineEngine engine, Doorbell doorbell, Action ring, out int errno)
    {
        int fd = CLibrary.EventFd(0, 0);
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

    public void Dispose()
    {
        _ = engine.SetDoorbell(doorbell, assign: false);
        hasEnded = true;
        ulong one = 1;
        _ = CLibrary.Write(doorbell.EventFd, &one, sizeof(ulong));
        waiter.Join();
        _ = CLibrary.Close(doorbell.EventFd);
    }

    private void Wait()
    {
        ulong count;
        while (CLibrary.Read(doorbell.EventFd, &count, sizeof(ulong)) == sizeof(ulong) && !hasEnded)
        {
            for (; count > 0; count--)
            {
                ring();
            }
        }
    }
}
