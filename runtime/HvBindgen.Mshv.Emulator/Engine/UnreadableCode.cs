using Iced.Intel;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Code that lies where no memory is, or where it must not be executed: an access like any other, but to execute.</summary>
internal sealed class UnreadableCode(ProcessorState state, LinearMemory memory)
{
    private readonly MemoryExit exit = new();

    /// <summary>Finds what the instruction at RIP cannot be fetched from.</summary>
    /// <returns>Null when memory backs it, as far as an instruction may reach.</returns>
    internal MemoryExit? Find() => FindBehind(memory.Fetch(Start, stackalloc byte[InstructionReader.MaxInstructionBytes]));

    /// <summary>Finds what the instruction at RIP will not be fetched from, where it reaches so far.</summary>
    /// <returns>Null when memory backs it.</returns>
    internal MemoryExit? FindNeeded()
    {
        Span<byte> code = stackalloc byte[InstructionReader.MaxInstructionBytes];
        int fetchedBytes = memory.Fetch(Start, code);
        return IsWhole(code[..fetchedBytes]) ? null : FindBehind(fetchedBytes);
    }

    private ulong Start => memory.AddressOf(ProcessorState.Cs, state.Rip);

    private MemoryExit? FindBehind(int fetchedBytes)
    {
        ulong linear = Start + (ulong)fetchedBytes;
        if (fetchedBytes == InstructionReader.MaxInstructionBytes
            || !memory.TryFindUnreachable(linear, MemoryAccess.Execute, out ulong gpa, out bool isTable))
        {
            return null;
        }

        exit.Gpa = gpa;
        exit.Access = isTable ? MemoryAccess.Read : MemoryAccess.Execute;
        exit.Gva = isTable ? null : linear;
        exit.SetInstruction([], 0);
        return exit;
    }

    // Whether no more bytes are needed to know what it is.
    private bool IsWhole(ReadOnlySpan<byte> code)
    {
        if (code.Length is 0 or InstructionReader.MaxInstructionBytes)
        {
            return code.Length != 0;
        }

        Decoder decoder = Decoder.Create(state.CodeBits, new ByteArrayCodeReader(code.ToArray()));
        decoder.Decode(out _);
        return decoder.LastError != DecoderError.NoMoreBytes;
    }
}
