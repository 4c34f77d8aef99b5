using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Executes one instruction in software, for an engine that cannot.</summary>
internal sealed class SoftwareStep
{
    private readonly ProcessorState registers;
    private readonly SoftwareProcessor processor;
    private readonly FirstAccess access;

    internal SoftwareStep(ProcessorState registers, IStoredState stored, IGuestPhysicalMemory memory)
    {
        this.registers = registers;
        access = new FirstAccess(memory);
        processor = new SoftwareProcessor(registers, stored, memory, access, new StoredVectors(stored));
    }

    /// <summary>Where the instruction reached a device, whose client executes it; registers are then as before.</summary>
    internal DeviceAccess? Access => access.Found;

    /// <summary>Executes the instruction at RIP.</summary>
    /// <returns>How it ended.</returns>
    internal EmulationOutcome Execute()
    {
        access.Clear();
        X64State state = processor.State();
        EmulationOutcome outcome = processor.Execute(ref state);
        if (Access is null && outcome.Result is EmulationResult.Completed or EmulationResult.Continue or EmulationResult.Fault)
        {
            ((ReadOnlySpan<ulong>)state.Gpr).CopyTo(registers.General);
            registers.Rip = state.Rip;
            registers.Rflags = state.Rflags;
            registers.GeneralChanged = true;
        }

        return outcome;
    }
}
