using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Executes one virtual processor's guest code.</summary>
/// <remarks>All members belong, unless they say otherwise, to one thread at a time; the caller holds the processor's lock.</remarks>
internal interface IProcessorEngine : IDisposable
{
    /// <summary>Registers as the processor stopped; changes marked there go in with the next run.</summary>
    ProcessorState State { get; }

    /// <summary>The rest of the processor's state.</summary>
    IStoredState Stored { get; }

    /// <summary>Whether CPUID results that are set now reach the guest.</summary>
    bool TakesCpuid { get; }

    /// <summary>Executes until something happens. Blocks; a signal to the thread ends it.</summary>
    /// <returns>What happened, valid until the next run.</returns>
    ProcessorExit Run();

    /// <summary>What the next instruction cannot be fetched from: a page of it, or a page table on the way there. Some engines take a table
    /// that no memory backs for one that is empty, and so must not meet it.</summary>
    /// <returns>Null when memory backs all of it.</returns>
    MemoryExit? FindUnbackedCode();

    /// <summary>Makes the current or else the next <see cref="Run"/> end as interrupted. May be called from any thread.</summary>
    void Interrupt();

    /// <summary>Answers the MSR access that <see cref="Run"/> ended with, and completes the instruction.</summary>
    /// <param name="value">Value that a read gives.</param>
    /// <param name="faults">Whether the access raises #GP instead.</param>
    void AnswerMsr(ulong value, bool faults);

    /// <summary>Undoes the MSR access that <see cref="Run"/> ended with: the client executes the instruction.</summary>
    void AbandonMsr();

    /// <summary>Answers the hypercall that <see cref="Run"/> ended with: its results are in the registers.</summary>
    /// <param name="faults">Whether the call raises #UD instead.</param>
    void AnswerHypercall(bool faults);

    /// <summary>Forgets translations of linear addresses: when this returns the guest uses none of before. From any thread, where
    /// hypercalls are taken.</summary>
    void ForgetTranslations();

    /// <summary>Starts the processor, if it waits for its start. From any thread, where hypercalls are taken.</summary>
    /// <param name="context">What it starts with.</param>
    /// <returns>False when it does not wait.</returns>
    bool TryStart(in hv_init_vp_context context);

    /// <summary>Delivers an interrupt of an external controller as soon as the guest accepts one.</summary>
    bool TryQueueExternalInterrupt(byte vector);

    /// <summary>Delivers an NMI.</summary>
    bool TryQueueNmi();

    /// <summary>Sets which exceptions end a run: one bit per vector. False when the engine cannot.</summary>
    bool TryInterceptExceptions(uint vectors);

    /// <summary>Asks for an exit as soon as the guest accepts an external interrupt.</summary>
    bool RequestInterruptWindow { get; set; }
}
