namespace HvBindgen.Mshv.Running;

/// <summary>What becomes of an access that no handler takes.</summary>
public enum UnclaimedAccess
{
    /// <summary>The run ends as <see cref="RunEnd.Unhandled"/>, with the whole message.</summary>
    EndRun,

    /// <summary>
    /// As on a bare machine: reading gives ones and writing is lost; a model-specific register raises #GP; a hypercall is
    /// answered with <c>HV_STATUS_INVALID_HYPERCALL_CODE</c>. The run's result names what was answered so, and an event tells of each
    /// place.
    /// </summary>
    AsHardware,
}

/// <summary>What becomes of an instruction that reached a device and that the emulator does not carry out.</summary>
public enum UnsupportedInstruction
{
    /// <summary>The run ends as <see cref="RunEnd.UnsupportedInstruction"/>, with the name of the instruction.</summary>
    EndRun,

    /// <summary>The guest gets #UD, as if its processor did not have the instruction.</summary>
    RaiseUndefinedOpcode,

    /// <summary>The guest gets #GP with error code 0.</summary>
    RaiseGeneralProtection,
}

/// <summary>How a run treats what is not the handlers' business.</summary>
public sealed record RunOptions
{
    /// <summary>Ports that no device has.</summary>
    public UnclaimedAccess Ports { get; init; }

    /// <summary>Memory that neither RAM nor a device is behind.</summary>
    public UnclaimedAccess Mmio { get; init; }

    /// <summary>Model-specific registers that the handler does not know.</summary>
    public UnclaimedAccess Msrs { get; init; }

    /// <summary>Hypercalls that the handler does not know.</summary>
    public UnclaimedAccess Hypercalls { get; init; }

    /// <summary>Instructions of x64 guests that the emulator does not carry out.</summary>
    /// <remarks>
    /// With an exception the guest decides, as it does under Hyper-V: a program ends, the machine goes on. What a repeated instruction had
    /// done before is done. The run ends all the same where the instruction itself or a page table lies where no RAM is, and of arm64
    /// guests always.
    /// </remarks>
    public UnsupportedInstruction UnsupportedInstructions { get; init; }

    /// <summary>How often the same message may come back with nothing changed before the run ends as
    /// <see cref="RunEnd.NoProgress"/>.</summary>
    public int MaxRepeats { get; init; } = 100;

    /// <summary>Most iterations of a repeated string instruction in one exit, so that a guest cannot hold the thread.</summary>
    public int MaxStringIterations { get; init; } = 1024;
}
