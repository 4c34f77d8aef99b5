using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Tests.Fakes;

/// <summary>One entry into the hypervisor, as a run loop makes many.</summary>
internal static class SingleRun
{
    internal static unsafe IoctlResult RunOnce(this VirtualProcessor processor, out hv_message message)
    {
        IProcessor inside = processor;
        inside.Acquire();
        try
        {
            fixed (hv_message* received = &message)
            {
                *received = default;
                return VpIoctls.MSHV_RUN_VP(inside.Descriptor, (mshv_run_vp*)received);
            }
        }
        finally
        {
            inside.Release();
        }
    }
}
