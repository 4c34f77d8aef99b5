using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Vtl;

/// <summary><c>/dev/mshv</c> of the driver for virtual trust levels (<c>mshv_vtl</c>), which a paravisor in VTL2 uses; x86-64.</summary>
public sealed class VtlDevice : IDisposable
{
    private VtlDevice(DeviceHandle handle) => Handle = handle;

    /// <summary>The descriptor.</summary>
    public DeviceHandle Handle { get; }

    /// <summary>Opens the device.</summary>
    /// <param name="path">Path of the device node.</param>
    /// <param name="systemCalls">System calls; null for this machine's.</param>
    /// <returns>The device, which the caller disposes.</returns>
    /// <exception cref="MshvUnavailableException">The device cannot be used, or is that of the root partition.</exception>
    public static VtlDevice Open(string path = Requests.DeviceNode, ISystemCalls? systemCalls = null)
    {
        systemCalls ??= LinuxSystemCalls.Instance;
        DeviceHandle handle = new(systemCalls, DeviceNode.Open(systemCalls, path));
        IoctlResult check = DeviceIoctls.MSHV_CHECK_EXTENSION(handle, (uint)Constants.MSHV_CAP_CORE_API_STABLE);
        if (check.Errno == Errno.ENOTTY)
        {
            handle.Dispose();
            throw new MshvUnavailableException(
                MshvUnavailableReason.OtherAbi, $"Opening {path}", check.Errno,
                "This is not the driver for virtual trust levels; see MshvDevice.");
        }

        return new VtlDevice(handle);
    }

    /// <summary>Asks for a capability.</summary>
    /// <param name="capability"><c>MSHV_CAP_*</c>.</param>
    /// <returns>The driver's answer; null for a capability that it does not know.</returns>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public int? GetCapability(int capability)
    {
        IoctlResult result = DeviceIoctls.MSHV_CHECK_EXTENSION(Handle, (uint)capability);
        return result.IsSuccess ? result.Value
            : result.Errno == Errno.EOPNOTSUPP ? null
            : throw new HypervisorException($"Asking for the capability {capability}", result.Errno);
    }

    /// <summary>Opens the lower trust level.</summary>
    /// <returns>The trust level, which the caller disposes.</returns>
    /// <exception cref="HypervisorException">The kernel refused.</exception>
    public LowerVtl CreateVtl()
    {
        IoctlResult result = DeviceIoctls.MSHV_CREATE_VTL(new UninterruptedDescriptor(Handle));
        return result.IsSuccess
            ? new LowerVtl(new VtlHandle(Handle, result.Value))
            : throw new HypervisorException("Opening the lower trust level", result.Errno);
    }

    /// <summary>Closes the device, once the trust level is closed.</summary>
    public void Dispose() => Handle.Dispose();
}
