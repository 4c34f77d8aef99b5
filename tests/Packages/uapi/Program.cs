using System.Runtime.InteropServices;
using Stranger.Uapi;
using static Stranger.Uapi.Constants;

// What a stranger gets for the names in uapi.txt, called on the running kernel.
string path = Environment.ProcessPath!;
byte[] name = [.. System.Text.Encoding.UTF8.GetBytes(path), 0];
unsafe
{
    statx found;
    nint result;
    fixed (byte* bytes = name)
    {
        result = LibC.SystemCall(__NR_statx, AT_FDCWD, (nint)bytes, 0, (nint)STATX_SIZE, (nint)(&found), 0);
    }

    bool isRight = result == 0 && found.stx_size == (ulong)new FileInfo(path).Length;
    uint direct = (uint)O_DIRECT;
    bool isOfMachine = direct == (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x10000u : 0x4000u);

    using FileStream device = File.OpenRead("/dev/null");
    IoctlResult refused = FdIoctls.EVIOCGVERSION(new Fd((int)device.SafeFileHandle.DangerousGetHandle()), out int version);
    Console.WriteLine($"statx: {isRight}, O_DIRECT: {isOfMachine}, input_event: {sizeof(input_event)} bytes, "
        + $"not an input device: errno {refused.Errno}, internal: {!typeof(input_event).IsPublic}, vfio {VFIO_API_VERSION}, "
        + $"gpio: {sizeof(gpio_v2_line_request)} bytes");
    return isRight && isOfMachine && version == 0 ? 0 : 1;
}

internal static unsafe partial class LibC
{
    [LibraryImport("libc", EntryPoint = "syscall")]
    internal static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);
}
