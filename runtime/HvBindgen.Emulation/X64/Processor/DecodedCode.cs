using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.FastPath;
using HvBindgen.Emulation.X64.Instructions;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Decoded instructions, found by where they lie and by the bytes that they were decoded from.</summary>
/// <remarks>The bytes are compared each time: code that changes, by whomever and through whatever mapping, is seen at once.</remarks>
internal sealed unsafe class DecodedCode(X64Context context, X64AddressSpace space, InstructionFetcher fetcher)
{
    /// <summary>Where in a page an instruction may begin at most of which a whole window is read.</summary>
    internal const int LastWholeOffset = 4096 - WindowBytes;

    // Bytes that are read of an instruction: no fewer may lie behind its first.
    private const int WindowBytes = 16;

    private const int Size = 1 << 14;

    private readonly DecodedInstruction[] entries = new DecodedInstruction[Size];

    // The instruction under way where it is not kept.
    private DecodedInstruction slow;

    /// <summary>Finds the instruction at RIP.</summary>
    internal ref DecodedInstruction Fetch(out bool isFetched)
    {
        ref X64State state = ref context.State;
        ulong rip = state.Rip;
        int bits = state.CodeBits;
        bool isWide = bits == 64;
        ulong linear = isWide ? rip : (uint)(state.Segments[X64SegmentFile.Cs].Base + rip);
        bool isWhole = (linear & 0xFFF) <= LastWholeOffset
            && (isWide ? space.IsCanonical(rip) : rip + WindowBytes - 1 <= state.Segments[X64SegmentFile.Cs].Limit);
        byte* bytes = isWhole ? space.Pages.FindCode(linear) : null;

        if (bytes == null)
        {
            // Near the end of a page or segment, or what faults: byte by byte, as far as the instruction goes.
            isFetched = fetcher.TryDecode(default);
            slow.Instruction = context.Instruction;
            slow.System = SystemTable.Find(in context.Instruction);
            slow.Entry = EntryOf(in context.Instruction);
            slow.ChangesMode = slow.System is not null || LoadsSegment(in context.Instruction);
            return ref slow;
        }

        // Valid to the end of the page until translations are forgotten; read once, so that what is compared is what is decoded.
        return ref Find(rip, bits, Vector128.Load(bytes), out isFetched);
    }

    /// <summary>Finds an instruction by its address in 64-bit mode and the bytes there.</summary>
    internal ref DecodedInstruction Find64(ulong rip, Vector128<byte> window, out bool isFetched) =>
        ref Find(rip, 64, window, out isFetched);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref DecodedInstruction Find(ulong rip, int bits, Vector128<byte> window, out bool isFetched)
    {
        ref DecodedInstruction entry = ref entries[(int)(rip ^ (rip >> 14)) & (Size - 1)];

        if (entry.Is(rip, bits, window))
        {
            isFetched = true;
            return ref entry;
        }

        isFetched = TryFill(ref entry, rip, bits, window);
        return ref entry;
    }

    private bool TryFill(ref DecodedInstruction entry, ulong rip, int bits, Vector128<byte> window)
    {
        Span<byte> copy = stackalloc byte[WindowBytes];
        window.CopyTo(copy);

        if (!fetcher.TryDecode(copy))
        {
            return false;
        }

        Fill(ref entry, rip, bits, window, in context.Instruction);
        return true;
    }

    private static void Fill(ref DecodedInstruction entry, ulong rip, int bits, Vector128<byte> window, in Instruction instruction)
    {
        Span<byte> mask = stackalloc byte[WindowBytes];
        mask.Clear();
        mask[..instruction.Length].Fill(byte.MaxValue);
        entry.Mask = Vector128.Create((ReadOnlySpan<byte>)mask);
        entry.Bytes = window & entry.Mask;
        entry.Rip = rip;
        entry.Bits = bits;
        entry.Instruction = instruction;
        entry.System = SystemTable.Find(in instruction);
        entry.Entry = EntryOf(in instruction);
        entry.ChangesMode = entry.System is not null || LoadsSegment(in instruction);
        entry.Fast = bits == 64 && entry.System is null ? FastTable.Find(in instruction) : default;
    }

    // There is no AVX-512, of which EVEX is.
    private static InstructionEntry? EntryOf(in Instruction instruction) =>
        instruction.Code.Encoding() == EncodingKind.EVEX ? null : InstructionTable.Find(instruction.Mnemonic);

    private static bool LoadsSegment(in Instruction instruction) =>
        instruction.Mnemonic is Mnemonic.Les or Mnemonic.Lss or Mnemonic.Lds or Mnemonic.Lfs or Mnemonic.Lgs
        || (instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsSegmentRegister());
}

/// <summary>A decoded instruction and who carries it out.</summary>
internal struct DecodedInstruction
{
    internal Vector128<byte> Bytes;
    internal Vector128<byte> Mask;
    internal ulong Rip;
    internal int Bits;
    internal Instruction Instruction;
    internal Func<SystemInstructions, bool>? System;
    internal InstructionEntry? Entry;
    internal FastInstruction Fast;

    /// <summary>Whether it may change more of the state than general registers and flags.</summary>
    internal bool ChangesMode;

    /// <summary>Whether it is what lies at an address.</summary>
    internal readonly bool Is(ulong rip, int bits, Vector128<byte> window) =>
        Rip == rip && Bits == bits && (window & Mask) == Bytes;
}
