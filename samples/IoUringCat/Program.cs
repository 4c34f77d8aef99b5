using System.ComponentModel;
using IoUringCat;
using Microsoft.Win32.SafeHandles;

// Prints files, read through io_uring. The types and numbers are those that uapi.txt asks for.
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: IoUringCat FILE...");
    return 2;
}

try
{
    using Ring ring = new(8);
    using Stream output = Console.OpenStandardOutput();
    byte[] buffer = new byte[1 << 16];
    foreach (string path in args)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long offset = 0;
        for (int count; (count = ring.Read(file, buffer, offset)) > 0; offset += count)
        {
            output.Write(buffer, 0, count);
        }
    }

    return 0;
}
catch (Exception fault) when (fault is Win32Exception or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 1;
}
