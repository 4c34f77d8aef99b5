using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interop;
using HvBindgen.Mshv.Partitions;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Devices;

/// <summary><c>/dev/mshv</c>, opened: creates partitions and tells what the host can do.</summary>
/// <remarks>
/// May be used from any thread. A partition keeps the device's descriptor open, so device and partitions may be disposed in any order.
/// The device does not own its partitions: disposing it leaves them running, and only takes away the means to create more.
/// </remarks>
public sealed class MshvDevice : IDisposable
{
    private MshvDevice(DeviceHandle handle, GuestArchitecture architecture, bool isFallback)
    {
        Handle = handle;
        Architecture = architecture;
        IsFallback = isFallback;
        Hypercalls = new DeviceHypercalls(handle);
    }

    /// <summary>The descriptor.</summary>
    public DeviceHandle Handle { get; }

    /// <summary>Architecture of the guests.</summary>
    public GuestArchitecture Architecture { get; }

    /// <summary>Whether <see cref="MshvDeviceOptions.Fallback"/> stands in for the device.</summary>
    public bool IsFallback { get; }

    /// <summary>Hypercalls that ask about the host.</summary>
    public DeviceHypercalls Hypercalls { get; }

    /// <summary>What creating processors has shown.</summary>
    internal HostFindings Findings { get; } = new();

    /// <summary>Opens the device.</summary>
    /// <param name="options">How; null for the device node of this machine.</param>
    /// <returns>The device, which the caller disposes.</returns>
    /// <exception cref="MshvUnavailableException">The device cannot be used, and why.</exception>
    public static MshvDevice Open(MshvDeviceOptions? options = null)
    {
        options ??= new MshvDeviceOptions();
        return new DeviceOpener(options).Open((handle, isFallback) =>
            new MshvDevice(handle, options.Architecture ?? handle.SystemCalls.Architecture, isFallback));
    }

    /// <summary>Asks what the driver and the host can do. Creates an uninitialized partition for the time of the call.</summary>
    /// <returns>A report; what could not be found out is left open in it.</returns>
    /// <exception cref="ObjectDisposedException">The device has been closed.</exception>
    public MshvCapabilities Probe() => CapabilityProbe.Run(this);

    /// <summary>Starts to describe a new partition.</summary>
    /// <returns>A builder with usual settings.</returns>
    public PartitionBuilder CreatePartition() => new(Hypercalls, Handle, Architecture, Findings);

    /// <summary>Gives the device up. Its descriptor is closed when the last partition is, and partitions go on until they are
    /// disposed.</summary>
    public void Dispose() => Handle.Dispose();
}
