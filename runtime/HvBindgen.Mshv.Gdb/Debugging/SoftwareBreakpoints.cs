using HvBindgen.Mshv.Memory;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Gdb.Debugging;

/// <summary>INT3 in guest memory, in place of a byte that is kept here. For a machine that stands.</summary>
/// <remarks>
/// A breakpoint belongs to a byte of memory, not to an address: where the guest maps it twice, it is there twice. It is asked for by the
/// processors' threads too.
/// </remarks>
internal sealed class SoftwareBreakpoints(GuestAddressSpace memory)
{
    private const byte Int3 = 0xcc;

    private readonly Lock changing = new();
    private readonly Dictionary<ulong, byte> originals = [];
    private readonly Dictionary<ulong, ulong> places = [];

    /// <summary>Whether a breakpoint is at a guest-physical address.</summary>
    internal bool Contains(ulong gpa)
    {
        lock (changing)
        {
            return originals.ContainsKey(gpa);
        }
    }

    internal bool TryInsert(VirtualProcessor processor, ulong gva)
    {
        lock (changing)
        {
            if (places.ContainsKey(gva))
            {
                return true;
            }

            Span<byte> original = stackalloc byte[1];
            if (!GuestVirtualMemory.TryTranslate(processor, gva, out ulong gpa) || !memory.TryRead(gpa, original))
            {
                return false;
            }

            if (!originals.ContainsKey(gpa) && !memory.TryWrite(gpa, [Int3]))
            {
                return false;
            }

            _ = originals.TryAdd(gpa, original[0]);
            places.Add(gva, gpa);
            return true;
        }
    }

    internal void Remove(ulong gva)
    {
        lock (changing)
        {
            if (places.Remove(gva, out ulong gpa) && !places.ContainsValue(gpa))
            {
                Restore(gpa);
            }
        }
    }

    internal void RemoveAll()
    {
        lock (changing)
        {
            foreach (ulong gpa in originals.Keys.ToArray())
            {
                Restore(gpa);
            }

            places.Clear();
        }
    }

    /// <summary>Puts into what was read the bytes that the guest has there.</summary>
    internal void Hide(ulong gpa, Span<byte> data)
    {
        lock (changing)
        {
            foreach ((ulong place, byte original) in originals)
            {
                if (place - gpa < (ulong)data.Length && data[(int)(place - gpa)] == Int3)
                {
                    data[(int)(place - gpa)] = original;
                }
            }
        }
    }

    /// <summary>Keeps what is about to be written over breakpoints, and the breakpoints.</summary>
    internal void Keep(ulong gpa, Span<byte> data)
    {
        lock (changing)
        {
            foreach (ulong place in originals.Keys.ToArray())
            {
                if (place - gpa < (ulong)data.Length)
                {
                    originals[place] = data[(int)(place - gpa)];
                    data[(int)(place - gpa)] = Int3;
                }
            }
        }
    }

    // Unless the guest has written something else there meanwhile.
    private void Restore(ulong gpa)
    {
        Span<byte> present = stackalloc byte[1];
        if (originals.Remove(gpa, out byte original) && memory.TryRead(gpa, present) && present[0] == Int3)
        {
            _ = memory.TryWrite(gpa, [original]);
        }
    }
}
