namespace HvBindgen.Emulation.X64.Processor;

/// <summary>What a processor asks whoever runs it: what it is, model-specific registers, the time, random numbers, and
/// interrupts.</summary>
internal interface IX64Surroundings
{
    /// <summary>What CPUID gives.</summary>
    /// <param name="function">EAX.</param>
    /// <param name="index">ECX.</param>
    X64Identification Identify(uint function, uint index);

    /// <summary>Whether CPUID stops the processor instead.</summary>
    /// <param name="function">EAX.</param>
    bool InterceptsIdentification(uint function) => false;

    /// <summary>Reads a model-specific register.</summary>
    MsrAnswer ReadMsr(uint index, out ulong value);

    /// <summary>Writes a model-specific register.</summary>
    MsrAnswer WriteMsr(uint index, ulong value);

    /// <summary>Whether VMCALL stops the processor; elsewhere it is no instruction.</summary>
    bool TakesHypercalls => false;

    /// <summary>The time-stamp counter.</summary>
    ulong TimestampCounter { get; }

    /// <summary>IA32_TSC_AUX.</summary>
    uint TimestampAux { get; }

    /// <summary>A number that RDRAND or RDSEED gives.</summary>
    ulong NextRandom();

    /// <summary>Told that the guest has written CR8; its value is in the state.</summary>
    void OnTaskPriority();

    /// <summary>Takes the interrupt that is to be delivered next.</summary>
    /// <param name="vector">Its vector.</param>
    /// <returns>False when there is none that may interrupt at the task priority.</returns>
    bool TryTakeInterrupt(out byte vector);
}

/// <summary>What one function of CPUID gives.</summary>
internal readonly record struct X64Identification(uint Eax, uint Ebx, uint Ecx, uint Edx);

/// <summary>What becomes of an access to a model-specific register.</summary>
internal enum MsrAnswer
{
    /// <summary>It has been made.</summary>
    Done,

    /// <summary>It raises #GP.</summary>
    Fault,

    /// <summary>The processor stops in front of the instruction.</summary>
    Stop,
}
