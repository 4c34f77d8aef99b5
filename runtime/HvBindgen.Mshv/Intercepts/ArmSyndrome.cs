namespace HvBindgen.Mshv.Intercepts;

/// <summary>Exception syndrome of arm64 (ESR_EL2) for an access to memory; bits as the architecture manual numbers them.</summary>
/// <param name="Value">The register.</param>
public readonly record struct ArmSyndrome(ulong Value)
{
    private const uint DataAbortFromLowerLevel = 0x24;

    /// <summary>Exception class, bits 26 to 31.</summary>
    public uint ExceptionClass => (uint)(Value >> 26) & 0x3f;

    /// <summary>Whether the access was to data, by the guest.</summary>
    public bool IsDataAbort => ExceptionClass == DataAbortFromLowerLevel;

    /// <summary>Length of the instruction: 4 bytes, or 2 in a 32-bit guest.</summary>
    public int InstructionLengthBytes => ((Value >> 25) & 1) != 0 ? 4 : 2;

    /// <summary>Whether the syndrome describes the access; else only the instruction itself tells.</summary>
    public bool IsValid => ((Value >> 24) & 1) != 0;

    /// <summary>Bytes accessed: 1, 2, 4 or 8.</summary>
    public int SizeBytes => 1 << (int)((Value >> 22) & 3);

    /// <summary>Whether what is read is extended with its sign.</summary>
    public bool IsSignExtended => ((Value >> 21) & 1) != 0;

    /// <summary>Register of the transfer; 31 is the zero register.</summary>
    public int Register => (int)(Value >> 16) & 0x1f;

    /// <summary>Whether that register is 64 bits wide.</summary>
    public bool Is64BitRegister => ((Value >> 15) & 1) != 0;

    /// <summary>Whether the guest writes.</summary>
    public bool IsWrite => ((Value >> 6) & 1) != 0;
}
