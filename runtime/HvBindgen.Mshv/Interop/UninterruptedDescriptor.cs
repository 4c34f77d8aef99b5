namespace HvBindgen.Mshv.Interop;

/// <summary>Asks again when a signal came first. For every request but running a processor, whose interruption is an answer.</summary>
internal readonly unsafe struct UninterruptedDescriptor(DescriptorHandle handle) : IIoctlDescriptor
{
    public IoctlResult Ioctl(uint request, void* argument)
    {
        IoctlResult result;
        do
        {
            result = handle.Ioctl(request, argument);
        }
        while (result.Errno == Errno.EINTR);

        return result;
    }
}
