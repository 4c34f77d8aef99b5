using HvBindgen.Mshv.Interop;

namespace HvBindgen.Testing;

/// <summary>System calls of which a test answers some.</summary>
/// <remarks>A test overrides what it has an answer to and leaves the rest, calls that the interface gets later included.</remarks>
/// <param name="next">
/// Who answers the rest. Without one, there is nothing to open, map or ask, and closing and unmapping succeed.
/// </param>
public unsafe class ScriptedSystemCalls(ISystemCalls? next = null) : ISystemCalls
{
    private const int NoEntry = 2;
    private const int NoDevice = 19;
    private const int NoSuchRequest = 25;
    private const int NotImplemented = 38;

    /// <inheritdoc/>
    public virtual SystemCallResult Open(string path, int flags) =>
        next is null ? SystemCallResult.Failure(NoEntry) : next.Open(path, flags);

    /// <inheritdoc/>
    public virtual SystemCallResult Close(int fd) => next is null ? SystemCallResult.Success(0) : next.Close(fd);

    /// <inheritdoc/>
    public virtual IoctlResult Ioctl(int fd, uint request, void* argument) =>
        next is null ? IoctlResult.Failure(NoSuchRequest) : next.Ioctl(fd, request, argument);

    /// <inheritdoc/>
    public virtual SystemCallResult Map(nuint sizeBytes, int protection, int flags, int fd, long offsetBytes) =>
        next is null ? SystemCallResult.Failure(NoDevice) : next.Map(sizeBytes, protection, flags, fd, offsetBytes);

    /// <inheritdoc/>
    public virtual SystemCallResult Unmap(void* address, nuint sizeBytes) =>
        next is null ? SystemCallResult.Success(0) : next.Unmap(address, sizeBytes);

    /// <inheritdoc/>
    public virtual SystemCallResult CreateEvent(uint initialValue, int flags) =>
        next is null ? SystemCallResult.Failure(NotImplemented) : next.CreateEvent(initialValue, flags);

    /// <inheritdoc/>
    public virtual string? ExplainFailedRun(int processorFd) => next?.ExplainFailedRun(processorFd);
}
