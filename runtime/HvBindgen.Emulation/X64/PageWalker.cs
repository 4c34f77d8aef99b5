namespace HvBindgen.Emulation.X64;

/// <summary>Translates linear addresses by the guest's own page tables, with the checks the processor makes.</summary>
/// <remarks>
/// All modes: none, 32-bit (with 4 MiB pages), PAE, 4-level and 5-level. The walk reads each entry once, follows at most five of them and
/// starts over a bounded number of times when the guest changes an entry under it, whatever the tables hold.
/// Not looked at: the rights of protection keys, shadow stacks, and the PDPTE registers: PAE reads the entries from memory each time.
/// Reserved bits of those are looked at where the registers are loaded, and not here: processors find them there, and what memory holds
/// afterwards has no effect.
/// </remarks>
public static class PageWalker
{
    private const ulong Present = 1 << 0;
    private const ulong Writable = 1 << 1;
    private const ulong User = 1 << 2;
    private const ulong Accessed = 1 << 5;
    private const ulong Dirty = 1 << 6;
    private const ulong Large = 1 << 7;
    private const int ProtectionKeyBit = 59;
    private const ulong NoExecute = 1UL << 63;

    private const uint FaultPresent = 1 << 0;
    private const uint FaultWrite = 1 << 1;
    private const uint FaultUser = 1 << 2;
    private const uint FaultReserved = 1 << 3;
    private const uint FaultFetch = 1 << 4;

    // Another processor may set bits of an entry at the same time; one that keeps changing them is not waited for for ever.
    private const int MaxRestarts = 16;

    /// <summary>Translates a linear address.</summary>
    /// <param name="paging">Registers that choose mode and checks.</param>
    /// <param name="memory">Where the tables are.</param>
    /// <param name="gva">Linear address. Whether it is canonical is for the caller to check; bits the mode does not use are
    /// ignored.</param>
    /// <param name="access">What the access does.</param>
    /// <param name="privilege">On whose behalf.</param>
    /// <param name="setAccessedDirty">Whether to set accessed and dirty bits, atomically, as a real access does; on success only.</param>
    /// <returns>The guest-physical address, or the page fault's error code.</returns>
    public static TranslationResult Translate(
        in PagingState paging,
        IGuestPhysicalMemory memory,
        ulong gva,
        AccessKind access,
        AccessPrivilege privilege,
        bool setAccessedDirty)
    {
        ArgumentNullException.ThrowIfNull(memory);

        if ((paging.Cr0 & X64Bits.Cr0Pg) == 0)
        {
            return new TranslationResult(TranslationStatus.Success, gva, 0, 4096);
        }

        PageWalk walk = new(paging, memory, gva, access, privilege);

        for (int restarts = 0; ; restarts++)
        {
            TranslationResult result = walk.Run();

            if (!result.Succeeded || !setAccessedDirty || walk.TrySetAccessedDirty() || restarts == MaxRestarts)
            {
                return result;
            }
        }
    }

