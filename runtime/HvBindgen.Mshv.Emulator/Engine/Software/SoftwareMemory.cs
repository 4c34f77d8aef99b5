using HvBindgen.Emulation;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>The slots of a machine's memory. Readers need no lock: the table is replaced as a whole.</summary>
/// <param name="hasApics">Whether the page of the APICs is theirs, whatever memory there is.</param>
internal sealed class SoftwareMemory(bool hasApics) : IGuestPhysicalMemory
{
    private const ulong ApicPage = 0xFEE0_0000 >> PageShift;
    private const int PageShift = 12;
    private const ulong PageBytes = 1UL << PageShift;

    private volatile Slot[] slots = [];
    private volatile bool tracks;

    /// <summary>Adds a slot, or replaces the one of its index.</summary>
    internal void Set(in MemorySlot slot)
    {
        uint index = slot.Index;
        slots = [.. slots.Where(each => each.Of.Index != index).Append(new Slot(slot)).OrderBy(each => each.Of.Gpa)];
        tracks = Array.Exists(slots, each => each.Written is not null);
    }

    /// <summary>Takes a slot away.</summary>
    internal void Remove(uint index) => slots = [.. slots.Where(each => each.Of.Index != index)];

    /// <summary>Reads and clears which pages of a slot were written: one bit per page.</summary>
    /// <returns>False where nobody has asked to record them.</returns>
    internal bool TakeWritten(uint index, Span<ulong> bitmap) => Take(FindSlot(index)?.Written, bitmap);

    /// <summary>Reads and clears which pages of a slot were accessed: one bit per page. The caller has processors look for pages
    /// again.</summary>
    /// <returns>False where nobody has asked to record them.</returns>
    internal bool TakeAccessed(uint index, Span<ulong> bitmap) => Take(FindSlot(index)?.Accessed, bitmap);

    /// <summary>Finds memory that a processor is about to access, and records that.</summary>
    internal bool TryAccess(ulong gpa, out HostRange range)
    {
        if (!TryResolve(gpa, out range))
        {
            return false;
        }

        if (tracks && Find(gpa) is { Accessed: { } accessed } slot)
        {
            Note(accessed, gpa - slot.Of.Gpa);
        }

        return true;
    }

    /// <remarks>The processor reads and stores through the pointer: what the process has unmapped or protected since must not be given to
    /// it.</remarks>
    public bool TryResolve(ulong gpa, out HostRange range)
    {
        if (!(hasApics && gpa >> PageShift == ApicPage) && Find(gpa) is { } slot)
        {
            ulong offset = gpa - slot.Of.Gpa;
            nint address = slot.Of.HostAddress + (nint)offset;
            bool isWritable = slot.Of.IsWritable && UserMemory.CanPin((ulong)address & ~(PageBytes - 1), PageBytes);
            if (isWritable || UserMemory.IsReadable((ulong)address))
            {
                // No farther than the page that was looked at.
                ulong left = Math.Min(slot.Of.SizeBytes - offset, PageBytes - (gpa & (PageBytes - 1)));
                range = new HostRange(address, left, isWritable) { ForbidsExecution = !slot.Of.IsExecutable };
                return true;
            }
        }

        range = default;
        return false;
    }

    public void NoteWrite(ulong gpa, ulong sizeBytes)
    {
        if (tracks && Find(gpa) is { Written: { } written } slot)
        {
            Note(written, gpa - slot.Of.Gpa);
        }
    }

    private static bool Take(ulong[]? record, Span<ulong> bitmap)
    {
        for (int word = 0; word < Math.Min(record?.Length ?? 0, bitmap.Length); word++)
        {
            bitmap[word] = Interlocked.Exchange(ref record![word], 0);
        }

        return record is not null;
    }

    private static void Note(ulong[] record, ulong offset)
    {
        ulong page = offset >> PageShift;
        _ = Interlocked.Or(ref record[page / 64], 1UL << (int)(page % 64));
    }

    private Slot? FindSlot(uint index) => Array.Find(slots, each => each.Of.Index == index);

    private Slot? Find(ulong gpa)
    {
        Slot[] table = slots;
        int first = 0;
        int last = table.Length - 1;
        while (first <= last)
        {
            int middle = (first + last) / 2;
            Slot slot = table[middle];
            if (gpa < slot.Of.Gpa)
            {
                last = middle - 1;
            }
            else if (gpa - slot.Of.Gpa >= slot.Of.SizeBytes)
            {
                first = middle + 1;
            }
            else
            {
                return slot;
            }
        }

        return null;
    }

    private sealed class Slot(MemorySlot of)
    {
        internal MemorySlot Of { get; } = of;

        internal ulong[]? Written { get; } = NewRecord(in of);

        internal ulong[]? Accessed { get; } = NewRecord(in of);

        private static ulong[]? NewRecord(in MemorySlot of) =>
            of.TracksWrites ? new ulong[((of.SizeBytes >> PageShift) + 63) / 64] : null;
    }
}
