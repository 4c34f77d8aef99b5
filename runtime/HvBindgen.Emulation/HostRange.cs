namespace HvBindgen.Emulation;

/// <summary>Host memory that backs guest-physical memory from one address on.</summary>
/// <param name="Address">Host address. Valid as long as the owner of the memory keeps it; the guest may write it at any time.</param>
/// <param name="SizeBytes">Bytes from there to the end of the contiguous backing; at least 1.</param>
/// <param name="IsWritable">Whether the guest may write; false for ROM.</param>
public readonly unsafe record struct HostRange(nint Address, ulong SizeBytes, bool IsWritable)
{
    /// <summary>Whether the guest may not execute what lies there: an instruction is not fetched from it.</summary>
    public bool ForbidsExecution { get; init; }

    /// <summary>The host address as a pointer.</summary>
    public byte* Pointer => (byte*)Address;
}
