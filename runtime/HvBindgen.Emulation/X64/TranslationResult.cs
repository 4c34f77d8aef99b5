namespace HvBindgen.Emulation.X64;

/// <summary>How a page walk ended.</summary>
public enum TranslationStatus
{
    /// <summary>The address is mapped and the access allowed.</summary>
    Success,

    /// <summary>A page fault with an error code.</summary>
    PageFault,

    /// <summary>A page table lies where no RAM is. Hardware would read whatever a device answers; nothing is read here.</summary>
    TableNotBacked,
}

/// <summary>Outcome of a page walk.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Gpa">Guest-physical address on success; of the table that is not backed otherwise.</param>
/// <param name="ErrorCode">Page-fault error code, as the processor pushes it.</param>
/// <param name="PageSizeBytes">Size of the page that maps the address: 4 KiB, 2 MiB, 4 MiB or 1 GiB; 4 KiB with paging off.</param>
public readonly record struct TranslationResult(TranslationStatus Status, ulong Gpa, uint ErrorCode, uint PageSizeBytes)
{
    /// <summary>
    /// Protection key of the page, where CR4 lets keys count for it (PKE for user pages, PKS for the others); else 0. The rights that go
    /// with it are in registers (PKRU, IA32_PKRS) and are not looked at: who has them can tell whether data may be accessed.
    /// </summary>
    public int ProtectionKey { get; init; }

    /// <summary>Whether the access may go ahead.</summary>
    public bool Succeeded => Status == TranslationStatus.Success;
}