    /// <summary>Whether a present one of the four entries at the root of PAE's tables has a reserved bit: they cannot be loaded then
    /// (SDM volume 3, 4.4.1). What lies in no memory is for the walk to tell of.</summary>
    internal static unsafe bool HasReservedPointer(in PagingState paging, IGuestPhysicalMemory memory)
    {
        const int Pointers = 4;
        PageWalk walk = new(paging, memory, 0, AccessKind.Read, AccessPrivilege.Supervisor);

        for (uint index = 0; index < Pointers; index++)
        {
            if (memory.TryResolve(walk.PaeRoot + (index * sizeof(ulong)), out HostRange range) && range.SizeBytes >= sizeof(ulong))
            {
                ulong entry = Volatile.Read(ref *(ulong*)range.Pointer);

                if ((entry & Present) != 0 && (entry & walk.ReservedInPaeRoot) != 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The entries one walk has passed, so that their bits can be set once the access is known to be allowed.</summary>
    private unsafe ref struct PageWalk
    {
        private readonly IGuestPhysicalMemory memory;
        private readonly PagingState paging;
        private readonly ulong gva;
        private readonly AccessKind access;
        private readonly AccessPrivilege privilege;
        private readonly bool isLong;
        private readonly bool isPae;
        private readonly bool hasNoExecute;
        private readonly ulong physicalMask;
        private readonly int entryBytes;

        private int passed;
        private EntryTrail trail;

        internal PageWalk(in PagingState paging, IGuestPhysicalMemory memory, ulong gva, AccessKind access, AccessPrivilege privilege)
        {
            this.paging = paging;
            this.memory = memory;
            this.access = access;
            this.privilege = privilege;
            isLong = (paging.Efer & X64Bits.EferLma) != 0;
            isPae = isLong || (paging.Cr4 & X64Bits.Cr4Pae) != 0;
            hasNoExecute = isPae && (paging.Efer & X64Bits.EferNxe) != 0;
            entryBytes = isPae ? 8 : 4;
            this.gva = isLong ? gva : (uint)gva;

            int bits = paging.PhysicalAddressBits is > 0 and < 52 ? paging.PhysicalAddressBits : 52;
            physicalMask = (1UL << bits) - 1;
        }

        internal readonly ulong PaeRoot => (uint)paging.Cr3 & ~0x1FUL;

        internal readonly ulong ReservedInPaeRoot => ReservedBits(level: 3, isLeaf: false) | NoExecute | 0x1E6;

        internal TranslationResult Run()
        {
            passed = 0;
            ulong rights = Writable | User;
            bool noExecute = false;
            int levels = isLong ? ((paging.Cr4 & X64Bits.Cr4La57) != 0 ? 5 : 4) : isPae ? 3 : 2;
            int indexBits = isPae ? 9 : 10;
            ulong table = isLong ? paging.Cr3 & physicalMask & ~0xFFFUL : isPae ? PaeRoot : (uint)paging.Cr3 & ~0xFFFUL;

            for (int level = levels; ; level--)
            {
                int shift = 12 + (indexBits * (level - 1));
                ulong entryGpa = table + (((gva >> shift) & ((1UL << indexBits) - 1)) * (uint)entryBytes);

                if (!memory.TryResolve(entryGpa, out HostRange range) || range.SizeBytes < (ulong)entryBytes)
                {
                    return new TranslationResult(TranslationStatus.TableNotBacked, entryGpa, 0, 0);
                }

                // One read: the guest may change the entry at any time, and what was checked must be what is used.
                ulong entry = isPae ? Volatile.Read(ref *(ulong*)range.Pointer) : Volatile.Read(ref *(uint*)range.Pointer);

                if ((entry & Present) == 0)
                {
                    return Fault(0);
                }

                // PAE's top level is four registers' worth of entries that carry neither rights nor an accessed bit.
                bool isPaeRoot = isPae && !isLong && level == 3;
                bool isLeaf = level == 1 || (!isPaeRoot && (entry & Large) != 0 && MayBeLarge(level));

                if (!isPaeRoot && (entry & ReservedBits(level, isLeaf)) != 0)
                {
                    return Fault(FaultPresent | FaultReserved);
                }

                if (!isPaeRoot)
                {
                    rights &= entry;
                    noExecute |= hasNoExecute && (entry & NoExecute) != 0;
                    trail[passed++] = new Entry(entryGpa, range, entry, isLeaf);
                }

                if (isLeaf)
                {
                    return IsAllowed(rights, noExecute)
                        ? new TranslationResult(
                            TranslationStatus.Success, Frame(entry, shift) | (gva & ((1UL << shift) - 1)), 0, 1U << shift)
                        {
                            ProtectionKey = ProtectionKey(entry, rights),
                        }
                        : Fault(FaultPresent);
                }

                table = isPae ? entry & physicalMask & ~0xFFFUL : entry & 0xFFFF_F000;
            }
        }

        /// <summary>Sets the accessed bit of every entry passed and the dirty bit of the last one for a write.</summary>
        /// <returns>False when an entry has changed since it was read: the walk is then void.</returns>
        internal readonly bool TrySetAccessedDirty()
        {
            for (int index = 0; index < passed; index++)
            {
                Entry entry = trail[index];
                ulong wanted = entry.Value | Accessed | (entry.IsLeaf && access == AccessKind.Write ? Dirty : 0);

                // Tables in ROM keep their bits, as they do in hardware, where the write has no effect.
                if (wanted == entry.Value || !entry.Range.IsWritable)
                {
                    continue;
                }

                if (!TryReplace(entry, wanted))
                {
                    return false;
                }

                memory.NoteWrite(entry.Gpa, (ulong)entryBytes);
            }

            return true;
        }

        // The pointer is into guest memory that the resolver keeps alive; an entry is aligned to its size, so this is one host access.
        private readonly bool TryReplace(in Entry entry, ulong wanted) => isPae
            ? Interlocked.CompareExchange(ref *(ulong*)entry.Range.Pointer, wanted, entry.Value) == entry.Value
            : Interlocked.CompareExchange(ref *(uint*)entry.Range.Pointer, (uint)wanted, (uint)entry.Value) == (uint)entry.Value;

        private readonly bool MayBeLarge(int level) => isPae
            ? level == 2 || (isLong && level == 3)
            : level == 2 && (paging.Cr4 & X64Bits.Cr4Pse) != 0;

        // SDM volume 3, 4.3 to 4.5: bits that must be zero in a present entry.
        private readonly ulong ReservedBits(int level, bool isLeaf)
        {
            if (!isPae)
            {
                // A 4 MiB page: bits 20:13 carry address bits 39:32, bit 21 is reserved, and so is what exceeds the address width.
                return isLeaf && level == 2 ? (1UL << 21) | ((~physicalMask >> 32 << 13) & 0x1F_E000) : 0;
            }

            ulong reserved = ~physicalMask & ~(isLong ? 0xFFF0_0000_0000_0000UL : NoExecute);

            if (!hasNoExecute)
            {
                reserved |= NoExecute;
            }

            if (isLeaf)
            {
                // Address bits below the page's size, down to bit 13; bit 12 is PAT.
                return level == 1 ? reserved : reserved | ((1UL << (12 + (9 * (level - 1)))) - (1UL << 13));
            }

            // A 512 GiB or 256 TiB page does not exist.
            return level >= 4 ? reserved | Large : reserved;
        }

        private readonly int ProtectionKey(ulong entry, ulong rights)
        {
            ulong enabled = (rights & User) != 0 ? X64Bits.Cr4Pke : X64Bits.Cr4Pks;
            return isLong && (paging.Cr4 & enabled) != 0 ? (int)(entry >> ProtectionKeyBit) & 0xF : 0;
        }

        private readonly ulong Frame(ulong entry, int shift)
        {
            if (isPae)
            {
                return entry & physicalMask & ~((1UL << shift) - 1);
            }

            return shift == 22 ? ((entry & 0xFFC0_0000) | ((entry & 0x1F_E000) << 19)) & physicalMask : entry & 0xFFFF_F000;
        }

        private readonly bool IsAllowed(ulong rights, bool noExecute)
        {
            bool isUserPage = (rights & User) != 0;

            if (access == AccessKind.Execute && noExecute)
            {
                return false;
            }

            if (privilege == AccessPrivilege.User)
            {
                return isUserPage && (access != AccessKind.Write || (rights & Writable) != 0);
            }

            if (isUserPage && access == AccessKind.Execute && (paging.Cr4 & X64Bits.Cr4Smep) != 0)
            {
                return false;
            }

            bool overridesSmap = privilege == AccessPrivilege.Supervisor && (paging.Rflags & X64Bits.FlagAc) != 0;

            if (isUserPage && access != AccessKind.Execute && (paging.Cr4 & X64Bits.Cr4Smap) != 0 && !overridesSmap)
            {
                return false;
            }

            return access != AccessKind.Write || (rights & Writable) != 0 || (paging.Cr0 & X64Bits.Cr0Wp) == 0;
        }

        private readonly TranslationResult Fault(uint cause)
        {
            uint code = cause;
            code |= access == AccessKind.Write ? FaultWrite : 0;
            code |= privilege == AccessPrivilege.User ? FaultUser : 0;
            code |= access == AccessKind.Execute && (hasNoExecute || (paging.Cr4 & X64Bits.Cr4Smep) != 0) ? FaultFetch : 0;

            return new TranslationResult(TranslationStatus.PageFault, 0, code, 0);
        }
    }

    private readonly record struct Entry(ulong Gpa, HostRange Range, ulong Value, bool IsLeaf);

    [System.Runtime.CompilerServices.InlineArray(5)]
    private struct EntryTrail
    {
        private Entry first;
    }
}
