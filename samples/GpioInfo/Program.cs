using System.Runtime.InteropServices;
using System.Text;
using GpioInfo.Uapi;
using Microsoft.Win32.SafeHandles;

// Every GPIO chip with its lines: name, who uses it, direction.
try
{
    string[] chips = Directory.Exists("/dev") ? Directory.GetFiles("/dev", "gpiochip*") : [];
    if (chips.Length == 0)
    {
        Console.WriteLine("There is no GPIO chip.");
    }

    foreach (string path in chips.Order(StringComparer.Ordinal))
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        Show(path, new Fd((int)file.DangerousGetHandle()));
        GC.KeepAlive(file);
    }

    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 1;
}

static void Show(string path, Fd chip)
{
    Require(FdIoctls.GPIO_GET_CHIPINFO_IOCTL(chip, out gpiochip_info info), path);
    Console.WriteLine($"{path}  {Text(info.name)}  {Text(info.label)}  {info.lines} lines");
    for (uint offset = 0; offset < info.lines; offset++)
    {
        gpio_v2_line_info line = new() { offset = offset };
        Require(FdIoctls.GPIO_V2_GET_LINEINFO_IOCTL(chip, ref line), path);
        gpio_v2_line_flag flags = (gpio_v2_line_flag)line.flags;
        string direction = flags.HasFlag(gpio_v2_line_flag.GPIO_V2_LINE_FLAG_OUTPUT) ? "output" : "input";
        string user = flags.HasFlag(gpio_v2_line_flag.GPIO_V2_LINE_FLAG_USED) ? $"used by {Text(line.consumer)}" : "free";
        Console.WriteLine($"  {offset,3}  {Text(line.name),-20}  {direction,-6}  {user}");
    }
}

static void Require(IoctlResult result, string path)
{
    if (!result.IsSuccess)
    {
        throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(result.Errno)}");
    }
}

// Names end with a zero, or with the array.
static string Text(ReadOnlySpan<byte> name)
{
    int end = name.IndexOf((byte)0);
    return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
}
