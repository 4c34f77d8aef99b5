using System.Buffers.Binary;

namespace HvBindgen.Emulation.X64;

/// <summary>The vector registers of a virtual processor, fetched only when an instruction names one.</summary>
public interface IX64VectorRegisters
{
    private const int FloatingPointBytes = 160;
    private const int MxcsrOffset = 24;

    /// <summary>
    /// Whether the sixteen further registers, the upper halves of 64 bytes and the mask registers can be read and written.
    /// </summary>
    /// <remarks>Without them instructions of AVX-512 are not supported, and nothing below is asked about them.</remarks>
    bool HasAvx512 => false;

    /// <summary>Reads the low part of a vector register.</summary>
    /// <param name="index">0 to 15, of AVX-512 to 31.</param>
    /// <param name="value">Receives 16 bytes (XMM), 32 bytes (YMM) or 64 bytes (ZMM).</param>
    void ReadVector(int index, Span<byte> value);

    /// <summary>Writes the low part of a vector register.</summary>
    /// <param name="index">0 to 15, of AVX-512 to 31.</param>
    /// <param name="value">16, 32 or 64 bytes.</param>
    /// <param name="clearUpper">Whether every bit above becomes zero (VEX and EVEX encodings); otherwise it stays.</param>
    void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper);

    /// <summary>Reads a mask register.</summary>
    /// <param name="index">0 to 7.</param>
    ulong ReadMask(int index) => 0;

    /// <summary>Writes a mask register.</summary>
    /// <param name="index">0 to 7.</param>
    /// <param name="value">All its bits.</param>
    void WriteMask(int index, ulong value)
    {
    }

    /// <summary>Whether the registers of x87, which MMX shares, and MXCSR can be read and written.</summary>
    /// <remarks>Without them instructions of x87 and MMX are not supported, and nothing below is asked about them.</remarks>
    bool HasFloatingPoint => false;

    /// <summary>Reads control, status and tags of x87, its last instruction and operand, MXCSR and the eight registers.</summary>
    /// <param name="image">Receives 160 bytes as FXSAVE writes them in 64-bit mode.</param>
    void ReadFloatingPoint(Span<byte> image) => image.Clear();

    /// <summary>Writes them.</summary>
    /// <param name="image">160 bytes. Which bits MXCSR has (bytes 28 to 31) is not changed.</param>
    void WriteFloatingPoint(ReadOnlySpan<byte> image)
    {
    }

    /// <summary>Reads MXCSR alone.</summary>
    /// <returns>Its 32 bits: exceptions that there were, which of them are masked, rounding.</returns>
    uint ReadMxcsr()
    {
        Span<byte> image = stackalloc byte[FloatingPointBytes];
        ReadFloatingPoint(image);
        return BinaryPrimitives.ReadUInt32LittleEndian(image[MxcsrOffset..]);
    }

    /// <summary>Writes MXCSR alone.</summary>
    /// <param name="value">All its bits.</param>
    void WriteMxcsr(uint value)
    {
        Span<byte> image = stackalloc byte[FloatingPointBytes];
        ReadFloatingPoint(image);
        BinaryPrimitives.WriteUInt32LittleEndian(image[MxcsrOffset..], value);
        WriteFloatingPoint(image);
    }
}
