namespace HvBindgen.Mshv.Interop;

/// <summary>A descriptor that its user keeps open by other means, so that a request costs no reference count.</summary>
/// <remarks>A structure, so that the generated wrappers are compiled for it and call straight through.</remarks>
internal readonly unsafe struct BorrowedDescriptor(ISystemCalls systemCalls, int fd) : IIoctlDescriptor
{
    /// <summary>The system calls that the descriptor belongs to.</summary>
    internal ISystemCalls SystemCalls => systemCalls;

    /// <summary>Why the processor's last run ended with an error number, if more is known than the number.</summary>
    internal string? ExplainFailedRun() => systemCalls.ExplainFailedRun(fd);

    public IoctlResult Ioctl(uint request, void* argument) => systemCalls.Ioctl(fd, request, argument);
}
