namespace HvBindgen.Emulation;

/// <summary>Guest-physical address space, as far as RAM and ROM back it.</summary>
/// <remarks>Whatever does not resolve belongs to a device, or to nobody.</remarks>
public interface IGuestPhysicalMemory
{
    /// <summary>Finds the host memory behind a guest-physical address. Allocates nothing.</summary>
    /// <param name="gpa">Guest-physical address, in bytes.</param>
    /// <param name="range">Host memory from that address on, to the end of what is contiguous.</param>
    /// <returns>False when no memory is mapped there.</returns>
    bool TryResolve(ulong gpa, out HostRange range);

    /// <summary>Told after memory was written through what <see cref="TryResolve"/> gave, for who keeps account of changed pages.</summary>
    /// <param name="gpa">Guest-physical address of the first byte.</param>
    /// <param name="sizeBytes">How many bytes, at least 1.</param>
    void NoteWrite(ulong gpa, ulong sizeBytes)
    {
    }
}
