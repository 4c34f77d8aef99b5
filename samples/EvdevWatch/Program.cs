using System.Runtime.InteropServices;
using System.Text;
using EvdevWatch.Uapi;
using Microsoft.Win32.SafeHandles;

// Without arguments: the input devices with their names. With one, such as /dev/input/event3: its events until it goes.
const int NameBytes = 256;
try
{
    string[] devices = Directory.Exists("/dev/input") ? Directory.GetFiles("/dev/input", "event*") : [];
    if (args.Length == 0 && devices.Length == 0)
    {
        Console.WriteLine("There is no input device.");
    }

    foreach (string device in args.Length > 0 ? args : [.. devices.Order(StringComparer.Ordinal)])
    {
        using SafeFileHandle file = File.OpenHandle(device);
        Describe(device, file);
        if (args.Length > 0)
        {
            Watch(file);
        }
    }

    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 1;
}

static void Describe(string device, SafeFileHandle file)
{
    Fd descriptor = new((int)file.DangerousGetHandle());
    Span<byte> name = stackalloc byte[NameBytes];
    IoctlResult named = FdIoctls.EVIOCGNAME(descriptor, name);
    if (!named.IsSuccess)
    {
        throw new IOException($"{device} is no input device: {Marshal.GetPInvokeErrorMessage(named.Errno)}");
    }

    // The kernel gives the length with the zero that ends the name.
    string text = Encoding.UTF8.GetString(name[..Math.Max(named.Value - 1, 0)]);
    string identity = FdIoctls.EVIOCGID(descriptor, out input_id id).IsSuccess ? $"{id.vendor:x4}:{id.product:x4}" : "";
    Console.WriteLine($"{device}  {identity}  {text}");
    GC.KeepAlive(file);
}

static void Watch(SafeFileHandle file)
{
    using FileStream stream = new(file, FileAccess.Read, bufferSize: 0);
    input_event happened = default;
    Span<byte> bytes = MemoryMarshal.AsBytes(new Span<input_event>(ref happened));
    try
    {
        while (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
        {
            Console.WriteLine($"{TypeName(happened.type)} code {happened.code} value {happened.value}");
        }
    }
    catch (IOException gone) when (gone.HResult == Constants.ENODEV)
    {
        // Its end: the device is no more.
    }
}

static string TypeName(ushort type) => (int)type switch
{
    Constants.EV_SYN => "synchronized",
    Constants.EV_KEY => "key",
    Constants.EV_REL => "relative",
    Constants.EV_ABS => "absolute",
    Constants.EV_MSC => "other",
    Constants.EV_SW => "switch",
    Constants.EV_LED => "light",
    _ => $"type {type}",
};
