using Iced.Intel;

namespace HvBindgen.Emulation.X64;

/// <summary>How the emulation of an instruction ended.</summary>
public enum EmulationResult
{
    /// <summary>The instruction is finished and RIP points behind it.</summary>
    Completed,

    /// <summary>A repeated instruction made progress and is to be continued: its registers have advanced, RIP has not.</summary>
    Continue,

    /// <summary>The instruction raised a fault. The state is unchanged, but for the progress of a repeated instruction.</summary>
    Fault,

    /// <summary>The emulator does not carry out this instruction. The state is unchanged, but for the progress of a repeated instruction,
    /// and no device was touched for what is not carried out.</summary>
    Unsupported,

    /// <summary>The bus did not answer an access. The state is unchanged, but for the progress of a repeated instruction.</summary>
    Abandoned,
}

/// <summary>Why the emulator does not carry out an instruction.</summary>
public enum EmulationLimit
{
    /// <summary>It does.</summary>
    None,

    /// <summary>The instruction is not among those emulated.</summary>
    Instruction,

    /// <summary>The instruction loads a segment register from a descriptor table.</summary>
    SegmentLoad,

    /// <summary>The instruction uses vector registers and the emulator was given none.</summary>
    VectorRegisters,

    /// <summary>The instruction itself lies where no RAM is, or in RAM that forbids execution.</summary>
    CodeNotInMemory,

    /// <summary>A page table lies where no RAM is.</summary>
    PageTableNotInMemory,

    /// <summary>A 16-byte atomic exchange needs the host's own instruction, which is not available.</summary>
    WideAtomic,

    /// <summary>
    /// An operand lies in a page with a protection key, whose rights are not known here; what the hypervisor has translated is not asked
    /// again.
    /// </summary>
    ProtectionKey,
}

/// <summary>Outcome of emulating one instruction.</summary>
public readonly record struct EmulationOutcome
{
    /// <summary>How it ended.</summary>
    public EmulationResult Result { get; private init; }

    /// <summary>Vector of the fault.</summary>
    public byte Vector { get; private init; }

    /// <summary>Error code of the fault; null where the processor pushes none.</summary>
    public uint? ErrorCode { get; private init; }

    /// <summary>For a page fault, the address to put into CR2.</summary>
    public ulong FaultAddress { get; private init; }

    /// <summary>Why the instruction is not supported.</summary>
    public EmulationLimit Limit { get; private init; }

    /// <summary>Size of the instruction in bytes; 0 where it could not be decoded.</summary>
    public int InstructionSizeBytes { get; private init; }

    /// <summary>Whether TF was set when the instruction began, so that a single-step trap (#DB, DR6.BS) is due now that it, or an iteration
    /// of it, has ended. Not after a load of SS.</summary>
    public bool SingleStepIsDue { get; private init; }

    /// <summary>Whether the instruction loaded SS, so that interrupts are held back for one instruction more.</summary>
    public bool LoadsStackSegment { get; private init; }

    /// <summary>Which instruction it was.</summary>
    internal Code Code { get; private init; }

    /// <summary>Name of the instruction, for a message. Allocates.</summary>
    public string InstructionName => Code.ToString();

    internal static EmulationOutcome Done(in Instruction instruction, bool singleStep, bool loadsStackSegment) => new()
    {
        Result = EmulationResult.Completed,
        Code = instruction.Code,
        InstructionSizeBytes = instruction.Length,
        SingleStepIsDue = singleStep,
        LoadsStackSegment = loadsStackSegment,
    };

    internal static EmulationOutcome Again(in Instruction instruction, bool singleStep) => new()
    {
        Result = EmulationResult.Continue,
        Code = instruction.Code,
        InstructionSizeBytes = instruction.Length,
        SingleStepIsDue = singleStep,
    };

    internal static EmulationOutcome Faulted(in Instruction instruction, byte vector, uint? errorCode, ulong faultAddress) => new()
    {
        Result = EmulationResult.Fault,
        Code = instruction.Code,
        InstructionSizeBytes = instruction.Length,
        Vector = vector,
        ErrorCode = errorCode,
        FaultAddress = faultAddress,
    };

    internal static EmulationOutcome Unanswered(in Instruction instruction) => new()
    {
        Result = EmulationResult.Abandoned,
        Code = instruction.Code,
        InstructionSizeBytes = instruction.Length,
    };

    internal static EmulationOutcome NotSupported(in Instruction instruction, EmulationLimit limit) => new()
    {
        Result = EmulationResult.Unsupported,
        Code = instruction.Code,
        InstructionSizeBytes = instruction.Length,
        Limit = limit,
    };
}
