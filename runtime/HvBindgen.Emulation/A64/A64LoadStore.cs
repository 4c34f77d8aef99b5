namespace HvBindgen.Emulation.A64;

/// <summary>How a load or store of A64 forms its address.</summary>
public enum A64Addressing
{
    /// <summary>Base plus offset.</summary>
    Offset,

    /// <summary>Base plus offset, which becomes the new base.</summary>
    PreIndex,

    /// <summary>The base alone; base plus offset becomes the new base.</summary>
    PostIndex,

    /// <summary>Base plus an extended and shifted register.</summary>
    Register,

    /// <summary>The instruction's own address plus offset.</summary>
    Literal,
}

/// <summary>Why an instruction is not a load or store that can be carried out.</summary>
public enum A64Refusal
{
    /// <summary>It can.</summary>
    None,

    /// <summary>Not a load or store at all.</summary>
    NotLoadStore,

    /// <summary>An encoding the architecture does not define, or calls unpredictable.</summary>
    Unallocated,

    /// <summary>An exclusive: its monitor is the processor's own.</summary>
    Exclusive,

    /// <summary>An atomic read-modify-write.</summary>
    Atomic,

    /// <summary>Advanced SIMD structures: several vectors, or lanes of one.</summary>
    VectorStructure,

    /// <summary>A load with pointer authentication.</summary>
    PointerAuthentication,

    /// <summary>An access to memory tags.</summary>
    MemoryTagging,

    /// <summary>Vector registers are needed and none were given.</summary>
    VectorRegisters,

    /// <summary>The access crosses into a page whose physical address is not known.</summary>
    CrossesPage,

    /// <summary>The registers do not lead to the address that was reported.</summary>
    AddressMismatch,

    /// <summary>The bus did not answer the access.</summary>
    Unanswered,

    /// <summary>The guest's data is big-endian (SCTLR_EL1.EE or E0E, or the E bit of 32-bit code).</summary>
    BigEndianData,

    /// <summary>A load or store of 64 bytes (LD64B, ST64B, ST64BV, ST64BV0).</summary>
    SixtyFourBytes,

    /// <summary>A part of a memory copy or set (CPY, SET and their kin).</summary>
    MemoryCopy,

    /// <summary>An ordered load or store of FEAT_LRCPC3: of a pair, of a vector register, or with a new base.</summary>
    OrderedExtended,

    /// <summary>A pair accessed with the rights of EL0 (LDTP, STTP).</summary>
    UnprivilegedPair,
}

/// <summary>A load or store of one register or a pair, taken apart.</summary>
public readonly record struct A64LoadStore
{
    /// <summary>Whether it reads memory.</summary>
    public bool IsLoad { get; init; }

    /// <summary>Whether it only announces an access (PRFM): nothing is read.</summary>
    public bool IsPrefetch { get; init; }

    /// <summary>Whether its registers are vector registers.</summary>
    public bool IsVector { get; init; }

    /// <summary>Whether it moves two registers.</summary>
    public bool IsPair { get; init; }

    /// <summary>Whether a loaded value is sign-extended.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Whether a general register is used with all its 64 bits; otherwise its upper half becomes zero.</summary>
    public bool Is64Bit { get; init; }

    /// <summary>Whether it has acquire or release semantics.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Bytes per register: 1, 2, 4, 8 or 16.</summary>
    public int SizeBytes { get; init; }

    /// <summary>Register moved; 31 is the zero register.</summary>
    public int Rt { get; init; }

    /// <summary>Second register of a pair.</summary>
    public int Rt2 { get; init; }

    /// <summary>Base register; 31 is the stack pointer.</summary>
    public int Rn { get; init; }

    /// <summary>Offset register; 31 is the zero register.</summary>
    public int Rm { get; init; }

    /// <summary>How the address is formed.</summary>
    public A64Addressing Addressing { get; init; }

    /// <summary>Constant offset.</summary>
    public long OffsetBytes { get; init; }

    /// <summary>Left shift of the offset register.</summary>
    public int OffsetShift { get; init; }

    /// <summary>Whether only the lower half of the offset register counts.</summary>
    public bool IsOffset32Bit { get; init; }

    /// <summary>Whether that half is sign-extended.</summary>
    public bool IsOffsetSigned { get; init; }

    /// <summary>Bytes moved altogether.</summary>
    public int TotalBytes => IsPair ? SizeBytes * 2 : SizeBytes;
}
