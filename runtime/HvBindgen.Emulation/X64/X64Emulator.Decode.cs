using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// Fetching and decoding. Bytes the hypervisor delivered come first; more are fetched only if the instruction needs them, so that a
// page that cannot be read faults only where the processor would have read it.
public sealed partial class X64Emulator
{
    private bool TryDecode(ReadOnlySpan<byte> delivered)
    {
        instruction = default;
        code.Set(delivered);

        if (code.Count != 0 && DecodeOnce() != DecoderError.NoMoreBytes)
        {
            return TryAccept();
        }

        // From the start again: what was delivered may be stale, or short for any reason.
        code.Set(default);

        while (code.Count < InstructionBytes.MaxLengthBytes)
        {
            if (!TryFetch())
            {
                return false;
            }

            if (DecodeOnce() != DecoderError.NoMoreBytes)
            {
                return TryAccept();
            }
        }

        return TryAccept();
    }

    private DecoderError DecodeOnce()
    {
        int bits = state.CodeBits;
        Decoder decoder = bits == 64 ? decoder64 : bits == 32 ? decoder32 : decoder16;
        decoder.IP = state.Rip;
        decoder.Decode(out instruction);
        return decoder.LastError;
    }

    private bool TryAccept()
    {
        if (instruction.Code != Code.INVALID)
        {
            return true;
        }

        // All 15 bytes wanted and still not at the end: too long, which is #GP; anything else is undefined.
        return instruction.Length == InstructionBytes.MaxLengthBytes ? FaultWithCode(X64Bits.VectorGp) : Fault(X64Bits.VectorUd);
    }

    /// <summary>Fetches from behind the bytes present to the end of the page, of CS, or of what an instruction can need.</summary>
    private unsafe bool TryFetch()
    {
        ulong offset = MaskRip(state.Rip + (uint)code.Count);
        ulong available = (ulong)(InstructionBytes.MaxLengthBytes - code.Count);
        ulong linear = offset;

        if (is64BitMode)
        {
            if (!IsCanonical(linear))
            {
                return FaultWithCode(X64Bits.VectorGp);
            }
        }
        else
        {
            uint limit = state.Segments[X64SegmentFile.Cs].Limit;

            if (offset > limit)
            {
                return FaultWithCode(X64Bits.VectorGp);
            }

            available = Math.Min(available, limit - offset + 1);
            linear = (uint)(state.Segments[X64SegmentFile.Cs].Base + offset);
        }

        available = Math.Min(available, 4096 - (linear & 0xFFF));

        if (!TryTranslate(linear, AccessKind.Execute, out ulong gpa))
        {
            return false;
        }

        if (!ram.TryResolve(gpa, out HostRange range) || range.LengthBytes < available)
        {
            return Unsupported(EmulationLimit.CodeNotInMemory);
        }

        // Valid for `available` bytes by the resolver's promise; copied once, then decoded.
        code.Append(new ReadOnlySpan<byte>(range.Pointer, (int)available));
        return true;
    }
}
