namespace HvBindgen.Mshv.Memory;

/// <summary>What a guest may do with memory; reading is always allowed.</summary>
[Flags]
public enum MemoryAccess
{
    /// <summary>Read only: a write becomes an exit.</summary>
    Read = 0,

    /// <summary>Write.</summary>
    Write = 1,

    /// <summary>Execute.</summary>
    Execute = 2,

    /// <summary>ROM: read and execute.</summary>
    Rom = Execute,

    /// <summary>RAM: read, write and execute.</summary>
    Ram = Write | Execute,
}

/// <summary>A piece of host memory at a place in the guest's physical address space.</summary>
/// <param name="Gpa">First guest-physical address.</param>
/// <param name="SizeBytes">Size in bytes.</param>
/// <param name="Memory">The block that the piece belongs to.</param>
/// <param name="OffsetBytes">Start of the piece within the block.</param>
/// <param name="Access">What the guest may do.</param>
public sealed record MemoryRegion(ulong Gpa, ulong SizeBytes, GuestMemory Memory, ulong OffsetBytes, MemoryAccess Access)
{
    /// <summary>First guest-physical address after the region. The region does not reach the end of the 64-bit space.</summary>
    public ulong EndGpa => Gpa + SizeBytes;

    // Taken while the block was held open, so that finding memory for an access costs no check.
    internal nint HostAddress { get; init; }

    /// <summary>What the host has written, while that is tracked.</summary>
    internal HostWrites? HostWrites { get; set; }
}
