using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Recording;

/// <summary>Guest memory in a replay: an exit sees the pages that the recording has brought for it, and no other, because what lies in the
/// others is not what lay there.</summary>
internal sealed class ReplayedMemory(ReplayedDescriptor processor, IGuestPhysicalMemory memory) : IGuestPhysicalMemory
{
    private const ulong PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    public void NoteWrite(ulong gpa, ulong sizeBytes) => memory.NoteWrite(gpa, sizeBytes);

    /// <exception cref="ReplayDivergenceException">The recording has not that page.</exception>
    public bool TryResolve(ulong gpa, out HostRange range)
    {
        if (!memory.TryResolve(gpa, out range))
        {
            return false;
        }

        ulong page = gpa & ~(PageBytes - 1);
        if (!processor.HasGuestPage(page))
        {
            processor.Divergence = new ReplayDivergenceException(
                $"Guest memory at 0x{gpa:x} is looked at now, and the recording has nothing of the page at 0x{page:x} for this exit.");
            throw processor.Divergence;
        }

        range = range with { SizeBytes = Math.Min(range.SizeBytes, page + PageBytes - gpa) };
        return true;
    }
}
