using System.Runtime.Intrinsics.X86;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Devices;

/// <summary>Opens the nodes of the device family, and tells apart the reasons why that fails.</summary>
internal static class DeviceNode
{
    internal static int Open(ISystemCalls systemCalls, string path)
    {
        SystemCallResult opened = systemCalls.Open(path, LinuxFlags.OpenReadOnly | LinuxFlags.OpenCloseOnExec);
        return opened.IsSuccess ? (int)opened.Value : throw CannotOpen($"Opening {path}", opened.Errno, RunsOnHypervisorAsGuest());
    }

    internal static MshvUnavailableException CannotOpen(string operation, int errno, bool isGuest) => errno switch
    {
        Errno.ENOENT or Errno.ENODEV or Errno.ENXIO when isGuest => new MshvUnavailableException(
            MshvUnavailableReason.NotRootPartition,
            operation,
            errno,
            "Linux runs here as a guest of the Microsoft hypervisor; only its root partition, or a parent partition, may create "
                + "partitions."),
        Errno.ENOENT or Errno.ENODEV or Errno.ENXIO => new MshvUnavailableException(
            MshvUnavailableReason.NoDevice,
            operation,
            errno,
            "There is no Microsoft hypervisor below this Linux, or its driver is not loaded (modprobe mshv_root). "
                + "With an emulator as Fallback, programs run without it."),
        Errno.EACCES or Errno.EPERM => new MshvUnavailableException(
            MshvUnavailableReason.NoPermission,
            operation,
            errno,
            "The device node belongs to root (mode 0600); run as root, or give this user access with a udev rule."),
        _ => new MshvUnavailableException(MshvUnavailableReason.Other, operation, errno, "The driver or the machine refused."),
    };

    /// <summary>Whether this machine is a partition of the hypervisor that lacks the right to create partitions.</summary>
    private static bool RunsOnHypervisorAsGuest()
    {
        if (!X86Base.IsSupported)
        {
            return false;
        }

        (_, _, int features, _) = X86Base.CpuId(1, 0);
        if ((features & int.MinValue) == 0)
        {
            return false;
        }

        // "Hv#1": the interface of the Microsoft hypervisor, or of another one that shows it to its guests.
        (int signature, _, _, _) = X86Base.CpuId(Constants.HYPERV_CPUID_INTERFACE, 0);
        (_, int privileges, _, _) = X86Base.CpuId(Constants.HYPERV_CPUID_FEATURES, 0);
        return signature == 0x31237648 && ((ulong)privileges & Constants.HV_CREATE_PARTITIONS) == 0;
    }
}
