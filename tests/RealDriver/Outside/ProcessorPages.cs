using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Outside;

/// <summary>Pages of a processor's that the root's driver maps: numbers of the machine's pages.</summary>
internal sealed unsafe class ProcessorPages
{
    internal const int Count = 4;

    private readonly MachineMemory memory;

    internal ProcessorPages(DepositedPages deposits, MachineMemory memory)
    {
        this.memory = memory;
        Registers = deposits.Take();
        Message = deposits.Take();
        Statistics = deposits.Take();
        ParentStatistics = deposits.Take();
    }

    internal ulong Registers { get; }

    internal ulong Message { get; }

    internal ulong Statistics { get; }

    internal ulong ParentStatistics { get; }

    /// <summary>Whether the root's thread that lends its processor to this one has to wait.</summary>
    internal bool IsDispatchBlocked
    {
        set
        {
            // HV_VP_COUNTER_ROOT_DISPATCH_THREAD_BLOCKED of the driver, which is in none of its headers.
            const int ThreadBlocked = 202;
            ((hv_stats_page*)memory.Page(Statistics))->data[ThreadBlocked] = value ? 1UL : 0;
        }
    }

    internal void Return(DepositedPages deposits)
    {
        deposits.Return(Registers);
        deposits.Return(Message);
        deposits.Return(Statistics);
        deposits.Return(ParentStatistics);
    }
}
