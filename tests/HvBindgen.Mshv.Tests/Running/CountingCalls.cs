using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Tests.Running;

/// <summary>Counts runs and hypercalls on their way.</summary>
internal sealed unsafe class CountingCalls(ISystemCalls inner) : ScriptedSystemCalls(inner)
{
    internal int Runs { get; private set; }

    internal int Hypercalls { get; private set; }

    public override IoctlResult Ioctl(int fd, uint request, void* argument)
    {
        if (request == Constants.MSHV_RUN_VP)
        {
            Runs++;
        }
        else if (request == Constants.MSHV_ROOT_HVCALL)
        {
            Hypercalls++;
        }

        return base.Ioctl(fd, request, argument);
    }
}
