using ExampleDevices;
using Microsoft.Win32.SafeHandles;

namespace SerialConsole;

/// <summary>Types on the guest's serial port: what a script says, or what comes from standard input.</summary>
internal static class InputFeed
{
    /// <summary>Ctrl-], the key that leaves a terminal which has been given to somebody else.</summary>
    public const byte LeavingKey = 0x1d;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    /// <summary>Starts a thread that types until there is no more.</summary>
    /// <param name="script">The script; null for standard input.</param>
    /// <param name="uart">The port.</param>
    /// <param name="leave">Called at <see cref="LeavingKey"/>, which ends the input; null where that is a key as others.</param>
    public static void Start(byte[]? script, Uart16550 uart, Action? leave = null) =>
        new Thread(() => Type(script, uart, leave)) { IsBackground = true, Name = "input" }.Start();

    private static void Type(byte[]? script, Uart16550 uart, Action? leave)
    {
        // Not Console's own stream: that edits lines where input is a terminal.
        using Stream source = script is null
            ? new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0)
            : new MemoryStream(script);
        byte[] buffer = new byte[256];
        try
        {
            for (int count = source.Read(buffer); count > 0; count = source.Read(buffer))
            {
                foreach (byte key in buffer.AsSpan(0, count))
                {
                    if (key == LeavingKey && leave is not null)
                    {
                        leave();
                        return;
                    }

                    // A script waits for the answer before it types on, so that every run is the same.
                    while ((script is not null && !uart.IsWaitedFor) || !uart.TryReceive(key))
                    {
                        Thread.Sleep(Patience);
                    }
                }
            }
        }
        catch (IOException)
        {
            // The terminal has gone, which is the end of input too.
        }

        uart.EndInput();
    }
}
