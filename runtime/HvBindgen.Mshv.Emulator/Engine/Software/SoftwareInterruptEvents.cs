using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Eventfds that raise interrupts: a thread of their own waits for all of them.</summary>
/// <remarks>The events are not kept alive: the kernel forgets one whose last descriptor is closed. So the count of one whose descriptor was
/// closed, and which lives on in a duplicate, cannot be taken.</remarks>
/// <param name="raise">Raises the interrupt of a route's number. Called on that thread.</param>
internal sealed unsafe class SoftwareInterruptEvents(Action<uint> raise) : IDisposable
{
    private const int Add = 1;
    private const int Delete = 2;
    private const uint WhenWritten = 0x8000_0001; // EPOLLIN, EPOLLET
    private const int EntriesAtOnce = 16;

    // struct epoll_event of sys/epoll.h: packed on x86-64 alone.
    private static readonly int TagOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EntryBytes = TagOffset + sizeof(ulong);

    private readonly Lock gate = new();
    private readonly Dictionary<EventIdentity, (int Fd, uint Gsi, ulong Tag)> events = [];
    private Thread? thread;
    private int epoll = -1;
    private int end = -1;
    private ulong lastTag;

    /// <summary>Connects an event to a route, or takes it away.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Set(int fd, uint gsi, bool assign)
    {
        EventIdentity identity = EventIdentity.Of(fd);
        lock (gate)
        {
            if (!assign)
            {
                if (events.TryGetValue(identity, out (int Fd, uint Gsi, ulong Tag) there) && there.Gsi == gsi)
                {
                    events.Remove(identity);
                    _ = Control(Delete, there.Fd, there.Tag);
                }

                return 0;
            }

            int errno = Start();
            if (errno != 0)
            {
                return errno;
            }

            // One that the kernel has forgotten is an event that is gone, whose number this one has.
            if (events.TryGetValue(identity, out (int Fd, uint Gsi, ulong Tag) other) && IsWaitedFor(other.Tag))
            {
                return Errno.EBUSY;
            }

            errno = Control(Add, fd, ++lastTag);
            if (errno == 0)
            {
                events[identity] = (fd, gsi, lastTag);
            }

            return errno;
        }
    }

    public void Dispose()
    {
        if (thread is null)
        {
            return;
        }

        ulong one = 1;
        _ = CLibrary.Write(end, &one, sizeof(ulong));
        thread.Join();
        _ = CLibrary.Close(epoll);
        _ = CLibrary.Close(end);
    }

    private int Start()
    {
        if (thread is not null)
        {
            return 0;
        }

        epoll = LibC.EpollCreate(LibC.FdCloseOnExec);
        end = epoll < 0 ? -1 : CLibrary.EventFd(0, LibC.FdCloseOnExec);
        if (end < 0 || Control(Add, end, 0) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            _ = end < 0 ? 0 : CLibrary.Close(end);
            _ = epoll < 0 ? 0 : CLibrary.Close(epoll);
            return errno == 0 ? Errno.EMFILE : errno;
        }

        thread = new Thread(Wait) { IsBackground = true, Name = "emulated interrupts" };
        thread.Start();
        return 0;
    }

    private int Control(int operation, int fd, ulong tag)
    {
        byte* entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(entry, sizeof(uint)), WhenWritten);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(entry + TagOffset, sizeof(ulong)), tag);
        return LibC.EpollControl(epoll, operation, fd, entry) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private void Wait()
    {
        byte* entries = stackalloc byte[EntriesAtOnce * EntryBytes];
        while (true)
        {
            // Less than nothing: a signal, which is for nobody here.
            int count = LibC.EpollWait(epoll, entries, EntriesAtOnce, -1);
            for (int index = 0; index < count; index++)
            {
                ReadOnlySpan<byte> entry = new(entries + (index * EntryBytes), EntryBytes);
                ulong tag = BinaryPrimitives.ReadUInt64LittleEndian(entry[TagOffset..]);
                if (tag == 0)
                {
                    return;
                }

                if (Take(tag) is { } gsi)
                {
                    raise(gsi);
                }
            }
        }
    }

    // The kernel says of which descriptors, by then closed or not, it still tells.
    private bool IsWaitedFor(ulong tag)
    {
        string wanted = string.Create(CultureInfo.InvariantCulture, $" data: {tag,16:x} ");
        return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{epoll}"))
            .Any(line => line.Contains(wanted, StringComparison.Ordinal));
    }

    // Takes the count, as the driver does, and gives the route.
    private uint? Take(ulong tag)
    {
        lock (gate)
        {
            foreach ((EventIdentity identity, (int fd, uint gsi, ulong of)) in events)
            {
                if (of == tag)
                {
                    TakeCount(fd, identity);
                    return gsi;
                }
            }
        }

        return null;
    }

    // By a descriptor of our own: the client may close its own, and open a file in its place, at any moment.
    private static void TakeCount(int fd, EventIdentity identity)
    {
        int own = LibC.Duplicate(fd);
        if (own >= 0)
        {
            if (EventIdentity.Of(own) == identity)
            {
                LibC.TakeCount(own);
            }

            _ = CLibrary.Close(own);
        }
    }
}
