using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Executes, aside, the instruction that a processor stands in front of, up to what it cannot reach. Nothing is changed.</summary>
internal sealed class TrialRun
{
    private readonly SoftwareProcessor processor;
    private readonly FirstAccess access;

    internal TrialRun(ProcessorState registers, IStoredState stored, IGuestPhysicalMemory memory)
    {
        access = new FirstAccess(memory);
        UnchangedVectors vectors = new(stored) { HasFloatingPoint = true };
        processor = new SoftwareProcessor(registers, stored, new UnchangedMemory(memory), access, vectors);
    }

    /// <summary>Executes the instruction.</summary>
    /// <returns>Its first access that no memory answers; null where there is none, or where it is not executed in software.</returns>
    internal DeviceAccess? Execute()
    {
        access.Clear();
        X64State state = processor.State();
        return processor.TryExecute(ref state, out _) && access.Found is { IsPort: false } found ? found : null;
    }
}
