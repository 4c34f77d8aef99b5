namespace HvBindgen.Mshv.Diagnostics;

/// <summary>What a guest reached for that nobody has.</summary>
public enum UnclaimedKind
{
    /// <summary>A port.</summary>
    Port,

    /// <summary>Guest-physical memory that neither RAM nor a device is behind.</summary>
    Memory,

    /// <summary>A model-specific register.</summary>
    Msr,

    /// <summary>A hypercall; its place is the call code.</summary>
    Hypercall,
}

/// <summary>Accesses to one place that nobody took, and that were answered as hardware does.</summary>
/// <param name="Kind">What was reached for.</param>
/// <param name="Place">Port, guest-physical address, number of the register or code of the call.</param>
/// <param name="IsWrite">Whether they were writes.</param>
/// <param name="Count">How many there were.</param>
public readonly record struct UnclaimedEntry(UnclaimedKind Kind, ulong Place, bool IsWrite, long Count)
{
    /// <summary>Kind, place, direction and number.</summary>
    /// <returns>A few words.</returns>
    public override string ToString()
    {
        string direction = Kind == UnclaimedKind.Hypercall ? "" : IsWrite ? " write" : " read";
        return $"{Kind} 0x{Place:x}{direction}{(Count == 1 ? "" : $" x {Count}")}";
    }
}
