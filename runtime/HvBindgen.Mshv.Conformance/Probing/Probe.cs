using System.Globalization;
using System.Runtime.CompilerServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>A device as one case sees it: descriptors and memory that end with the case, and the notes that are its outcome.</summary>
/// <param name="system">The device's system calls.</param>
/// <param name="slowness">How much longer than usual is waited for what a guest does meanwhile.</param>
internal sealed unsafe class Probe(ISystemCalls system, int slowness) : IDisposable
{
    /// <summary>An address that no process has mapped.</summary>
    internal const ulong BadAddress = 0x10;

    /// <summary>The address of pages that nothing is mapped to, so low that no other thread is given them meanwhile.</summary>
    internal const ulong FreeAddress = 0x2_0000;

    internal const ulong PageBytes = 4096;

    /// <summary>Memory of the partition that cases get without asking, from address 0 on.</summary>
    internal const ulong RamBytes = 0x40000;

    private const ulong LowAddress = 0x10_0000_0000;
    private const int ReadWrite = LinuxFlags.ProtRead | LinuxFlags.ProtWrite;
    private const int PrivateAnonymous = LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous;
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC

    // No other descriptor of the process gets such a number while a case runs.
    private const int HighDescriptor = 900;

    private readonly List<string> notes = [];
    private readonly HashSet<int> descriptors = [];
    private readonly Dictionary<nint, nuint> mappings = [];
    private int device = -1;
    private int partition = -1;
    private int processor = -1;
    private byte* ram;

    /// <summary>What the case noted.</summary>
    internal string Outcome => string.Join("; ", notes);

    /// <summary>The device, open.</summary>
    internal int Device => device >= 0 ? device : device = Kept(system.Open("/dev/mshv", LinuxFlags.OpenCloseOnExec));

    /// <summary>A partition with an APIC, initialized.</summary>
    internal int Partition
    {
        get
        {
            if (partition < 0)
            {
                partition = NewPartition();
                Require(Request(partition, Hv.MSHV_INITIALIZE_PARTITION, 0));
            }

            return partition;
        }
    }

    /// <summary>The partition's processor 0.</summary>
    internal int Processor => processor >= 0 ? processor : processor = NewProcessor(Partition, 0);

    /// <summary>The partition's memory, which the guest may write and execute.</summary>
    internal byte* Ram
    {
        get
        {
            if (ram == null)
            {
                ram = NewMemory(RamBytes);
                Require(MapGuest(0, RamBytes, ram));
            }

            return ram;
        }
    }

    /// <summary>Hypercalls that the driver passes on.</summary>
    internal Hypercalls Hypercalls => new(this);

    /// <summary>Registers of the partition's processors.</summary>
    internal Registers Registers => new(this);

    /// <summary>Runs of processors.</summary>
    internal GuestRuns Runs => new(this);

    /// <summary>A child of the process, which asks in its place.</summary>
    internal ChildProcess Child => new(this);

    /// <summary>How long is waited here for what takes no longer than a time elsewhere.</summary>
    internal TimeSpan Slowed(TimeSpan time) => time * slowness;

    /// <summary>Adds to the outcome.</summary>
    internal void Note(string note) => notes.Add(note);

    /// <summary>Adds a number to the outcome.</summary>
    internal void Note(string name, ulong value) => notes.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={value:x}"));

    /// <summary>Adds a request's answer to the outcome.</summary>
    internal void Note(IoctlResult result) =>
        notes.Add(result.IsSuccess ? "ok" : Errno.NameOf(result.Errno) ?? string.Create(CultureInfo.InvariantCulture, $"{result.Errno}"));

    /// <summary>Makes a request whose answer belongs to the outcome, and closes the descriptor that it may give.</summary>
    internal IoctlResult Try(int fd, uint request, ulong argument)
    {
        IoctlResult result = Request(fd, request, argument);
        Note(result);
        return result;
    }

    /// <summary>Makes a request with a record as its argument, whose answer belongs to the outcome.</summary>
    internal IoctlResult Try<T>(int fd, uint request, ref T argument)
        where T : unmanaged
    {
        fixed (T* pointer = &argument)
        {
            return Try(fd, request, (ulong)pointer);
        }
    }

    /// <summary>Makes a request.</summary>
    internal IoctlResult Request(int fd, uint request, ulong argument) => system.Ioctl(fd, request, (void*)argument);

    /// <summary>Makes a request with a record as its argument.</summary>
    internal IoctlResult Request<T>(int fd, uint request, ref T argument)
        where T : unmanaged
    {
        fixed (T* pointer = &argument)
        {
            return Request(fd, request, (ulong)pointer);
        }
    }

    /// <summary>Creates a partition that is not initialized.</summary>
    internal int NewPartition(MSHV_PT_FLAGS flags = MSHV_PT_FLAGS.LAPIC | MSHV_PT_FLAGS.X2APIC | MSHV_PT_FLAGS.GPA_SUPER_PAGES)
    {
        mshv_create_partition creation = new() { pt_flags = (ulong)flags };
        IoctlResult created = Request(Device, Hv.MSHV_CREATE_PARTITION, ref creation);
        Require(created);
        return Kept(created.Value);
    }

    /// <summary>Creates a processor.</summary>
    internal int NewProcessor(int owner, uint index)
    {
        mshv_create_vp creation = new() { vp_index = index };
        IoctlResult created = Request(owner, Hv.MSHV_CREATE_VP, ref creation);
        Require(created);
        return Kept(created.Value);
    }

