using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Hypercalls that the driver passes on.</summary>
internal sealed unsafe class Hypercalls(Probe probe)
{
    internal IoctlResult Make(
        int fd, int code, ReadOnlySpan<byte> input, Span<byte> output, int reps, out mshv_root_hvcall call)
    {
        fixed (byte* from = input)
        fixed (byte* to = output)
        {
            call = new()
            {
                code = (ushort)code,
                reps = (ushort)reps,
                in_sz = (ushort)input.Length,
                out_sz = (ushort)output.Length,
                in_ptr = (ulong)from,
                out_ptr = (ulong)to,
            };
            return probe.Request(fd, Hv.MSHV_ROOT_HVCALL, ref call);
        }
    }

    /// <summary>Makes a call; answer, status and number of completed repetitions belong to the outcome.</summary>
    internal IoctlResult Try(int fd, int code, ReadOnlySpan<byte> input, Span<byte> output, int reps = 0)
    {
        IoctlResult result = Make(fd, code, input, output, reps, out mshv_root_hvcall call);
        probe.Note(result);
        probe.Note("status", call.status);
        if (reps != 0)
        {
            probe.Note("reps", call.reps);
        }

        return result;
    }
}
