using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Engine.Kvm;
using HvBindgen.Mshv.Emulator.Engine.Software;
using HvBindgen.Mshv.Emulator.Hypervisor;

namespace HvBindgen.Mshv.Emulator;

/// <summary>Chooses what executes guest code.</summary>
internal sealed class EngineChoice
{
    private readonly MshvEngine chosen;
    private readonly ulong? instructionsPerSecond;
    private readonly ulong? seed;

    /// <param name="options">What the program asks for; the environment comes first.</param>
    /// <exception cref="ArgumentException">The engine cannot do what is asked for beside it.</exception>
    internal EngineChoice(MshvEmulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Clock);
        bool needsSoftware = options.Clock.InstructionsPerSecond is not null || options.Seed is not null;
        chosen = Environment.GetEnvironmentVariable(MshvDeviceOptions.BackendVariable) == MshvDeviceOptions.SoftwareBackend
            || (needsSoftware && options.Engine == MshvEngine.Auto)
                ? MshvEngine.Software
                : options.Engine;
        instructionsPerSecond = (ulong?)options.Clock.InstructionsPerSecond;
        seed = options.Seed;
        if (needsSoftware && chosen != MshvEngine.Software)
        {
            throw new ArgumentException(
                $"A virtual clock and a seed need processors in software: choose {nameof(MshvEngine)}.{nameof(MshvEngine.Software)}.",
                nameof(options));
        }
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="PlatformNotSupportedException">It cannot be used here; the message names the cause.</exception>
    internal IEngineDevice Open(Host host)
    {
        if (chosen == MshvEngine.Software)
        {
            return OpenSoftware(host);
        }

        try
        {
            return KvmDevice.Open(host.Statistics);
        }
        catch (PlatformNotSupportedException exception) when (chosen == MshvEngine.Auto && SoftwareDevice.IsSupported)
        {
            host.Refusals.Report($"guests run in software, which is slow. {exception.Message}");
            return OpenSoftware(host);
        }
    }

    private SoftwareDevice OpenSoftware(Host host) => SoftwareDevice.Open(instructionsPerSecond, seed, host.Statistics);
}
