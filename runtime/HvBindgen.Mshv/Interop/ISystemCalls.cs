using HvBindgen.Emulation;
namespace HvBindgen.Mshv.Interop;

/// <summary>The system calls through which the library reaches the kernel; everything above is unaware of what is below.</summary>
/// <remarks>
/// <see cref="LinuxSystemCalls"/> asks the kernel. Other implementations emulate the device, or record and replay a run.
/// All members may be called from any thread. What kernel and hypervisor answer is a result; an implementation that cannot go on for
/// reasons of its own throws a <see cref="SystemCallsException"/>.
/// </remarks>
public unsafe interface ISystemCalls
{
    /// <summary>Opens a file or device.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="flags"><c>O_*</c> flags of <c>fcntl.h</c>.</param>
    /// <returns>The new descriptor, which the caller closes, or the error number.</returns>
    SystemCallResult Open(string path, int flags);

    /// <summary>Closes a descriptor that came from this instance.</summary>
    /// <param name="fd">Descriptor.</param>
    /// <returns>0, or the error number. The descriptor is gone in either case.</returns>
    SystemCallResult Close(int fd);

    /// <summary>Makes an ioctl request.</summary>
    /// <param name="fd">Descriptor that takes the request.</param>
    /// <param name="request">Request number.</param>
    /// <param name="argument">Argument, as the request defines it.</param>
    /// <returns>The request's result, or its error number.</returns>
    IoctlResult Ioctl(int fd, uint request, void* argument);

    /// <summary>Maps memory, or a part of a descriptor.</summary>
    /// <param name="sizeBytes">Size, a multiple of the page size.</param>
    /// <param name="protection"><c>PROT_*</c> of <c>sys/mman.h</c>.</param>
    /// <param name="flags"><c>MAP_*</c> of <c>sys/mman.h</c>.</param>
    /// <param name="fd">Descriptor to map, or -1 for anonymous memory.</param>
    /// <param name="offsetBytes">Offset within the descriptor, a multiple of the page size.</param>
    /// <returns>The address, which the caller unmaps, or the error number.</returns>
    SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes);

    /// <summary>Unmaps what <see cref="Map"/> gave.</summary>
    /// <param name="address">Address.</param>
    /// <param name="sizeBytes">Size, as it was mapped.</param>
    /// <returns>0, or the error number.</returns>
    SystemCallResult Unmap(void* address, nuint sizeBytes);

    /// <summary>Creates an eventfd: a counter that the kernel or the program adds to.</summary>
    /// <param name="initialValue">First value of the counter.</param>
    /// <param name="flags"><c>EFD_*</c> of <c>sys/eventfd.h</c>.</param>
    /// <returns>The new descriptor, which the caller closes, or the error number.</returns>
    SystemCallResult CreateEvent(uint initialValue, int flags);

    /// <summary>Architecture of the guests: that of this machine, of the one that a run was recorded on, or of the emulated
    /// device.</summary>
    GuestArchitecture Architecture => HostArchitecture.Current;

    /// <summary>Guest memory as the emulation of a processor's instructions shall look at it, for an implementation that has to know what
    /// is looked at.</summary>
    /// <param name="processorFd">The processor's descriptor.</param>
    /// <param name="memory">Guest memory.</param>
    /// <returns><paramref name="memory"/>, unless the implementation has its own view of it.</returns>
    IGuestPhysicalMemory ViewMemory(int processorFd, IGuestPhysicalMemory memory) => memory;

    /// <summary>Whether an error number of running a processor is this implementation's word that there is nothing more to
    /// play.</summary>
    /// <param name="errno">Error number that <c>MSHV_RUN_VP</c> gave.</param>
    /// <returns>False for whatever a kernel answers.</returns>
    bool IsEndOfRecording(int errno) => false;

    /// <summary>Why the last run of a processor ended with an error number, where this implementation knows more than the number.</summary>
    /// <param name="processorFd">The processor's descriptor.</param>
    /// <returns>A clause for a person, without a full stop at its end; null where there is nothing to tell.</returns>
    string? ExplainFailedRun(int processorFd) => null;
}
