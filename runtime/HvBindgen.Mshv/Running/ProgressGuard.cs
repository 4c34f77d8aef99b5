using System.Runtime.InteropServices;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Running;

/// <summary>Notices a processor that reports the same message again and again while nothing that is done changes that.</summary>
/// <remarks>
/// Only messages after which nothing was changed count. A guest that polls a device repeats its messages as well, but each of
/// them ends in an instruction that was finished.
/// </remarks>
internal sealed class ProgressGuard(int maxRepeats)
{
    private hv_message last;
    private int repeats;

    internal void Progressed() => repeats = 0;

    /// <summary>Takes note of a message that changed nothing.</summary>
    /// <returns>False when it has come too often.</returns>
    internal bool MayRetry(ref readonly hv_message message)
    {
        bool same = repeats > 0 && BytesOf(in message).SequenceEqual(BytesOf(in last));
        repeats = same ? repeats + 1 : 1;
        if (!same)
        {
            last = message;
        }

        return repeats <= maxRepeats;
    }

    private static ReadOnlySpan<byte> BytesOf(ref readonly hv_message message) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<hv_message>(in message));
}
