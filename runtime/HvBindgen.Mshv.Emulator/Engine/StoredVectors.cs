using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>A stopped processor's vector registers, in its extended state.</summary>
internal sealed class StoredVectors(IStoredState stored) : IX64VectorRegisters
{
    private const int XmmBytes = 16;

    public void ReadVector(int index, Span<byte> value)
    {
        byte[] area = new byte[stored.XsaveSizeBytes];
        stored.ReadXsave(area);
        MemoryMarshal.AsBytes((Span<hv_u128>)Fixed(area).Legacy.Xmm).Slice(index * XmmBytes, XmmBytes).CopyTo(value);
        if (value.Length > XmmBytes)
        {
            UpperHalf(area, index).CopyTo(value[XmmBytes..]);
        }
    }

    public void WriteVector(int index, ReadOnlySpan<byte> value, bool clearUpper)
    {
        byte[] area = new byte[stored.XsaveSizeBytes];
        stored.ReadXsave(area);
        Fixed(area).Legacy.Xmm[index] = MemoryMarshal.Read<hv_u128>(value);
        if (value.Length > XmmBytes)
        {
            value[XmmBytes..].CopyTo(UpperHalf(area, index));
        }
        else if (clearUpper)
        {
            UpperHalf(area, index).Clear();
        }

        // SSE works without XCR0; unmarked, its registers count as zero.
        Fixed(area).Header.Present |= XsaveHeader.Sse | (XsaveHeader.Avx & stored.ReadXcr0());
        _ = stored.TryWriteXsave(area);
    }

    public bool HasFloatingPoint => true;

    public void ReadFloatingPoint(Span<byte> image)
    {
        byte[] area = new byte[stored.XsaveSizeBytes];
        stored.ReadXsave(area);
        area.AsSpan(0, image.Length).CopyTo(image);
    }

    public void WriteFloatingPoint(ReadOnlySpan<byte> image)
    {
        byte[] area = new byte[stored.XsaveSizeBytes];
        stored.ReadXsave(area);
        image.CopyTo(area);
        Fixed(area).Header.Present |= XsaveHeader.X87 | XsaveHeader.Sse;
        _ = stored.TryWriteXsave(area);
    }

    private static ref XsaveArea Fixed(byte[] area) => ref MemoryMarshal.AsRef<XsaveArea>(area.AsSpan());

    // AVX is the first component behind the fixed part.
    private static Span<byte> UpperHalf(byte[] area, int index) =>
        area.AsSpan(Unsafe.SizeOf<XsaveArea>() + (index * XmmBytes), XmmBytes);
}
