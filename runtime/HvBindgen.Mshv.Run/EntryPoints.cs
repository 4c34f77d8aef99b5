using System.Runtime.InteropServices;
using System.Text;
using HvBindgen.Abi;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Emulator;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Run;

/// <summary>The emulated device for a program in another language: what <c>native/files.c</c> calls.</summary>
/// <remarks>
/// A file is the number that the emulated device gave. Every function answers as a system call does, with a negated error number in place
/// of an error. None lets an exception out: there is no managed code above them that could take it.
/// </remarks>
internal static unsafe class EntryPoints
{
    private static readonly MshvEmulator Device = new(new MshvEmulatorOptions { OnRefusal = Report });
    private static delegate* unmanaged<byte*, nuint, void> Writer;

    /// <summary>Where the device is found.</summary>
    /// <param name="report">Takes what the emulated device has to say: text in UTF-8 and its length, valid during the call.</param>
    /// <returns>Path of the device, which ends with a zero and is valid for ever.</returns>
    [UnmanagedCallersOnly(EntryPoint = "hvbindgen_mshv_start")]
    private static byte* Start(delegate* unmanaged<byte*, nuint, void> report)
    {
        Writer = report;
        return (byte*)Marshal.StringToCoTaskMemUTF8(Requests.DeviceNode);
    }

    /// <summary>Opens the device.</summary>
    /// <param name="flags"><c>O_*</c> of the caller.</param>
    /// <returns>A file, or an error.</returns>
    [UnmanagedCallersOnly(EntryPoint = "hvbindgen_mshv_open")]
    private static int Open(int flags)
    {
        try
        {
            return (int)ValueOf(Device.Open(Requests.DeviceNode, flags));
        }
        catch (PlatformNotSupportedException exception)
        {
            Report(exception.Message);
            return -Errno.ENODEV;
        }
        catch (Exception exception)
        {
            return Failure(exception);
        }
    }

    /// <summary>Which kind of file a request makes.</summary>
    /// <param name="kind">Kind of the file that takes the request; that of the device is 0.</param>
    /// <param name="request">Request.</param>
    /// <returns>A kind, or 0 when it makes none.</returns>
    [UnmanagedCallersOnly(EntryPoint = "hvbindgen_mshv_creates")]
    private static int Creates(int kind, uint request) => (int)(Requests.All.Find((DescriptorKind)kind, request)?.Creates ?? 0);

    /// <summary>Makes a request.</summary>
    /// <param name="file">File.</param>
    /// <param name="request">Request.</param>
    /// <param name="argument">Argument.</param>
    /// <param name="blockedSignals">Signals that the caller had blocked, bit 0 for signal 1; all are blocked now.</param>
    /// <returns>The request's result, or an error.</returns>
    [UnmanagedCallersOnly(EntryPoint = "hvbindgen_mshv_ioctl")]
    private static int Ioctl(int file, uint request, void* argument, ulong blockedSignals)
    {
        try
        {
            IoctlResult result = Device.Ioctl(file, request, argument, blockedSignals);
            return result.IsSuccess ? result.Value : -result.Errno;
        }
        catch (Exception exception)
        {
            return Failure(exception);
        }
    }

    /// <summary>Maps a part of a file.</summary>
    /// <returns>The address, or an error.</returns>
    [UnmanagedCallersOnly(EntryPoint = "hvbindgen_mshv_map")]
    private static nint Map(void* address, nuint sizeBytes, int protection, int flags, int file, long offsetBytes)
    {
        try
        {
            return ValueOf(Device.Map(address, sizeBytes, protection, flags, file, offsetBytes));
        }
        catch (Exception exception)
        {
            return Failure(exception);
        }
    }

    /// <summary>Unmaps memory of which a part may be of a file.</summary>
    /// <returns>0, or an error.</returns>
    [UnmanagedCallersOnly(EntryPoint = "hvbindgen_mshv_unmap")]
    private static int Unmap(void* address, nuint sizeBytes)
    {
        try
        {
            return (int)ValueOf(Device.Unmap(address, sizeBytes));
        }
        catch (Exception exception)
        {
            return Failure(exception);
        }
    }

    /// <summary>Closes a file, of which no descriptor is left.</summary>
    /// <returns>0, or an error.</returns>
    [UnmanagedCallersOnly(EntryPoint = "hvbindgen_mshv_close")]
    private static int Close(int file)
    {
        try
        {
            return (int)ValueOf(Device.Close(file));
        }
        catch (Exception exception)
        {
            return Failure(exception);
        }
    }

    private static nint ValueOf(SystemCallResult result) => result.IsSuccess ? result.Value : -result.Errno;

    private static int Failure(Exception exception)
    {
        Report($"emulated /dev/mshv: a fault of the emulator's own, please report it: {exception}");
        return -Errno.EIO;
    }

    private static void Report(string text)
    {
        byte[] line = Encoding.UTF8.GetBytes(text + "\n");
        fixed (byte* start = line)
        {
            Writer(start, (nuint)line.Length);
        }
    }
}
