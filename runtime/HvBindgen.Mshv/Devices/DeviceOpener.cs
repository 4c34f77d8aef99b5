using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Devices;

/// <summary>Chooses between the device and its fallback, opens it, and tells apart the reasons why that fails.</summary>
internal sealed class DeviceOpener(MshvDeviceOptions options)
{
    internal MshvDevice Open(Func<DeviceHandle, bool, MshvDevice> create)
    {
        MshvBackend backend = BackendOf(Environment.GetEnvironmentVariable(MshvDeviceOptions.BackendVariable));
        if (backend == MshvBackend.Emulator)
        {
            ISystemCalls emulator = options.Fallback ?? throw new InvalidOperationException(
                $"The emulator of the device was asked for, but {nameof(MshvDeviceOptions)}.{nameof(MshvDeviceOptions.Fallback)} is not "
                    + "set.");
            return create(OpenChecked(emulator, options.Path), true);
        }

        try
        {
            return create(OpenChecked(options.SystemCalls, options.Path), false);
        }
        catch (MshvUnavailableException) when (backend == MshvBackend.Auto && options.Fallback is not null)
        {
            return create(OpenChecked(options.Fallback, options.Path), true);
        }
    }

    internal MshvBackend BackendOf(string? variable) => variable switch
    {
        null or "" => options.Backend,
        "auto" => MshvBackend.Auto,
        "device" => MshvBackend.Device,
        "emulator" => MshvBackend.Emulator,

        // An emulator is told by itself: one without a fallback may have it for its device.
        MshvDeviceOptions.SoftwareBackend => options.Fallback is null ? options.Backend : MshvBackend.Emulator,
        _ => throw new InvalidOperationException(
            $"The environment variable {MshvDeviceOptions.BackendVariable} is '{variable}'; it takes auto, device, emulator or software."),
    };

    private static DeviceHandle OpenChecked(ISystemCalls systemCalls, string path)
    {
        string operation = $"Opening {path}";
        DeviceHandle handle = new(systemCalls, DeviceNode.Open(systemCalls, path));
        try
        {
            CheckGeneration(handle, operation);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    // Both requests are invalid on purpose: a driver that knows them says so, and changes nothing.
    private static void CheckGeneration(DeviceHandle handle, string operation)
    {
        IoctlResult create = DeviceIoctls.MSHV_CREATE_PARTITION(handle, new mshv_create_partition { pt_flags = ulong.MaxValue });
        if (create.Errno == Errno.EINVAL)
        {
            return;
        }

        if (create.IsSuccess)
        {
            // Whatever this made is not what was asked for. Its descriptor is closed, and nobody is told that it worked.
            handle.SystemCalls.Close(create.Value);
        }

        bool isVtlDriver = DeviceIoctls.MSHV_CHECK_EXTENSION(handle, (uint)Constants.MSHV_CAP_CORE_API_STABLE).Errno != Errno.ENOTTY;
        throw new MshvUnavailableException(
            MshvUnavailableReason.OtherAbi,
            operation,
            create.Errno,
            isVtlDriver
                ? "The driver for virtual trust levels (mshv_vtl) answers here, which has no partitions; open it as a VtlDevice."
                : "A driver answers that speaks another generation of the interface; this library needs Linux 6.15 or later with "
                    + "mshv_root.");
    }
}
