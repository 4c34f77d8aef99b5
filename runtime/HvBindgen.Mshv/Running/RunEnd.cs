namespace HvBindgen.Mshv.Running;

/// <summary>Why a run ended.</summary>
public enum RunEnd
{
    /// <summary>The caller asked for it.</summary>
    Requested,

    /// <summary>The guest halted, and no handler wanted to wait.</summary>
    Halted,

    /// <summary>The guest restarted itself.</summary>
    Reset,

    /// <summary>The guest switched itself off.</summary>
    PowerOff,

    /// <summary>The guest could not take an exception, nor the exception about that.</summary>
    TripleFault,

    /// <summary>No handler took the message.</summary>
    Unhandled,

    /// <summary>The message contradicts itself, or is too short for its type.</summary>
    MalformedMessage,

    /// <summary>The guest accesses a device by an instruction that is not emulated.</summary>
    UnsupportedInstruction,

    /// <summary>The processor reported the same message over and over, and nothing that was done changed that.</summary>
    NoProgress,

    /// <summary>The hypervisor found a register with a value that it cannot have.</summary>
    InvalidRegister,

    /// <summary>The guest uses what the hypervisor does not support.</summary>
    UnsupportedFeature,

    /// <summary>A handler threw an exception.</summary>
    DeviceFault,

    /// <summary>The kernel or the hypervisor refused to run the processor, or to read or write its registers.</summary>
    Refused,

    /// <summary>The run was a replay, and its recording has come to its end.</summary>
    EndOfRecording,
}
