using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator.Hypervisor;

namespace HvBindgen.Mshv.Outside;

/// <summary>Pages that the root has given for a partition, of which the hypervisor makes what it shares with the root.</summary>
internal sealed unsafe class DepositedPages(MachineMemory memory)
{
    private readonly Stack<ulong> frames = [];

    internal int Count => frames.Count;

    /// <summary>HvCallDepositMemory and HvCallWithdrawMemory.</summary>
    /// <returns>A status.</returns>
    internal int Execute(int code, ref HypercallFrame frame)
    {
        if (code == Hv.HVCALL_DEPOSIT_MEMORY)
        {
            Span<ulong> given = hv_deposit_memory.gpa_page_list(frame.Input);
            for (; frame.RepsCompleted < frame.Reps; frame.RepsCompleted++)
            {
                frames.Push(given[frame.RepsCompleted]);
            }

            return Hv.HV_STATUS_SUCCESS;
        }

        Span<ulong> returned = MemoryMarshal.Cast<byte, ulong>(frame.Output);
        while (frame.RepsCompleted < frame.Reps)
        {
            if (!frames.TryPop(out ulong page))
            {
                return Hv.HV_STATUS_NO_RESOURCES;
            }

            returned[frame.RepsCompleted++] = page;
        }

        return Hv.HV_STATUS_SUCCESS;
    }

    /// <summary>Takes a page, which holds zeros then.</summary>
    internal ulong Take()
    {
        ulong frame = frames.Pop();
        new Span<byte>(memory.Page(frame), SharedPages.PageBytes).Clear();
        return frame;
    }

    internal void Return(ulong frame) => frames.Push(frame);
}
