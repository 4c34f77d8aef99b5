namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Makes machines: what executes guest code on this host.</summary>
internal interface IEngineDevice : IDisposable
{
    /// <summary>CPUID leaves that a guest can be given.</summary>
    CpuidEntry[] SupportedCpuid { get; }

    /// <summary>Size in bytes of a processor's extended state in its standard form.</summary>
    int XsaveSizeBytes { get; }

    /// <summary>Frequency of the guests' time-stamp counter, in hertz.</summary>
    ulong ClockFrequency { get; }

    /// <summary>Creates a machine.</summary>
    /// <param name="hasApic">Whether its processors have local APICs.</param>
    /// <param name="hasX2Apic">Whether those have 32-bit numbers.</param>
    /// <param name="machine">The machine.</param>
    /// <returns>An error number, 0 if none.</returns>
    int CreateMachine(bool hasApic, bool hasX2Apic, out IMachineEngine? machine);
}
