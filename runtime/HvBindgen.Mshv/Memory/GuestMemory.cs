using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Memory;

/// <summary>A block of host memory for a guest: page-aligned, shared with the kernel, zeroed at first.</summary>
/// <remarks>
/// The block belongs to who allocated it; neither a partition nor a device disposes it. Once mapped into a partition the memory itself
/// stays until that partition and its processors are gone, also when the block is disposed or unmapped before: a processor's thread may
/// be using it at that very moment. So it may be disposed as soon as it is mapped, and then is gone with the partition; the object is of
/// no more use then. Private memory that has been disposed and is mapped nowhere any more gives its pages back at once: unmapping and
/// disposing, in any order, is how memory is unplugged. The guest may change the memory at any time.
/// </remarks>
public sealed unsafe class GuestMemory : IDisposable
{
    private readonly bool isSharedMapping;

    private GuestMemory(SharedMapping mapping, bool isSharedMapping)
    {
        Mapping = mapping;
        this.isSharedMapping = isSharedMapping;
    }

    /// <summary>Size in bytes.</summary>
    public ulong SizeBytes => Mapping.SizeBytes;

    /// <summary>The memory itself. Valid until the block is disposed and no partition uses it any more.</summary>
    /// <exception cref="ObjectDisposedException">The block has been disposed.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(Mapping.IsClosed, this);
            return Mapping.Pointer;
        }
    }

    internal SharedMapping Mapping { get; }

    /// <summary>Allocates memory.</summary>
    /// <param name="sizeBytes">Size, a multiple of the page size that is asked for.</param>
    /// <param name="options">How; null for private memory of the host's usual pages.</param>
    /// <returns>The block, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0 or no multiple of the page size.</exception>
    /// <exception cref="HypervisorException">The host has no such memory.</exception>
    public static GuestMemory Allocate(ulong sizeBytes, GuestMemoryOptions? options = null)
    {
        options ??= new GuestMemoryOptions();
        CheckSize(sizeBytes, PageBytes(options.PageSize));
        int huge = HugePageFlags(options.PageSize);
        int populate = options.Populate ? LinuxFlags.MapPopulate : 0;
        if (!options.IsShareable)
        {
            int flags = LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous | LinuxFlags.MapNoReserve | huge | populate;
            return MapBlock(options.SystemCalls, sizeBytes, flags, -1, 0, isShared: false);
        }

        SystemCallResult file = HostCalls.CreateMemoryFile("guest-memory", checked((long)sizeBytes), huge, options.IsSealed);
        if (!file.IsSuccess)
        {
            throw new HypervisorException($"Creating a memory file of {sizeBytes} bytes", file.Errno, HugePageAdvice(options.PageSize));
        }

        try
        {
            return MapBlock(options.SystemCalls, sizeBytes, LinuxFlags.MapShared | populate, (int)file.Value, 0, isShared: true);
        }
        finally
        {
            // The mapping keeps the file.
            options.SystemCalls.Close((int)file.Value);
        }
    }

    /// <summary>Maps a part of a file, or of a memory file that another process gave.</summary>
    /// <param name="fd">Descriptor of the file; it may be closed afterwards.</param>
    /// <param name="offsetBytes">Start within the file, a multiple of the page size.</param>
    /// <param name="sizeBytes">Size, a multiple of the page size.</param>
    /// <param name="isShared">True: writes go to the file. False: writes stay here, so that a file that may only be read can be
    /// ROM.</param>
    /// <param name="systemCalls">System calls to map with; null for this machine's.</param>
    /// <returns>The block, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The offset or size is no multiple of the page size.</exception>
    /// <exception cref="HypervisorException">The kernel refused. EACCES: the file is not open for writing.</exception>
    public static GuestMemory FromFile(int fd, long offsetBytes, ulong sizeBytes, bool isShared, ISystemCalls? systemCalls = null)
    {
        CheckSize(sizeBytes, Constants.MSHV_HV_PAGE_SIZE);
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        PageMultiple.Require((ulong)offsetBytes, nameof(offsetBytes));
        int flags = isShared ? LinuxFlags.MapShared : LinuxFlags.MapPrivate;
        return MapBlock(systemCalls ?? LinuxSystemCalls.Instance, sizeBytes, flags, fd, offsetBytes, isShared);
    }

    /// <summary>Opens a file and maps it as ROM contents: the file itself is never written.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="sizeBytes">Size, a multiple of the page size. Whole pages beyond the end of the file must not be touched.</param>
    /// <param name="systemCalls">System calls to map with; null for this machine's.</param>
    /// <returns>The block, which the caller disposes.</returns>
    public static GuestMemory FromRomFile(string path, ulong sizeBytes, ISystemCalls? systemCalls = null)
    {
        systemCalls ??= LinuxSystemCalls.Instance;
        SystemCallResult file = systemCalls.Open(path, LinuxFlags.OpenReadOnly | LinuxFlags.OpenCloseOnExec);
        if (!file.IsSuccess)
        {
            throw new HypervisorException($"Opening {path}", file.Errno);
        }

        try
        {
            return FromFile((int)file.Value, 0, sizeBytes, isShared: false, systemCalls);
        }
        finally
        {
            systemCalls.Close((int)file.Value);
        }
    }

    /// <summary>A part of the memory. The guest may change it at any time; the span must not be used after the block is gone.</summary>
    /// <param name="offsetBytes">Start.</param>
    /// <param name="sizeBytes">Size.</param>
    /// <returns>The bytes in place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part is not within the block.</exception>
    public Span<byte> GetSpan(ulong offsetBytes, int sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        CheckPart(offsetBytes, (ulong)sizeBytes);
        return new Span<byte>(Pointer + offsetBytes, sizeBytes);
    }

    /// <summary>Gives pages back to the host; the guest reads zeros there afterwards. For balloons and for unplugging memory.</summary>
    /// <param name="offsetBytes">Start, a multiple of the page size.</param>
    /// <param name="sizeBytes">Size, a multiple of the page size.</param>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public void Discard(ulong offsetBytes, ulong sizeBytes)
    {
        CheckPart(offsetBytes, sizeBytes);
        PageMultiple.Require(offsetBytes, nameof(offsetBytes));
        PageMultiple.Require(sizeBytes, nameof(sizeBytes));
        SystemCallResult result = HostCalls.Discard(Pointer + offsetBytes, (nuint)sizeBytes, isSharedMapping);
        if (!result.IsSuccess)
        {
            throw new HypervisorException("Giving guest memory back to the host", result.Errno);
        }
    }

    /// <summary>Gives the memory back, once no partition uses it any more.</summary>
    public void Dispose() => Mapping.Drop();

    internal void CheckPart(ulong offsetBytes, ulong sizeBytes)
    {
        if (offsetBytes > SizeBytes || sizeBytes > SizeBytes - offsetBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offsetBytes), $"The memory has {SizeBytes} bytes; {sizeBytes} bytes from {offsetBytes} on are not within it.");
        }
    }

    private static GuestMemory MapBlock(ISystemCalls calls, ulong sizeBytes, int flags, int fd, long offsetBytes, bool isShared)
    {
        // Writable also where the guest may only read: the kernel faults pages in for writing, and refuses memory that is not.
        SystemCallResult mapped = calls.Map((nuint)sizeBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, flags, fd, offsetBytes);
        if (!mapped.IsSuccess)
        {
            bool huge = (flags & LinuxFlags.MapHugeTlb) != 0;
            throw new HypervisorException(
                $"Allocating {sizeBytes} bytes of guest memory", mapped.Errno, huge ? HugePageAdvice(HostPageSize.Huge2MiB) : null);
        }

        return new GuestMemory(new SharedMapping(calls, mapped.Value, (nuint)sizeBytes, isPrivate: fd < 0), isShared);
    }

    private static void CheckSize(ulong sizeBytes, ulong pageBytes)
    {
        if (sizeBytes == 0 || sizeBytes % pageBytes != 0 || sizeBytes > long.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(sizeBytes), sizeBytes, $"Guest memory comes in whole pages of {pageBytes} bytes.");
        }
    }

    private static ulong PageBytes(HostPageSize size) => size switch
    {
        HostPageSize.Default => Constants.MSHV_HV_PAGE_SIZE,
        HostPageSize.Huge2MiB => 2UL << 20,
        HostPageSize.Huge1GiB => 1UL << 30,
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Not a page size."),
    };

    private static int HugePageFlags(HostPageSize size) => size switch
    {
        HostPageSize.Huge2MiB => LinuxFlags.MapHugeTlb | LinuxFlags.MapHuge2MiB,
        HostPageSize.Huge1GiB => LinuxFlags.MapHugeTlb | LinuxFlags.MapHuge1GiB,
        _ => 0,
    };

    private static string? HugePageAdvice(HostPageSize size) =>
        size == HostPageSize.Default ? null : "Reserve huge pages first (/proc/sys/vm/nr_hugepages), or do without them.";
}
