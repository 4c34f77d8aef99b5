namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Pages as the instruction under way sees them: translated, checked, and found in host memory.</summary>
internal sealed unsafe class LinearPages(X64Context context, IGuestPhysicalMemory ram)
{
    /// <summary>Width of a guest-physical address in bits.</summary>
    internal int PhysicalAddressBits { get; set; } = 52;

    /// <summary>Where translations are kept from one instruction to the next; null: nowhere.</summary>
    internal TranslationCache? Kept { get; set; }

    /// <summary>Addresses whose accesses are noted; null: none ever. Whoever adds one has what is kept forgotten.</summary>
    internal WatchedAddresses? Watched { get; set; }

    /// <summary>Whether the processor itself makes the access, whatever the privilege of its program.</summary>
    internal bool IsOwnAccess { get; set; }

    /// <summary>Guest-physical address of the page table's entry that lies in no memory.</summary>
    internal ulong MissingTable { get; private set; }

    /// <summary>Translates an address for an access of the instruction under way.</summary>
    internal bool TryTranslate(ulong linear, AccessKind access, out ulong gpa)
    {
        if (context.HasKnownTranslation
            && (linear & ~0xFFFUL) == context.KnownGvaPage
            && (access == AccessKind.Read || (access == AccessKind.Write && context.KnownTranslationIsForWrite)))
        {
            gpa = context.KnownGpaPage | (linear & 0xFFF);
            return true;
        }

        AccessPrivilege privilege = Privilege;
        PagingState paging = context.State.Paging with { PhysicalAddressBits = PhysicalAddressBits };
        TranslationResult result = PageWalker.Translate(paging, ram, linear, access, privilege, setAccessedDirty: true);
        gpa = result.Gpa;

        if (result.Status == TranslationStatus.TableNotBacked)
        {
            MissingTable = gpa;
            return context.Unsupported(EmulationLimit.PageTableNotInMemory);
        }

        if (result.ProtectionKey != 0 && access != AccessKind.Execute)
        {
            return context.Unsupported(EmulationLimit.ProtectionKey);
        }

        if (!result.Succeeded)
        {
            context.Outcome = EmulationOutcome.Faulted(context.Instruction, X64Bits.VectorPf, result.ErrorCode, linear);
            return false;
        }

        return true;
    }

    /// <summary>Whether the tables of PAE may be turned to: control registers that choose others change nothing.</summary>
    internal bool AreLoadable(in PagingState paging) =>
        (paging.Cr0 & X64Bits.Cr0Pg) == 0
        || (paging.Cr4 & X64Bits.Cr4Pae) == 0
        || (paging.Efer & X64Bits.EferLma) != 0
        || !PageWalker.HasReservedPointer(paging with { PhysicalAddressBits = PhysicalAddressBits }, ram);

    /// <summary>Privilege of the accesses of the instruction under way.</summary>
    internal AccessPrivilege Privilege => IsOwnAccess ? AccessPrivilege.SupervisorImplicit
        : context.State.PrivilegeLevel == 3 ? AccessPrivilege.User : AccessPrivilege.Supervisor;

    /// <summary>Where the code at an address lies in host memory, which goes on to the end of its page.</summary>
    /// <returns>Null where it cannot be found: the fetcher then tells why.</returns>
    internal byte* FindCode(ulong linear)
    {
        if (Kept is not { } kept)
        {
            return null;
        }

        if (kept.TryFind(linear, AccessKind.Execute, Privilege, in context.State, out KeptTranslation found))
        {
            return found.Host;
        }

        // A walk that faults leaves its outcome, which the fetcher makes again.
        if (!TryTranslate(linear, AccessKind.Execute, out ulong gpa))
        {
            return null;
        }

        // What is kept may be executed: that is asked once for each translation.
        if (!ram.TryResolve(gpa & ~0xFFFUL, out HostRange page) || page.SizeBytes < 4096 || page.ForbidsExecution)
        {
            return null;
        }

        kept.Add(linear, AccessKind.Execute, Privilege, in context.State, gpa, page.Pointer, page.IsWritable);
        return page.Pointer + (linear & 0xFFF);
    }

    /// <summary>Maps a piece of an operand that lies within one page.</summary>
    internal bool TryMap(ulong linear, int sizeBytes, AccessKind access, out ulong gpa, out byte* host, out bool isWritable)
    {
        if (Kept is { } kept)
        {
            AccessPrivilege privilege = Privilege;

            if (kept.TryFind(linear, access, privilege, in context.State, out KeptTranslation found))
            {
                gpa = found.Gpa;
                host = found.Host;
                isWritable = found.IsWritable;
                return true;
            }

            if (TryTranslate(linear, access, out gpa))
            {
                byte* page = Resolve(gpa & ~0xFFFUL, 4096, out isWritable);
                host = page == null ? null : page + (linear & 0xFFF);

                // A device is asked each time: there is nothing to keep.
                if (!(Watched?.Note(linear, sizeBytes, access) ?? false) && page != null)
                {
                    kept.Add(linear, access, privilege, in context.State, gpa, page, isWritable);
                }

                return true;
            }
        }
        else if (TryTranslate(linear, access, out gpa))
        {
            host = Resolve(gpa, sizeBytes, out isWritable);
            return true;
        }

        host = null;
        isWritable = false;
        return false;
    }

    // RAM is mapped in whole pages, so a piece within one page is all RAM or all device.
    private unsafe byte* Resolve(ulong gpa, int sizeBytes, out bool isWritable)
    {
        bool found = ram.TryResolve(gpa, out HostRange range) && range.SizeBytes >= (ulong)sizeBytes;
        isWritable = found && range.IsWritable;
        return found ? range.Pointer : null;
    }
}