    /// <summary>Maps memory into the partition.</summary>
    internal IoctlResult MapGuest(
        ulong gpa, ulong sizeBytes, void* host, MSHV_SET_MEM_FLAGS flags = MSHV_SET_MEM_FLAGS.WRITABLE | MSHV_SET_MEM_FLAGS.EXECUTABLE) =>
        MapGuest(Partition, gpa, sizeBytes, host, flags);

    /// <summary>Maps memory into a partition.</summary>
    internal IoctlResult MapGuest(int owner, ulong gpa, ulong sizeBytes, void* host, MSHV_SET_MEM_FLAGS flags)
    {
        mshv_user_mem_region region = new()
        {
            size = sizeBytes,
            guest_pfn = gpa / PageBytes,
            userspace_addr = (ulong)host,
            flags = (byte)flags,
        };
        return Request(owner, Hv.MSHV_SET_GUEST_MEMORY, ref region);
    }

    /// <summary>Takes memory of the process, zeroed, until the case ends.</summary>
    internal byte* NewMemory(ulong sizeBytes, int protection = ReadWrite)
    {
        SystemCallResult mapped = system.Map((nuint)sizeBytes, protection, PrivateAnonymous | LinuxFlags.MapNoReserve, -1, 0);
        Require(mapped);
        mappings[mapped.Value] = (nuint)sizeBytes;
        return (byte*)mapped.Value;
    }

    /// <summary>Takes memory of the process with much room for addresses behind it.</summary>
    internal byte* NewLowMemory(ulong sizeBytes)
    {
        nint address = CLibrary.Mmap((void*)LowAddress, (nuint)sizeBytes, ReadWrite, PrivateAnonymous, -1, 0);
        mappings[address] = (nuint)sizeBytes;
        return (byte*)address;
    }

    /// <summary>Gives memory back before the case ends, or a part of it.</summary>
    internal void Unmap(void* address, ulong sizeBytes)
    {
        Require(system.Unmap(address, (nuint)sizeBytes));
        mappings.Remove((nint)address);
    }

    /// <summary>Changes what may be done with memory of the process.</summary>
    internal static void Protect(byte* memory, ulong sizeBytes, int protection)
    {
        if (CLibrary.Mprotect(memory, (nuint)sizeBytes, protection) != 0)
        {
            throw new ConformanceException("mprotect");
        }
    }

    /// <summary>Maps a page of a processor; the answer belongs to the outcome.</summary>
    internal byte* TryMapPage(int fd, long offsetBytes, nuint sizeBytes = 4096, int flags = LinuxFlags.MapShared)
    {
        SystemCallResult mapped = system.Map(sizeBytes, ReadWrite, flags, fd, offsetBytes);
        notes.Add(mapped.IsSuccess ? "ok" : Errno.NameOf(mapped.Errno) ?? "?");
        if (!mapped.IsSuccess)
        {
            return null;
        }

        mappings[mapped.Value] = sizeBytes;
        return (byte*)mapped.Value;
    }

    /// <summary>Creates an event.</summary>
    internal int NewEvent(uint value = 0) =>
        Kept(system.CreateEvent(value, LinuxFlags.EventCloseOnExec | LinuxFlags.EventNonBlocking));

    /// <summary>Opens a file that is no event.</summary>
    internal int NewFile() => Kept(system.Open("/dev/null", LinuxFlags.OpenCloseOnExec));

    /// <summary>A descriptor that was closed, and whose number nothing takes.</summary>
    internal int ClosedDescriptor()
    {
        int fd = CLibrary.FCntl(NewEvent(), DuplicateCloseOnExec, HighDescriptor);
        _ = CLibrary.Close(fd);
        return fd;
    }

    /// <summary>Another descriptor of the same event, or of the same file of the driver.</summary>
    internal int Duplicate(int fd)
    {
        int copy = CLibrary.FCntl(fd, DuplicateCloseOnExec, 3);
        descriptors.Add(copy);
        return copy;
    }

    /// <summary>Closes a descriptor before the case ends.</summary>
    internal void Close(int fd)
    {
        descriptors.Remove(fd);
        Require(system.Close(fd));
    }

    /// <summary>Whether an event was signalled, which takes the signal away.</summary>
    internal static bool TakeSignal(int fd)
    {
        ulong count = 0;
        return CLibrary.Read(fd, &count, sizeof(ulong)) == sizeof(ulong) && count != 0;
    }

    /// <summary>Signals an event.</summary>
    internal static void Signal(int fd)
    {
        ulong one = 1;
        _ = CLibrary.Write(fd, &one, sizeof(ulong));
    }

    /// <summary>Keeps a descriptor until the case ends.</summary>
    internal int Kept(int fd)
    {
        descriptors.Add(fd);
        return fd;
    }

    public void Dispose()
    {
        foreach (int fd in descriptors)
        {
            _ = system.Close(fd);
        }

        foreach ((nint address, nuint sizeBytes) in mappings)
        {
            _ = system.Unmap((void*)address, sizeBytes);
        }
    }

    private int Kept(SystemCallResult result)
    {
        Require(result);
        return Kept((int)result.Value);
    }

    // What every case needs, and no case is about.
    private static void Require(SystemCallResult result, [CallerArgumentExpression(nameof(result))] string what = "")
    {
        if (!result.IsSuccess)
        {
            throw new ConformanceException($"{what}: {Errno.Describe(result.Errno)}");
        }
    }

    internal static void Require(IoctlResult result, [CallerArgumentExpression(nameof(result))] string what = "")
    {
        if (!result.IsSuccess)
        {
            throw new ConformanceException($"{what}: {Errno.Describe(result.Errno)}");
        }
    }
}
