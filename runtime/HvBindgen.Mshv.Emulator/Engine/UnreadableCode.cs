namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Code that lies where no memory is: an access like any other, but to execute.</summary>
internal sealed class UnreadableCode(ProcessorState state, LinearMemory memory)
{
    private readonly MemoryExit exit = new();

    /// <summary>Finds what the instruction at RIP cannot be fetched from.</summary>
    /// <returns>Null when memory backs it, as far as an instruction may reach.</returns>
    internal MemoryExit? Find()
    {
        ulong linear = memory.AddressOf(ProcessorState.Cs, state.Rip);
        linear += (ulong)memory.Read(linear, stackalloc byte[InstructionReader.MaxInstructionBytes]);
        if (linear - memory.AddressOf(ProcessorState.Cs, state.Rip) == InstructionReader.MaxInstructionBytes
            || !memory.TryFindUnreachable(linear, isWrite: false, out ulong gpa, out bool isTable))
        {
            return null;
        }

        exit.Gpa = gpa;
        exit.Access = isTable ? MemoryAccess.Read : MemoryAccess.Execute;
        exit.Gva = isTable ? null : linear;
        exit.SetInstruction([], 0);
        return exit;
    }
}
