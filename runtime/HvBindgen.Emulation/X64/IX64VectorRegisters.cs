namespace HvBindgen.Emulation.X64;

/// <summary>The vector registers of a virtual processor, fetched only when an instruction names one.</summary>
public interface IX64VectorRegisters
{
    /// <summary>Reads the low part of a vector register.</summary>
    /// <param name="index">0 to 15.</param>
    /// <param name="value">Receives 16 bytes (XMM) or 32 bytes (YMM).</param>
    void ReadVector(int index, Span<byte> value);

    /// <summary>Writes the low part of a vector register.</summary>
    /// <param name="index">0 to 15.</param>
    /// <param name="value">16 or 32 bytes.</param>
    /// <param name="clearUpper">Whether every bit above becomes zero (VEX encodings); otherwise it stays.</param>
    void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper);
}
