using HvBindgen.Emulation;
using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Running;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>A stopped processor as the software sees it, with what its accesses reach. Its registers are not written.</summary>
internal sealed class SoftwareProcessor(
    ProcessorState registers, IStoredState stored, IGuestPhysicalMemory memory, IX64Bus bus, IX64VectorRegisters vectors)
{
    private readonly X64Emulator emulator = new(memory, bus, vectors);

    /// <summary>Its registers as they are now.</summary>
    internal X64State State()
    {
        X64State state = new()
        {
            Rip = registers.Rip,
            Rflags = registers.Rflags,
            Cr0 = registers.Cr0,
            Cr2 = registers.Cr2,
            Cr3 = registers.Cr3,
            Cr4 = registers.Cr4,
            Cr8 = registers.Cr8,
            Efer = registers.Efer,
            Xcr0 = stored.ReadXcr0(),
        };
        ((ReadOnlySpan<ulong>)registers.General).CopyTo(state.Gpr);
        ReadOnlySpan<hv_x64_segment_register> segments = registers.Segments;
        SegmentRegisters.AsStates(segments[..(ProcessorState.Gs + 1)]).CopyTo(state.Segments);
        return state;
    }

    /// <summary>Executes the instruction at RIP, of a repeated one a single iteration.</summary>
    /// <param name="state">Its registers, before and after.</param>
    /// <returns>How it ended.</returns>
    internal EmulationOutcome Execute(ref X64State state)
    {
        EmulationInput input = new() { PortAccessIsGranted = true, MaxIterations = 1 };
        return emulator.Execute(ref state, in input);
    }

    /// <summary>Executes it only to learn what it does; nobody waits for it.</summary>
    /// <param name="state">Its registers, before and after.</param>
    /// <param name="outcome">How it ended.</param>
    /// <returns>False where the software failed.</returns>
    internal bool TryExecute(ref X64State state, out EmulationOutcome outcome)
    {
        try
        {
            outcome = Execute(ref state);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            outcome = default;
            return false;
        }
    }
}
