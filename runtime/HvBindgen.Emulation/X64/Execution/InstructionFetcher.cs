using Iced.Intel;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Fetches and decodes the instruction at RIP.</summary>
/// <remarks>Bytes that the caller has come first; more are fetched only if the instruction needs them, so that a page that cannot be read
/// faults only where the processor would have read it.</remarks>
internal sealed class InstructionFetcher
{
    private readonly X64Context context;
    private readonly X64AddressSpace space;
    private readonly IGuestPhysicalMemory ram;
    private readonly InstructionBytes code = new();
    private readonly Decoder decoder16;
    private readonly Decoder decoder32;
    private readonly Decoder decoder64;

    internal InstructionFetcher(X64Context context, X64AddressSpace space, IGuestPhysicalMemory ram)
    {
        this.context = context;
        this.space = space;
        this.ram = ram;
        decoder16 = Decoder.Create(16, code);
        decoder32 = Decoder.Create(32, code);
        decoder64 = Decoder.Create(64, code);
    }

    internal bool TryDecode(ReadOnlySpan<byte> delivered)
    {
        code.Set(delivered);

        if (code.Count != 0 && DecodeOnce() != DecoderError.NoMoreBytes)
        {
            return TryAccept();
        }

        // From the start again: what was delivered may be stale, or short for any reason.
        code.Set(default);

        while (code.Count < InstructionBytes.MaxSizeBytes)
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
        int bits = context.State.CodeBits;
        Decoder decoder = bits == 64 ? decoder64 : bits == 32 ? decoder32 : decoder16;
        decoder.IP = context.State.Rip;
        decoder.Decode(out context.Instruction);
        return decoder.LastError;
    }

    private bool TryAccept()
    {
        if (context.Instruction.Code != Code.INVALID)
        {
            return true;
        }

        return context.Instruction.Length == InstructionBytes.MaxSizeBytes && IsTooLong()
            ? context.FaultWithCode(X64Bits.VectorGp)
            : context.Fault(X64Bits.VectorUd);
    }

    // With all 15 bytes looked at an instruction is undefined or not at its end. With fewer prefixes it has room: what is undefined stays
    // so, and what is too long shows what it is.
    private bool IsTooLong()
    {
        Instruction invalid = context.Instruction;
        Span<byte> bytes = stackalloc byte[InstructionBytes.MaxSizeBytes];
        ReadOnlySpan<byte> prefixes = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3];
        code.CopyTo(bytes);
        bool isTooLong = true;

        while (prefixes.Contains(bytes[0]))
        {
            bytes[1..].CopyTo(bytes);
            bytes[^1] = 0;
            code.Set(bytes);
            DecodeOnce();

            if (context.Instruction.Code != Code.INVALID || context.Instruction.Length < InstructionBytes.MaxSizeBytes)
            {
                isTooLong = context.Instruction.Code != Code.INVALID;
                break;
            }
        }

        context.Instruction = invalid;
        return isTooLong;
    }

    /// <summary>Fetches from behind the bytes present to the end of the page, of CS, or of what an instruction can need.</summary>
    private unsafe bool TryFetch()
    {
        ulong offset = context.MaskRip(context.State.Rip + (uint)code.Count);
        ulong available = (ulong)(InstructionBytes.MaxSizeBytes - code.Count);
        ulong linear = offset;

        if (context.Is64BitMode)
        {
            if (!space.IsCanonical(linear))
            {
                return context.FaultWithCode(X64Bits.VectorGp);
            }
        }
        else
        {
            uint limit = context.State.Segments[X64SegmentFile.Cs].Limit;

            if (offset > limit)
            {
                return context.FaultWithCode(X64Bits.VectorGp);
            }

            available = Math.Min(available, limit - offset + 1);
            linear = (uint)(context.State.Segments[X64SegmentFile.Cs].Base + offset);
        }

        available = Math.Min(available, 4096 - (linear & 0xFFF));

        if (!space.Pages.TryTranslate(linear, AccessKind.Execute, out ulong gpa))
        {
            return false;
        }

        if (!ram.TryResolve(gpa, out HostRange range) || range.SizeBytes < available || range.ForbidsExecution)
        {
            return context.Unsupported(EmulationLimit.CodeNotInMemory);
        }

        // Valid for `available` bytes by the resolver's promise; copied once, then decoded.
        code.Append(new ReadOnlySpan<byte>(range.Pointer, (int)available));
        return true;
    }
}
