using HvBindgen.Kvm.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>
/// Slots over host memory that nobody may access, wherever a machine has no memory: an access there ends a run in front of its instruction,
/// of which nothing has happened. Without a slot KVM executes half of it.
/// </summary>
/// <remarks>
/// KVM signals no doorbell in a slot, and has pages of its own: those are left open. While the map changes an access may meet no slot; it
/// is found as on hosts that do not stop so.
/// </remarks>
internal sealed unsafe class VoidSlots : IDisposable
{
    // Each slot begins at the same host address: what is never touched may stand for any number of places.
    private const ulong HostBytes = CoveredBytes;

    // Covered from the start: what every processor can address. What lies above is covered around an access that was met.
    private const ulong CoveredBytes = 1UL << 36;
    private const ulong WindowBytes = 1UL << 30;
    private const int MaxWindows = 64;

    private const int MaxSlots = 4096;

    private readonly Lock gate = new();
    private readonly Fd machine;
    private readonly nint host;
    private readonly uint firstSlot;
    private readonly Stack<uint> freeSlots = new();
    private readonly List<Range> covered = [new(0, CoveredBytes)];
    private readonly List<Range> taken = [];
    private readonly Dictionary<Range, uint> slots = [];
    private bool isNeeded;

    private VoidSlots(Fd machine, nint host, uint slotLimit)
    {
        this.machine = machine;
        this.host = host;
        firstSlot = slotLimit - MaxSlots;
        for (uint slot = firstSlot; slot < slotLimit; slot++)
        {
            freeSlots.Push(slot);
        }
    }

    /// <summary>A range of guest-physical addresses.</summary>
    private readonly record struct Range(ulong Start, ulong End)
    {
        internal bool Intersects(Range other) => Start < other.End && other.Start < End;
    }

    /// <summary>Covers a machine.</summary>
    /// <param name="machine">Its descriptor, which outlives this.</param>
    /// <param name="slotLimit">Number of slots that KVM has; the last of them are used.</param>
    /// <returns>Null where address space for it cannot be had.</returns>
    internal static VoidSlots? Create(Fd machine, int slotLimit)
    {
        if (slotLimit < 2 * MaxSlots)
        {
            return null;
        }

        nint host = CLibrary.Mmap(
            null, unchecked((nuint)HostBytes), 0, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous | LinuxFlags.MapNoReserve, -1, 0);
        return host == -1 ? null : new VoidSlots(machine, host, (uint)slotLimit);
    }

    /// <summary>From now on there are processors. Before, a map that is being made costs nothing.</summary>
    internal void Begin()
    {
        lock (gate)
        {
            isNeeded = true;
            Settle();
        }
    }

    /// <summary>Leaves the pages of a range open, for memory or for KVM itself; to be called before something else is put there.</summary>
    internal void Open(ulong start, ulong sizeBytes)
    {
        lock (gate)
        {
            taken.Add(PagesOf(start, sizeBytes));
            Settle();
        }
    }

    /// <summary>Covers again a range that was left open.</summary>
    internal void Close(ulong start, ulong sizeBytes)
    {
        lock (gate)
        {
            _ = taken.Remove(PagesOf(start, sizeBytes));
            Settle();
        }
    }

    /// <summary>An access has met no slot: the next one in its neighbourhood shall.</summary>
    internal void CoverAround(ulong gpa)
    {
        ulong start = gpa / WindowBytes * WindowBytes;
        Range window = new(start, start + WindowBytes);
        lock (gate)
        {
            if (covered.Count <= MaxWindows && !covered.Exists(each => each.Intersects(window)))
            {
                covered.Add(window);
                Settle();
            }
        }
    }

    public void Dispose() => _ = CLibrary.Munmap((void*)host, unchecked((nuint)HostBytes));

    private static Range PagesOf(ulong start, ulong sizeBytes) => new(
        start & ~(LinearMemory.PageBytes - 1),
        (start + sizeBytes + LinearMemory.PageBytes - 1) & ~(LinearMemory.PageBytes - 1));

    private void Settle()
    {
        if (!isNeeded)
        {
            return;
        }

        HashSet<Range> wanted = [.. covered.SelectMany(Gaps)];
        foreach ((Range gap, uint slot) in slots.Where(each => !wanted.Contains(each.Key)).ToList())
        {
            _ = Set(slot, default);
            _ = slots.Remove(gap);
            freeSlots.Push(slot);
        }

        foreach (Range gap in wanted)
        {
            // One that KVM does not take, or that has no number left, stays open.
            if (!slots.ContainsKey(gap) && freeSlots.TryPeek(out uint slot) && Set(slot, gap))
            {
                slots.Add(gap, freeSlots.Pop());
            }
        }
    }

    private IEnumerable<Range> Gaps(Range range)
    {
        ulong start = range.Start;
        foreach (Range each in taken.Where(range.Intersects).OrderBy(each => each.Start))
        {
            if (start < each.Start)
            {
                yield return new Range(start, each.Start);
            }

            start = Math.Max(start, each.End);
        }

        if (start < range.End)
        {
            yield return new Range(start, range.End);
        }
    }

    private bool Set(uint slot, Range range)
    {
        kvm_userspace_memory_region region = new()
        {
            slot = slot,
            guest_phys_addr = range.Start,
            memory_size = range.End - range.Start,
            userspace_addr = (ulong)host,
        };
        return KvmVm.KVM_SET_USER_MEMORY_REGION(machine, in region).IsSuccess;
    }
}
