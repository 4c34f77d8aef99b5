namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Executes one virtual processor's guest code.</summary>
/// <remarks>All members but <see cref="Interrupt"/> belong to one thread at a time; the caller holds the processor's lock.</remarks>
internal interface IProcessorEngine : IDisposable
{
    /// <summary>Registers as the processor stopped; changes marked there go in with the next run.</summary>
    ProcessorState State { get; }

    /// <summary>Whether the processor has executed anything yet.</summary>
    bool HasRun { get; }

    /// <summary>Executes until something happens. Blocks; a signal to the thread ends it.</summary>
    /// <param name="exit">What happened.</param>
    void Run(out ProcessorExit exit);

    /// <summary>Makes the current or else the next <see cref="Run"/> end as interrupted. May be called from any thread.</summary>
    void Interrupt();

    /// <summary>Answers the MSR access that <see cref="Run"/> ended with, and completes the instruction.</summary>
    /// <param name="value">Value that a read gives.</param>
    /// <param name="faults">Whether the access raises #GP instead.</param>
    void AnswerMsr(ulong value, bool faults);

    /// <summary>Undoes the MSR access that <see cref="Run"/> ended with: the client executes the instruction.</summary>
    void AbandonInstruction();

    /// <summary>Reads an MSR.</summary>
    bool TryReadMsr(uint index, out ulong value);

    /// <summary>Writes an MSR.</summary>
    bool TryWriteMsr(uint index, ulong value);

    /// <summary>Reads the legacy x87 and SSE state, in the layout of FXSAVE (512 bytes).</summary>
    void ReadFxState(Span<byte> area);

    /// <summary>Writes the legacy x87 and SSE state.</summary>
    bool TryWriteFxState(ReadOnlySpan<byte> area);

    /// <summary>Size in bytes of the extended state in its standard (not compacted) form.</summary>
    int XsaveSizeBytes { get; }

    /// <summary>Reads the extended state in its standard form.</summary>
    void ReadXsave(Span<byte> area);

    /// <summary>Writes the extended state in its standard form.</summary>
    bool TryWriteXsave(ReadOnlySpan<byte> area);

    /// <summary>XCR0.</summary>
    ulong ReadXcr0();

    /// <summary>Sets XCR0.</summary>
    bool TryWriteXcr0(ulong value);

    /// <summary>DR0 to DR3, DR6, DR7.</summary>
    void ReadDebugRegisters(Span<ulong> registers);

    /// <summary>Sets DR0 to DR3, DR6, DR7.</summary>
    bool TryWriteDebugRegisters(ReadOnlySpan<ulong> registers);

    /// <summary>Reads the local APIC's registers: 1024 bytes, as the memory-mapped page starts.</summary>
    bool TryReadApic(Span<byte> page);

    /// <summary>Writes the local APIC's registers.</summary>
    bool TryWriteApic(ReadOnlySpan<byte> page);

    /// <summary>Whether the processor waits for INIT and SIPI, or is halted.</summary>
    ProcessorActivity Activity { get; set; }

    /// <summary>Delivers an interrupt of an external controller as soon as the guest accepts one.</summary>
    bool TryQueueExternalInterrupt(byte vector);

    /// <summary>Delivers an NMI.</summary>
    bool TryQueueNmi();

    /// <summary>Replaces the CPUID table.</summary>
    bool TrySetCpuid(ReadOnlySpan<CpuidEntry> entries);

    /// <summary>Translates a linear address with the current paging, without any check of access rights.</summary>
    bool TryTranslate(ulong linearAddress, out ulong gpa);

    /// <summary>Sets which exceptions end a run: one bit per vector. False when the engine cannot.</summary>
    bool TryInterceptExceptions(uint vectors);

    /// <summary>Asks for an exit as soon as the guest accepts an external interrupt.</summary>
    bool RequestInterruptWindow { get; set; }
}

/// <summary>What a processor does when it does not execute instructions.</summary>
internal enum ProcessorActivity
{
    /// <summary>Executes.</summary>
    Running,

    /// <summary>After HLT.</summary>
    Halted,

    /// <summary>Waits for INIT and SIPI.</summary>
    WaitingForStartup,
}

/// <summary>One leaf of CPUID.</summary>
internal record struct CpuidEntry(uint Function, uint Index, bool HasIndex, uint Eax, uint Ebx, uint Ecx, uint Edx);
