namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>
/// Why a processor stopped: one type for each kind. The registers are in <see cref="ProcessorState"/>, as before the instruction.
/// </summary>
/// <remarks>An engine fills the same objects again and again: what a run gives is valid until the next run of the same processor.</remarks>
internal abstract class ProcessorExit;

/// <summary>A signal ended the run.</summary>
internal sealed class InterruptedExit : ProcessorExit
{
    internal static InterruptedExit Instance { get; } = new();
}

/// <summary>HLT, executed, where no local APIC would wake the processor.</summary>
internal sealed class HaltExit : ProcessorExit
{
    internal static HaltExit Instance { get; } = new();
}

/// <summary>A triple fault.</summary>
internal sealed class ShutdownExit : ProcessorExit
{
    internal static ShutdownExit Instance { get; } = new();
}

/// <summary>The guest can take an external interrupt.</summary>
internal sealed class InterruptWindowExit : ProcessorExit
{
    internal static InterruptWindowExit Instance { get; } = new();
}

/// <summary>The registers describe no state that a processor can be in.</summary>
internal sealed class InvalidStateExit : ProcessorExit
{
    internal static InvalidStateExit Instance { get; } = new();
}

/// <summary>End of a level-triggered interrupt.</summary>
internal sealed class ApicEoiExit : ProcessorExit
{
    internal byte Vector { get; set; }
}

/// <summary>The engine cannot go on.</summary>
/// <param name="errno">The error number that stands for it.</param>
/// <param name="reason">Why.</param>
internal sealed class FailedExit(int errno, string reason) : ProcessorExit
{
    internal int Errno { get; } = errno;

    internal string Reason { get; } = reason;
}

/// <summary>An instruction that has not been executed yet.</summary>
internal abstract class InstructionExit : ProcessorExit
{
    private Array16<byte> instructionBytes;

    /// <summary>Length, 0 where the hypervisor does not give it.</summary>
    internal byte InstructionLength { get; set; }

    /// <summary>Number of bytes that could be read from the instruction's start on.</summary>
    internal byte InstructionByteCount { get; private set; }

    internal ref readonly Array16<byte> InstructionBytes => ref instructionBytes;

    /// <summary>Sets which instruction it is; none where nothing could be read or decoded.</summary>
    internal void SetInstruction(ReadOnlySpan<byte> bytes, int sizeBytes)
    {
        instructionBytes = default;
        bytes.CopyTo(instructionBytes);
        InstructionByteCount = (byte)bytes.Length;
        InstructionLength = (byte)sizeBytes;
    }
}

/// <summary>IN, OUT, INS or OUTS.</summary>
internal sealed class PortExit : InstructionExit
{
    internal ushort Port { get; set; }

    internal byte SizeBytes { get; set; }

    internal bool IsWrite { get; set; }

    internal bool IsString { get; set; }

    internal bool HasRepeat { get; set; }
}

/// <summary>How memory is accessed.</summary>
internal enum MemoryAccess
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>Written.</summary>
    Write,

    /// <summary>Executed.</summary>
    Execute,
}

/// <summary>An access that no memory backs, or a write to read-only memory.</summary>
internal sealed class MemoryExit : InstructionExit
{
    internal ulong Gpa { get; set; }

    internal MemoryAccess Access { get; set; }

    /// <summary>Linear address of the access, null where it is not known.</summary>
    internal ulong? Gva { get; set; }
}

/// <summary>RDMSR or WRMSR that user space has to answer.</summary>
internal sealed class MsrExit : InstructionExit
{
    internal uint Index { get; set; }

    /// <summary>Value that a write gives.</summary>
    internal ulong Value { get; set; }

    internal bool IsWrite { get; set; }

    /// <summary>Whether the processor knows the MSR: an intercept asked for the exit.</summary>
    internal bool IsIntercepted { get; set; }
}

/// <summary>CPUID that is intercepted.</summary>
internal sealed class CpuidExit : InstructionExit
{
    /// <summary>What it would give.</summary>
    internal CpuidEntry Result { get; set; }
}

/// <summary>A call of the hypervisor.</summary>
internal sealed class HypercallExit : InstructionExit;

/// <summary>An exception that debugging intercepts; not delivered.</summary>
internal sealed class ExceptionExit : InstructionExit
{
    internal byte Vector { get; set; }

    internal ulong Parameter { get; set; }

    /// <summary>Its error code; null where it has none, or the engine does not know it.</summary>
    internal uint? ErrorCode { get; set; }
}
