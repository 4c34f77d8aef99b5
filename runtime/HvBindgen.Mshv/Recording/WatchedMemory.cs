using HvBindgen.Emulation;
using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Recording;

/// <summary>Guest memory, page by page, so that each page that is looked at can be written down first.</summary>
internal sealed unsafe class WatchedMemory(RecordingSystemCalls recorder, IGuestPhysicalMemory memory, int fd) : IGuestPhysicalMemory
{
    private const ulong PageBytes = Constants.MSHV_HV_PAGE_SIZE;

    public void NoteWrite(ulong gpa, ulong sizeBytes) => memory.NoteWrite(gpa, sizeBytes);

    public bool TryResolve(ulong gpa, out HostRange range)
    {
        if (!memory.TryResolve(gpa, out range))
        {
            return false;
        }

        ulong page = gpa & ~(PageBytes - 1);
        ulong toPageEnd = page + PageBytes - gpa;
        range = range with { SizeBytes = Math.Min(range.SizeBytes, toPageEnd) };
        if (memory.TryResolve(page, out HostRange whole) && whole.SizeBytes >= PageBytes)
        {
            recorder.NoteGuestPage(fd, page, new ReadOnlySpan<byte>(whole.Pointer, (int)PageBytes));
        }

        return true;
    }
}
