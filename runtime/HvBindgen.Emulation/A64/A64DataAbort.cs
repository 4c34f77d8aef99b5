namespace HvBindgen.Emulation.A64;

/// <summary>The syndrome of a data abort (ESR_EL2), as the intercept message carries it.</summary>
/// <param name="Syndrome">The register's value.</param>
public readonly record struct A64DataAbort(ulong Syndrome)
{
    private const int ClassDataAbortLowerLevel = 0x24;
    private const int ClassDataAbortSameLevel = 0x25;

    /// <summary>Exception class.</summary>
    public int ExceptionClass => (int)(Syndrome >> 26) & 0x3F;

    /// <summary>Whether this is a data abort, whose other fields mean what their names say.</summary>
    public bool IsDataAbort => ExceptionClass is ClassDataAbortLowerLevel or ClassDataAbortSameLevel;

    /// <summary>Whether the syndrome describes the access (ISV); otherwise the instruction must be decoded.</summary>
    public bool IsDescribed => IsDataAbort && (Syndrome & (1 << 24)) != 0;

    /// <summary>Size of the access.</summary>
    public int SizeBytes => 1 << ((int)(Syndrome >> 22) & 3);

    /// <summary>Whether a loaded value is sign-extended.</summary>
    public bool IsSigned => (Syndrome & (1 << 21)) != 0;

    /// <summary>Register moved; 31 is the zero register.</summary>
    public int Register => (int)(Syndrome >> 16) & 31;

    /// <summary>Whether the register is used with all its 64 bits.</summary>
    public bool Is64Bit => (Syndrome & (1 << 15)) != 0;

    /// <summary>Whether this was cache maintenance: nothing is read or written.</summary>
    public bool IsCacheMaintenance => (Syndrome & (1 << 8)) != 0;

    /// <summary>Whether the walk of the guest's own page tables failed, not the access.</summary>
    public bool IsOnTableWalk => (Syndrome & (1 << 7)) != 0;

    /// <summary>Whether memory was to be written.</summary>
    public bool IsWrite => (Syndrome & (1 << 6)) != 0;

    /// <summary>Size of the instruction: 4, or 2 for a short one of T32.</summary>
    public int InstructionSizeBytes => (Syndrome & (1 << 25)) != 0 ? 4 : 2;

    /// <summary>The access as a decoded instruction without an address.</summary>
    internal A64LoadStore AsLoadStore() => new()
    {
        IsLoad = !IsWrite,
        IsSigned = IsSigned,
        Is64Bit = Is64Bit,
        SizeBytes = SizeBytes,
        Rt = Register,
    };
}
