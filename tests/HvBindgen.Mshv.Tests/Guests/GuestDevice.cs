using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Tests.Guests;

/// <summary>The device that guests run on: the emulated one, or, where tests/RealDriver says so, the driver of Linux.</summary>
internal static class GuestDevice
{
    /// <summary>Whether this is a machine of tests/RealDriver. Any other /dev/mshv is somebody's.</summary>
    internal static bool IsDriver { get; } = Environment.GetEnvironmentVariable("HVBINDGEN_REAL_DRIVER") == "1";

    /// <summary>Opens the device.</summary>
    /// <param name="emulator">Emulated device, where guests run on that.</param>
    internal static MshvDevice Open(MshvEmulator emulator) => MshvDevice.Open(new MshvDeviceOptions
    {
        SystemCalls = IsDriver ? LinuxSystemCalls.Instance : emulator,
        Backend = MshvBackend.Device,
    });
}
