using HvBindgen.Emulation;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Guest memory as one processor's run sees it: where a page lies in the process is asked once, until it is forgotten.</summary>
/// <remarks>Asking is a system call, and a walk through the page tables asks five times. Between two runs the client may change what it has
/// given, so a run begins with nothing, unless the client has not been asked since the last one. Used by the processor's thread, and by
/// others while that one stands still.</remarks>
/// <param name="memory">The machine's memory.</param>
internal sealed class KeptPages(IGuestPhysicalMemory memory) : IGuestPhysicalMemory
{
    private const int Size = 4096;
    private const int PageShift = 12;
    private const ulong PageBytes = 1UL << PageShift;

    private readonly Entry[] entries = new Entry[Size];
    private uint generation = 1;
    private bool stays;

    /// <summary>What ended the last run has been answered without the client: what is kept is good for the next one.</summary>
    internal void StayForOneRun() => stays = true;

    /// <summary>Begins a run.</summary>
    /// <returns>Whether what the last one kept is still good.</returns>
    internal bool BeginRun()
    {
        bool isGood = stays;
        stays = false;
        if (!isGood)
        {
            Clear();
        }

        return isGood;
    }

    /// <summary>Forgets where pages lie.</summary>
    internal void Clear()
    {
        // Old entries become valid again after four thousand million runs unless they go then.
        if (++generation == 0)
        {
            Array.Clear(entries);
            generation = 1;
        }
    }

    public bool TryResolve(ulong gpa, out HostRange range)
    {
        ulong page = gpa >> PageShift;
        ulong offset = gpa & (PageBytes - 1);
        ref Entry entry = ref entries[(int)page & (Size - 1)];
        if (entry.Generation == generation && entry.Page == page)
        {
            range = new HostRange(entry.Address + (nint)offset, PageBytes - offset, entry.IsWritable)
            {
                ForbidsExecution = entry.ForbidsExecution,
            };
            return true;
        }

        if (!memory.TryResolve(gpa, out range))
        {
            return false;
        }

        if (range.SizeBytes == PageBytes - offset)
        {
            entry = new Entry
            {
                Page = page,
                Address = range.Address - (nint)offset,
                Generation = generation,
                IsWritable = range.IsWritable,
                ForbidsExecution = range.ForbidsExecution,
            };
        }

        return true;
    }

    public void NoteWrite(ulong gpa, ulong sizeBytes) => memory.NoteWrite(gpa, sizeBytes);

    private struct Entry
    {
        internal ulong Page;
        internal nint Address;
        internal uint Generation;
        internal bool IsWritable;
        internal bool ForbidsExecution;
    }
}
