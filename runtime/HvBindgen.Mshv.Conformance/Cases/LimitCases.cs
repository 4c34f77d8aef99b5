using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Conformance.Probing;

namespace HvBindgen.Mshv.Conformance.Cases;

/// <summary>As much as there can be, and what is left of a request that there was too little for.</summary>
internal static unsafe class LimitCases
{
    private const int MostProcessors = 256;

    internal static CaseList All()
    {
        CaseList cases = [];
        cases.Add("limit: no descriptor for a partition, and then there is one", probe =>
        {
            mshv_create_partition argument = new() { pt_flags = (ulong)MSHV_PT_FLAGS.LAPIC };
            TryTwice(probe, probe.Device, Hv.MSHV_CREATE_PARTITION, ref argument);
        });
        cases.Add("limit: no descriptor for a processor, and then there is one", probe =>
        {
            mshv_create_vp argument = new() { vp_index = 1 };
            TryTwice(probe, probe.Partition, Hv.MSHV_CREATE_VP, ref argument);
        });
        cases.Add("limit: no descriptor for a processor that cannot be", probe =>
        {
            mshv_create_vp argument = new() { vp_index = MostProcessors };
            TryTwice(probe, probe.Partition, Hv.MSHV_CREATE_VP, ref argument);
        });
        cases.Add("limit: no descriptor for a processor that there is", probe =>
        {
            _ = probe.Processor;
            mshv_create_vp argument = default;
            TryTwice(probe, probe.Partition, Hv.MSHV_CREATE_VP, ref argument);
        });
        cases.Add("limit: forty partitions at once", probe =>
        {
            for (int i = 0; i < 40; i++)
            {
                Probe.Require(probe.Request(probe.NewPartition(), Hv.MSHV_INITIALIZE_PARTITION, 0));
            }

            probe.Note("done");
        });
        return cases;
    }

    private static void TryTwice<T>(Probe probe, int fd, uint request, ref T argument)
        where T : unmanaged
    {
        using (new DescriptorLimit())
        {
            Keep(probe, probe.Try(fd, request, ref argument));
        }

        Keep(probe, probe.Try(fd, request, ref argument));
    }

    private static void Keep(Probe probe, IoctlResult result)
    {
        if (result.IsSuccess)
        {
            _ = probe.Kept(result.Value);
        }
    }
}
