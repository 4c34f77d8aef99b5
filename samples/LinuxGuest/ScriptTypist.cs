using System.Text;
using ExampleDevices;

namespace LinuxGuest;

/// <summary>Types a script's lines: each when the shell has printed its prompt.</summary>
/// <param name="lines">The lines.</param>
/// <param name="typesAtOnce">Whether a line is typed before the guest goes on from its prompt, and not some time afterwards; one that the
/// port has no room for, of 4 KiB, is cut off.</param>
internal sealed class ScriptTypist(IEnumerable<string> lines, bool typesAtOnce)
{
    private readonly Queue<string> left = new(lines);
    private readonly StringBuilder line = new();

    /// <summary>Set when there is a prompt and no line left for it.</summary>
    public ManualResetEventSlim IsUsedUp { get; } = new();

    /// <summary>The guest has printed a byte.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="serial">Where to type.</param>
    public void OnOutput(byte value, Uart16550 serial)
    {
        if (value is (byte)'\n' or (byte)'\r')
        {
            _ = line.Clear();
            return;
        }

        _ = line.Append((char)value);
        if (line.ToString().EndsWith(GuestFiles.Prompt, StringComparison.Ordinal))
        {
            TypeNext(serial);
        }
    }

    /// <summary>Types the next line.</summary>
    /// <param name="serial">Where to type.</param>
    public void TypeNext(Uart16550 serial)
    {
        if (left.TryDequeue(out string? next))
        {
            // Later, on another thread: the port may be in the middle of a byte, and a guest that reads while it is typed to needs no room.
            if (typesAtOnce)
            {
                TypeAtOnce(next, serial);
            }
            else
            {
                _ = Task.Run(() => Type(next, serial));
            }
        }
        else
        {
            IsUsedUp.Set();
        }
    }

    private static void TypeAtOnce(string text, Uart16550 serial)
    {
        foreach (byte key in KeysOf(text))
        {
            _ = serial.TryReceive(key);
        }
    }

    private static void Type(string text, Uart16550 serial)
    {
        foreach (byte key in KeysOf(text))
        {
            while (!serial.TryReceive(key))
            {
                Thread.Sleep(1);
            }
        }
    }

    private static byte[] KeysOf(string text) => Encoding.UTF8.GetBytes(text + "\r");
}
