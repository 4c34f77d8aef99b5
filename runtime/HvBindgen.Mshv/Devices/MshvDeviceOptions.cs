using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Devices;

/// <summary>Which implementation of the device <see cref="MshvDevice.Open"/> takes.</summary>
public enum MshvBackend
{
    /// <summary>The device, and the fallback where there is no device.</summary>
    Auto,

    /// <summary>The device only.</summary>
    Device,

    /// <summary>The fallback only, even where there is a device.</summary>
    Emulator,
}

/// <summary>How to open the device.</summary>
public sealed record MshvDeviceOptions
{
    /// <summary>
    /// Environment variable that overrides <see cref="Backend"/>: <c>auto</c>, <c>device</c>, <c>emulator</c> or <c>software</c>, which is
    /// the emulator on processors in software.
    /// </summary>
    public const string BackendVariable = "HVBINDGEN_MSHV";

    /// <summary>Value of that variable by which emulated processors are in software.</summary>
    internal const string SoftwareBackend = "software";

    /// <summary>Path of the device node.</summary>
    public string Path { get; init; } = Requests.DeviceNode;

    /// <summary>System calls of the device.</summary>
    public ISystemCalls SystemCalls { get; init; } = LinuxSystemCalls.Instance;

    /// <summary>What stands in for the device where there is none, for example an emulator of it; null for nothing.</summary>
    public ISystemCalls? Fallback { get; init; }

    /// <summary>Which of the two to take.</summary>
    public MshvBackend Backend { get; init; } = MshvBackend.Auto;

    /// <summary>Architecture of the guests; null for what the system calls say, this machine's or that of the recording that they
    /// replay.</summary>
    public GuestArchitecture? Architecture { get; init; }
}
