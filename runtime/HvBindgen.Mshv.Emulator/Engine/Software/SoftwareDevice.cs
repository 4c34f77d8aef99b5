using System.Runtime.InteropServices;

namespace HvBindgen.Mshv.Emulator.Engine.Software;

/// <summary>Processors in software: needs no device of the host.</summary>
internal sealed class SoftwareDevice : IEngineDevice
{
    private readonly ulong? instructionsPerSecond;
    private readonly ulong? seed;
    private readonly RunStatistics statistics;

    private SoftwareDevice(ulong? instructionsPerSecond, ulong? seed, RunStatistics statistics)
    {
        this.instructionsPerSecond = instructionsPerSecond;
        this.seed = seed;
        this.statistics = statistics;
    }

    /// <summary>Whether this process is one that it was tried in.</summary>
    internal static bool IsSupported => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public CpuidEntry[] SupportedCpuid { get; } = SoftwareCpuid.Build();

    public int XsaveSizeBytes => SoftwareStoredState.AreaBytes;

    public ulong ClockFrequency => CreateClock().Frequency;

    /// <summary>Makes the device.</summary>
    /// <param name="instructionsPerSecond">Rate of the machines' clocks; null for the host's.</param>
    /// <param name="seed">Seed of random numbers; null for the host's.</param>
    /// <param name="statistics">Takes the time that processors spend.</param>
    /// <exception cref="PlatformNotSupportedException">The process is of another architecture.</exception>
    internal static SoftwareDevice Open(ulong? instructionsPerSecond, ulong? seed, RunStatistics statistics) => IsSupported
        ? new SoftwareDevice(instructionsPerSecond, seed, statistics)
        : throw new PlatformNotSupportedException("The emulated /dev/mshv needs an x86-64 or arm64 process.");

    public int CreateMachine(bool hasApic, bool hasX2Apic, out IMachineEngine? machine)
    {
        machine = new SoftwareMachine(hasApic, CreateClock(), seed, statistics);
        return 0;
    }

    public void Dispose()
    {
    }

    private MachineClock CreateClock() => instructionsPerSecond is { } rate ? new VirtualClock(rate) : HostClock.Instance;
}
