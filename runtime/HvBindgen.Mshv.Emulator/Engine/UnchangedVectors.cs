using HvBindgen.Emulation.X64;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>A stopped processor's vector registers, which can only be read: what would be written is noted.</summary>
internal sealed class UnchangedVectors(IStoredState stored) : IX64VectorRegisters
{
    private readonly StoredVectors vectors = new(stored);

    /// <summary>Whether something would have been written.</summary>
    internal bool WouldChange { get; set; }

    public bool HasFloatingPoint { get; init; }

    public void ReadVector(int index, Span<byte> value) => vectors.ReadVector(index, value);

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper) => WouldChange = true;

    public void ReadFloatingPoint(Span<byte> image) => vectors.ReadFloatingPoint(image);

    public void WriteFloatingPoint(ReadOnlySpan<byte> image) => WouldChange = true;
}
