using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using Uapi;

// Asks the running kernel one question through generated bindings: "random" or "vfio".
string device = args[0] == "vfio" ? "/dev/vfio/vfio" : "/dev/urandom";
using SafeFileHandle handle = File.OpenHandle(device, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
Fd fd = new((int)handle.DangerousGetHandle());

if (args[0] == "vfio")
{
    IoctlResult version = FdIoctls.VFIO_GET_API_VERSION(fd);
    Console.WriteLine($"vfio API version: {version.Value}, errno {version.Errno}");
    return version.Errno;
}

IoctlResult result = FdIoctls.RNDGETENTCNT(fd, out int bits);
Console.WriteLine(result.IsSuccess ? $"entropy count: {bits} bits" : $"errno {result.Errno}");
return result.Errno;
