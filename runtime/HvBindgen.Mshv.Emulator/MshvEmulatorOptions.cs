using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Devices;

namespace HvBindgen.Mshv.Emulator;

/// <summary>How an emulated device is set up.</summary>
public sealed record MshvEmulatorOptions
{
    /// <summary>Path that opens the emulated device; any other path is opened by the system.</summary>
    public string Path { get; init; } = Requests.DeviceNode;

    /// <summary>
    /// What executes guest code. The environment variable <see cref="MshvDeviceOptions.BackendVariable"/> comes first where it is
    /// <c>software</c>.
    /// </summary>
    public MshvEngine Engine { get; init; } = MshvEngine.Auto;

    /// <summary>
    /// Told, once each, of everything that the emulator refuses although the hypervisor could do it. Standard error by default.
    /// </summary>
    public Action<string> OnRefusal { get; init; } = Console.Error.WriteLine;
}
