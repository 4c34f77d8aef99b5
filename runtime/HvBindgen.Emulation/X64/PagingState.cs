namespace HvBindgen.Emulation.X64;

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
