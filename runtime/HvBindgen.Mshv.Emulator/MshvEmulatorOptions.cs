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

    /// <summary>The time that guests see. Any but the host's needs processors in software.</summary>
    public MshvClock Clock { get; init; } = MshvClock.Host;

    /// <summary>
    /// What begins the random numbers that RDRAND and RDSEED give, the same in every partition; null for the host's, which nobody can
    /// tell beforehand. Needs processors in software. A machine that is restored begins anew.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>
    /// Told, once each, of everything that the emulator refuses although the hypervisor could do it. Standard error by default.
    /// </summary>
    public Action<string> OnRefusal { get; init; } = Console.Error.WriteLine;
}
