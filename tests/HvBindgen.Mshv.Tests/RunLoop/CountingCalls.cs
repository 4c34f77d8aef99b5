using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Tests.RunLoop;

/// <summary>Counts runs and hypercalls on their way.</summary>
internal sealed unsafe class CountingCalls(ISystemCalls inner) : ISystemCalls
{
    internal int Runs { get; private set; }

    internal int Hypercalls { get; private set; }

    public SystemCallResult Open(string path, int flags) => inner.Open(path, flags);

    public SystemCallResult Close(int fd) => inner.Close(fd);

    public IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        if (request == Constants.MSHV_RUN_VP)
        {
            Runs++;
        }
        else if (request == Constants.MSHV_ROOT_HVCALL)
        {
            Hypercalls++;
        }

        return inner.Ioctl(fd, request, argument);
    }

    public SystemCallResult Map(nuint lengthBytes, int protection, int flags, int fd, long offsetBytes) =>
        inner.Map(lengthBytes, protection, flags, fd, offsetBytes);

    public SystemCallResult Unmap(void* address, nuint lengthBytes) => inner.Unmap(address, lengthBytes);

    public SystemCallResult CreateEvent(uint initialValue, int flags) => inner.CreateEvent(initialValue, flags);
}
