using HvBindgen.Mshv.Emulator.Interop;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>
/// Second mappings, that nobody may write through, of memory that a guest may only read: a store there ends a run in front of its
/// instruction, as one to no memory does. A slot that KVM knows as read-only is left behind the store.
/// </summary>
/// <remarks>Only memory that can be shared has a second mapping. What the process maps in its place later is not seen in it.</remarks>
internal sealed unsafe class ReadOnlyViews : IDisposable
{
    private readonly Dictionary<uint, (nint Address, ulong SizeBytes)> views = [];

    /// <summary>Whether any slot has one.</summary>
    internal bool IsAny => views.Count > 0;

    /// <summary>The slots that have one.</summary>
    internal IReadOnlyList<uint> Slots => [.. views.Keys];

    /// <summary>The view of a slot's memory.</summary>
    /// <returns>Null where there is none.</returns>
    internal nint? Find(uint slot) => views.TryGetValue(slot, out (nint Address, ulong SizeBytes) view) ? view.Address : null;

    /// <summary>Makes a view of a slot's memory, where that is one mapping that can be shared.</summary>
    internal void Create(in MemorySlot slot)
    {
        if (!UserMemory.IsOneSharedMapping((ulong)slot.HostAddress, slot.SizeBytes))
        {
            return;
        }

        nint address = LibC.MRemap((void*)slot.HostAddress, 0, (nuint)slot.SizeBytes, LibC.MRemapMayMove);
        if (address == -1)
        {
            return;
        }

        if (CLibrary.Mprotect((void*)address, (nuint)slot.SizeBytes, LinuxFlags.ProtRead) == 0)
        {
            views.Add(slot.Index, (address, slot.SizeBytes));
        }
        else
        {
            _ = CLibrary.Munmap((void*)address, (nuint)slot.SizeBytes);
        }
    }

    /// <summary>The slot is no more, or has no view from now on.</summary>
    internal void Remove(uint slot)
    {
        if (views.Remove(slot, out (nint Address, ulong SizeBytes) view))
        {
            _ = CLibrary.Munmap((void*)view.Address, (nuint)view.SizeBytes);
        }
    }

    public void Dispose()
    {
        foreach (uint slot in Slots)
        {
            Remove(slot);
        }
    }
}
