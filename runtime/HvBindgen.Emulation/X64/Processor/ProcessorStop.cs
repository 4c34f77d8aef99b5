namespace HvBindgen.Emulation.X64.Processor;

/// <summary>Why a processor has stopped carrying out instructions.</summary>
internal enum ProcessorStop
{
    /// <summary>It has carried out as many as it was to.</summary>
    Limit,

    /// <summary>Somebody asked for its attention.</summary>
    Attention,

    /// <summary>HLT has been carried out.</summary>
    Halt,

    /// <summary>MWAIT has been carried out behind MONITOR: a moment may pass until the next instruction.</summary>
    Wait,

    /// <summary>A triple fault.</summary>
    Shutdown,

    /// <summary>The bus did not answer an access. The instruction, or the delivery of the event, has not happened.</summary>
    Unanswered,

    /// <summary>The code lies where no memory is, or in memory that forbids execution, or a page table where no memory is. The instruction
    /// has not happened.</summary>
    NoMemory,

    /// <summary>An access to a model-specific register is for whoever runs the processor. The instruction has not happened.</summary>
    Msr,

    /// <summary>CPUID, for whoever runs the processor. The instruction has not happened.</summary>
    Identification,

    /// <summary>VMCALL, for whoever runs the processor. The instruction has not happened.</summary>
    Hypercall,

    /// <summary>An exception that whoever runs the processor intercepts. It has not been delivered.</summary>
    Exception,

    /// <summary>An instruction, or a way to deliver an event, that is not carried out in software.</summary>
    Unsupported,

    /// <summary>The processor can take an interrupt, and somebody wants to know.</summary>
    InterruptWindow,
}
