using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>
/// What of a processor's state an engine keeps to itself and gives or takes only when asked: each access costs a request.
/// </summary>
/// <remarks>All members belong to one thread at a time; the caller holds the processor's lock.</remarks>
internal interface IStoredState
{
    /// <summary>Reads an MSR.</summary>
    bool TryReadMsr(uint index, out ulong value);

    /// <summary>Writes an MSR.</summary>
    bool TryWriteMsr(uint index, ulong value);

    /// <summary>Writes MSRs in their order, up to one that cannot be written.</summary>
    /// <returns>How many were written.</returns>
    int WriteMsrs(ReadOnlySpan<(uint Index, ulong Value)> values);

    /// <summary>Reads the x87 and SSE state.</summary>
    void ReadFxState(out FxsaveArea area);

    /// <summary>Writes the x87 and SSE state.</summary>
    bool TryWriteFxState(in FxsaveArea area);

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

    /// <summary>Replaces the CPUID table.</summary>
    bool TrySetCpuid(ReadOnlySpan<CpuidEntry> entries);
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
