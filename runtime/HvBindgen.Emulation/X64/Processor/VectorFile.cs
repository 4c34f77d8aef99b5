using System.Buffers.Binary;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>The sixteen vector registers of 32 bytes, and the registers of x87.</summary>
internal sealed class VectorFile : IX64VectorRegisters
{
    internal const int Count = 16;
    internal const int RegisterBytes = 32;
    internal const int LowBytes = 16;
    private const int MaskOffset = 28;
    private const int MxcsrOffset = 24;

    /// <summary>Control word of x87 after FNINIT, and for a component of the extended state that is not there. Hypervisors start a
    /// processor with it; after a reset the manual has 0x40.</summary>
    internal const ushort ControlAfterInit = 0x37F;

    private const uint MxcsrAfterReset = 0x1F80;

    /// <summary>Bits that MXCSR has.</summary>
    internal const uint MxcsrMask = 0xFFFF;

    private readonly byte[] registers = new byte[Count * RegisterBytes];
    private readonly byte[] image = new byte[160];

    internal VectorFile() => Reset();

    /// <summary>The registers of x87 with MXCSR, as FXSAVE writes them in 64-bit mode.</summary>
    internal Span<byte> FloatingPoint => image;

    /// <summary>MXCSR.</summary>
    internal uint Mxcsr
    {
        get => BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(MxcsrOffset));
        set => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(MxcsrOffset), value);
    }

    bool IX64VectorRegisters.HasFloatingPoint => true;

    /// <summary>Gives the registers the values they have after a reset.</summary>
    internal void Reset()
    {
        Array.Clear(registers);
        Array.Clear(image);
        BinaryPrimitives.WriteUInt16LittleEndian(image, ControlAfterInit);
        Mxcsr = MxcsrAfterReset;
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(MaskOffset), MxcsrMask);
    }

    /// <summary>The low half of a register: XMM.</summary>
    internal Span<byte> Low(int index) => registers.AsSpan(index * RegisterBytes, LowBytes);

    /// <summary>The upper half of a register, which AVX adds.</summary>
    internal Span<byte> High(int index) => registers.AsSpan((index * RegisterBytes) + LowBytes, LowBytes);

    public void ReadVector(int index, Span<byte> value) => registers.AsSpan(index * RegisterBytes, value.Length).CopyTo(value);

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        value.CopyTo(registers.AsSpan(index * RegisterBytes));

        if (clearUpper)
        {
            registers.AsSpan((index * RegisterBytes) + value.Length, RegisterBytes - value.Length).Clear();
        }
    }

    public uint ReadMxcsr() => Mxcsr;

    public void WriteMxcsr(uint value) => Mxcsr = value;

    public void ReadFloatingPoint(Span<byte> value) => image.AsSpan().CopyTo(value);

    public void WriteFloatingPoint(ReadOnlySpan<byte> value)
    {
        value[..MaskOffset].CopyTo(image);
        value[(MaskOffset + sizeof(uint))..].CopyTo(image.AsSpan(MaskOffset + sizeof(uint)));
    }
}
