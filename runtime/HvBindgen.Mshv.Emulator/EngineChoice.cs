using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator.Engine;
using HvBindgen.Mshv.Emulator.Engine.Kvm;
using HvBindgen.Mshv.Emulator.Engine.Software;
using HvBindgen.Mshv.Emulator.Hypervisor;

namespace HvBindgen.Mshv.Emulator;

/// <summary>Chooses what executes guest code.</summary>
/// <param name="engine">What the program asks for; the environment comes first.</param>
internal sealed class EngineChoice(MshvEngine engine)
{
    private readonly MshvEngine chosen =
        Environment.GetEnvironmentVariable(MshvDeviceOptions.BackendVariable) == MshvDeviceOptions.SoftwareBackend
            ? MshvEngine.Software
            : engine;

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

    private static SoftwareDevice OpenSoftware(Host host) => SoftwareDevice.Open(() => HostProperties.ClockFrequency, host.Statistics);
}
