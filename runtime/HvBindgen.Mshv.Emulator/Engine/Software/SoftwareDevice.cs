using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Processors in software: needs no device of the host.</summary>
internal sealed class SoftwareDevice : IEngineDevice
{
    private readonly Func<ulong> clockFrequency;
    private readonly RunStatistics statistics;

    private SoftwareDevice(Func<ulong> clockFrequency, RunStatistics statistics)
    {
        this.clockFrequency = clockFrequency;
        this.statistics = statistics;
    }

    /// <summary>Whether this process is one that it was tried in.</summary>
    internal static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public CpuidEntry[] SupportedCpuid { get; } = SoftwareCpuid.Build();

    public int XsaveSizeBytes => SoftwareStoredState.AreaBytes;

    /// <summary>Makes the device.</summary>
    /// <param name="clockFrequency">Frequency of the guests' time-stamp counter, in hertz.</param>
    /// <param name="statistics">Takes the time that processors spend.</param>
    /// <exception cref="PlatformNotSupportedException">The process is of another architecture.</exception>
    internal static SoftwareDevice Open(Func<ulong> clockFrequency, RunStatistics statistics) => IsSupported
        ? new SoftwareDevice(clockFrequency, statistics)
        : throw new PlatformNotSupportedException("The emulated /dev/mshv needs an x86-64 process.");

    public int CreateMachine(bool hasApic, bool hasX2Apic, out IMachineEngine? machine)
    {
        machine = new SoftwareMachine(hasApic, new GuestClock(clockFrequency()), statistics);
        return 0;
    }

    public void Dispose()
    {
    }
}
