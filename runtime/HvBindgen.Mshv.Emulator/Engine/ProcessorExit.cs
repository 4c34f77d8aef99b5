using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Why a processor stopped.</summary>
internal enum ProcessorExitKind
{
    /// <summary>A signal ended the run.</summary>
    Interrupted,

    /// <summary>IN, OUT, INS or OUTS; not executed yet.</summary>
    Port,

    /// <summary>An access that no memory backs, or a write to read-only memory; not executed yet.</summary>
    Memory,

    /// <summary>RDMSR or WRMSR that user space has to answer; not executed yet.</summary>
    Msr,

    /// <summary>HLT, executed, where no local APIC would wake the processor.</summary>
    Halt,

    /// <summary>A triple fault.</summary>
    Shutdown,

    /// <summary>End of a level-triggered interrupt.</summary>
    ApicEoi,

    /// <summary>The guest can take an external interrupt.</summary>
    InterruptWindow,

    /// <summary>An exception that debugging intercepts; not delivered.</summary>
    Exception,

    /// <summary>The registers describe no state that a processor can be in.</summary>
    InvalidState,

    /// <summary>The engine cannot go on; <see cref="ProcessorExit.Reason"/> says why.</summary>
    Failed,
}

/// <summary>What a processor stopped for. The registers are in <see cref="ProcessorState"/>, as before the instruction.</summary>
internal struct ProcessorExit
{
    internal ProcessorExitKind Kind;
    internal ushort Port;
    internal byte SizeBytes;
    internal bool IsWrite;
    internal bool IsExecute;
    internal bool IsString;
    internal bool HasRepeat;
    internal ulong Gpa;
    internal ulong Gva;
    internal bool GvaValid;
    internal uint MsrIndex;
    internal ulong MsrValue;

    /// <summary>Whether the processor knows the MSR: an intercept asked for the exit.</summary>
    internal bool MsrIsIntercepted;

    internal byte Vector;
    internal ulong ExceptionParameter;
    internal byte InstructionLength;
    internal byte InstructionByteCount;
    internal Array16<byte> InstructionBytes;
    internal int Errno;
    internal string? Reason;
}
