using HvBindgen.Kvm.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Engine.Kvm;

/// <summary>A machine's memory in KVM's slots, and what stops its processors where there is none or none to write.</summary>
/// <param name="machine">The machine's descriptor, which outlives this.</param>
internal sealed unsafe class MachineMemory(Fd machine) : IDisposable
{
    // Two areas that some hosts need for themselves, high below 4 GiB where firmware and RAM seldom are.
    internal const nuint TaskStateGpa = 0xfeffd000;
    internal const ulong IdentityMapGpa = 0xfeffc000;
    internal const uint MsiBase = 0xfee; // address bits 31 to 20
    private const ulong TaskStateBytes = 3 * LinearMemory.PageBytes;

    private readonly Dictionary<uint, MemorySlot> slots = [];
    private readonly ReadOnlyViews views = new();
    private readonly MapGate gate = new();
    private bool viewsMislead;

    /// <summary>What covers the places without memory; null where an access there does not stop in front of its instruction.</summary>
    internal VoidSlots? Voids { get; private set; }

    /// <summary>What processors enter their guests through; null where the map may change meanwhile.</summary>
    internal MapGate? Gate => Voids is null ? null : gate;

    /// <summary>Covers every place without memory.</summary>
    /// <remarks>
    /// Open stay the pages that KVM keeps for itself: of the APIC, of the task state (three) and of the identity map before them.
    /// </remarks>
    internal void Cover(int slotLimit)
    {
        Voids = VoidSlots.Create(machine, slotLimit);
        Voids?.Open(new hv_msi_address_register { msi_base = MsiBase }.as_uint32, LinearMemory.PageBytes);
        Voids?.Open(IdentityMapGpa, TaskStateGpa + TaskStateBytes - IdentityMapGpa);
    }

    /// <summary>Keeps processors out of their guests until the result is disposed.</summary>
    internal MapGate.Change BeginChange() => gate.Begin();

    /// <summary>Makes host memory the guest's, or changes what is recorded of it.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Map(in MemorySlot slot)
    {
        using MapGate.Change change = gate.Begin();
        if (!slots.TryAdd(slot.Index, slot))
        {
            slots[slot.Index] = slot;
            return Set(in slot);
        }

        Voids?.Open(slot.Gpa, slot.SizeBytes);
        if (Voids is not null && !slot.IsWritable && !viewsMislead)
        {
            views.Create(in slot);
        }

        int errno = Set(in slot);
        if (errno != 0)
        {
            Forget(slot.Index);
        }

        return errno;
    }

    /// <summary>Takes a slot's memory away.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int Unmap(uint slotIndex)
    {
        using MapGate.Change change = gate.Begin();
        int errno = Take(slotIndex);
        if (errno == 0)
        {
            Forget(slotIndex);
        }

        return errno;
    }

    /// <summary>Reads and clears which pages of a slot were written.</summary>
    /// <returns>An error number, 0 if none.</returns>
    internal int TakeDirtyPages(uint slotIndex, Span<ulong> bitmap)
    {
        fixed (ulong* words = bitmap)
        {
            kvm_dirty_log log = new() { slot = slotIndex, dirty_bitmap = words };
            return KvmVm.KVM_GET_DIRTY_LOG(machine, in log).Errno;
        }
    }

    /// <summary>Lets KVM know again which memory is read-only: a processor could not go on without.</summary>
    /// <remarks>
    /// A store there is found from behind from now on. SVM walks a guest's page tables as if it wrote to them, even where there is nothing
    /// to note, so that they cannot lie in memory that is mapped without the right to write.
    /// </remarks>
    /// <returns>Whether that changes anything.</returns>
    internal bool RevealReadOnly()
    {
        using MapGate.Change change = gate.Begin();
        viewsMislead = true;
        bool isAny = views.IsAny;
        foreach (uint slotIndex in views.Slots)
        {
            if (Take(slotIndex) == 0)
            {
                views.Remove(slotIndex);
                MemorySlot slot = slots[slotIndex];
                _ = Set(in slot);
            }
        }

        return isAny;
    }

    public void Dispose()
    {
        Voids?.Dispose();
        views.Dispose();
    }

    private int Set(in MemorySlot slot)
    {
        nint? view = views.Find(slot.Index);
        kvm_userspace_memory_region region = new()
        {
            slot = slot.Index,
            flags = (uint)((slot.IsWritable || view is not null ? 0 : KvmConstants.KVM_MEM_READONLY)
                | (slot.TracksWrites ? KvmConstants.KVM_MEM_LOG_DIRTY_PAGES : 0)),
            guest_phys_addr = slot.Gpa,
            memory_size = slot.SizeBytes,
            userspace_addr = (ulong)(view ?? slot.HostAddress),
        };
        return KvmVm.KVM_SET_USER_MEMORY_REGION(machine, in region).Errno;
    }

    private int Take(uint slotIndex)
    {
        kvm_userspace_memory_region region = new() { slot = slotIndex };
        return KvmVm.KVM_SET_USER_MEMORY_REGION(machine, in region).Errno;
    }

    private void Forget(uint slotIndex)
    {
        views.Remove(slotIndex);
        if (slots.Remove(slotIndex, out MemorySlot slot))
        {
            Voids?.Close(slot.Gpa, slot.SizeBytes);
        }
    }
}
