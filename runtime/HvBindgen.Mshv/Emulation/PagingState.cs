namespace HvBindgen.Mshv.Emulation;

/// <summary>The registers that choose a paging mode and its checks.</summary>
/// <param name="Cr0">Control register 0: PG, WP.</param>
/// <param name="Cr3">Root of the page tables.</param>
/// <param name="Cr4">Control register 4: PSE, PAE, LA57, SMEP, SMAP.</param>
/// <param name="Efer">Extended features: LMA, NXE.</param>
/// <param name="Rflags">Flags: AC, which lifts SMAP for explicit accesses.</param>
public readonly record struct PagingState(ulong Cr0, ulong Cr3, ulong Cr4, ulong Efer, ulong Rflags)
{
    /// <summary>Width of a guest-physical address; entry bits above it are reserved. At most 52, which is what 0 means.</summary>
    public int PhysicalAddressBits { get; init; }
}

/// <summary>What an access does.</summary>
public enum AccessKind
{
    /// <summary>Reads data.</summary>
    Read,

    /// <summary>Writes data, or reads and writes it.</summary>
    Write,

    /// <summary>Fetches an instruction.</summary>
    Execute,
}

/// <summary>On whose behalf an access is made.</summary>
public enum AccessPrivilege
{
    /// <summary>Code at privilege level 0, 1 or 2.</summary>
    Supervisor,

    /// <summary>Code at privilege level 3.</summary>
    User,

    /// <summary>The processor itself, to a descriptor table or task segment: AC does not lift SMAP.</summary>
    SupervisorImplicit,
}
