using Iced.Intel;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>The instruction under way: what it is, the state it works on, and how it ends.</summary>
internal sealed class X64Context
{
    // Fields, because they are large and are changed in place.
    internal X64State State;
    internal Instruction Instruction;
    internal EmulationOutcome Outcome;

    /// <summary>Where execution goes on.</summary>
    internal ulong NextRip { get; set; }

    /// <summary>Whether what a fault leaves is the state as far as the instruction came.</summary>
    internal bool KeepsProgress { get; set; }

    internal bool LoadsStackSegment { get; set; }

    /// <summary>Whether the operation under way knows the masks and registers that an EVEX prefix brings.</summary>
    internal bool TakesEvex { get; set; }

    internal bool Is64BitMode { get; private set; }

    // What the caller knows.
    internal ulong KnownGvaPage { get; private set; }

    internal ulong KnownGpaPage { get; private set; }

    internal bool HasKnownTranslation { get; private set; }

    internal bool KnownTranslationIsForWrite { get; private set; }

    internal bool PortAccessIsGranted { get; set; }

    internal int MaxIterations { get; set; }

    internal Func<bool>? IsInterrupted { get; private set; }

    /// <summary>Starts an instruction.</summary>
    internal void Begin(in X64State state, in EmulationInput input)
    {
        State = state;
        Instruction = default;
        KnownGvaPage = input.KnownGva & ~0xFFFUL;
        KnownGpaPage = input.KnownGpa & ~0xFFFUL;
        HasKnownTranslation = input.HasKnownTranslation;
        KnownTranslationIsForWrite = input.KnownTranslationIsForWrite;
        PortAccessIsGranted = input.PortAccessIsGranted;
        MaxIterations = input.MaxIterations > 0 ? input.MaxIterations : EmulationInput.DefaultMaxIterations;
        IsInterrupted = input.IsInterrupted;
        KeepsProgress = false;
        LoadsStackSegment = false;
        Is64BitMode = state.Is64BitMode;
    }

    /// <summary>Starts an instruction on the state as the one before left it, of which the caller knows nothing.</summary>
    internal void BeginNext()
    {
        KeepsProgress = false;
        LoadsStackSegment = false;
        PortAccessIsGranted = false;
        FollowMode();
    }

    /// <summary>CS or the mode has changed.</summary>
    internal void FollowMode() => Is64BitMode = State.Is64BitMode;

    /// <summary>An instruction pointer as far as the mode has one.</summary>
    internal ulong MaskRip(ulong rip) => Is64BitMode ? rip : (uint)rip;

    /// <summary>Ends the instruction with a fault that has no error code.</summary>
    /// <returns>False always, so that a check can return it.</returns>
    internal bool Fault(byte vector)
    {
        Outcome = EmulationOutcome.Faulted(Instruction, vector, null, 0);
        return false;
    }

    /// <summary>Ends the instruction with a fault whose error code is zero. Real mode has no error codes.</summary>
    /// <returns>False always.</returns>
    internal bool FaultWithCode(byte vector)
    {
        Outcome = EmulationOutcome.Faulted(Instruction, vector, (State.Cr0 & X64Bits.Cr0Pe) != 0 ? 0 : null, 0);
        return false;
    }

    /// <summary>Ends the instruction with a fault in protected mode whose error code tells a selector.</summary>
    /// <returns>False always.</returns>
    internal bool FaultWithCode(byte vector, uint errorCode)
    {
        Outcome = EmulationOutcome.Faulted(Instruction, vector, errorCode, 0);
        return false;
    }

    /// <summary>Ends the instruction because an access was not answered.</summary>
    /// <returns>False always.</returns>
    internal bool Abandon()
    {
        Outcome = EmulationOutcome.Unanswered(Instruction);
        return false;
    }

    /// <summary>Refuses the instruction.</summary>
    /// <returns>False always.</returns>
    internal bool Unsupported(EmulationLimit limit)
    {
        Outcome = EmulationOutcome.NotSupported(Instruction, limit);
        return false;
    }

    internal ulong ReadRegister(Register register) => register switch
    {
        <= Register.BL => (byte)State.Gpr[register - Register.AL],
        <= Register.BH => (byte)(State.Gpr[register - Register.AH] >> 8),
        <= Register.R15L => (byte)State.Gpr[register - Register.SPL + 4],
        <= Register.R15W => (ushort)State.Gpr[register - Register.AX],
        <= Register.R15D => (uint)State.Gpr[register - Register.EAX],
        _ => State.Gpr[register - Register.RAX],
    };

    internal void WriteRegister(Register register, ulong value)
    {
        switch (register)
        {
            case <= Register.BL:
                WriteGpr(register - Register.AL, value, 1);
                break;
            case <= Register.BH:
                ref ulong whole = ref State.Gpr[register - Register.AH];
                whole = (whole & ~0xFF00UL) | ((value & 0xFF) << 8);
                break;
            case <= Register.R15L:
                WriteGpr(register - Register.SPL + 4, value, 1);
                break;
            case <= Register.R15W:
                WriteGpr(register - Register.AX, value, 2);
                break;
            case <= Register.R15D:
                WriteGpr(register - Register.EAX, value, 4);
                break;
            default:
                WriteGpr(register - Register.RAX, value, 8);
                break;
        }
    }

    internal ulong ReadGpr(int index, int sizeBytes) => X64Value.Truncate(State.Gpr[index], sizeBytes);

    // Writing 32 bits clears the upper half; writing 8 or 16 leaves the rest.
    internal void WriteGpr(int index, ulong value, int sizeBytes)
    {
        ref ulong register = ref State.Gpr[index];

        register = sizeBytes switch
        {
            1 => (register & ~0xFFUL) | (byte)value,
            2 => (register & ~0xFFFFUL) | (ushort)value,
            4 => (uint)value,
            _ => value,
        };
    }
}
