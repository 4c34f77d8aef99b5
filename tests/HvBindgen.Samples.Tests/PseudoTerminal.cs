using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace HvBindgen.Samples.Tests;

/// <summary>A terminal with a program in it, which is the leader of its session: keys and signals reach it as in a window.</summary>
internal sealed unsafe partial class PseudoTerminal : IDisposable
{
    private const int ReadWriteNoControl = 0x102; // O_RDWR | O_NOCTTY
    private const int TermiosBytes = 60;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    private readonly FileStream master;
    private readonly SafeFileHandle slave;
    private readonly Process process;
    private readonly StringBuilder output = new();

    /// <summary>Starts a program.</summary>
    /// <param name="program">Path of the program.</param>
    /// <param name="redirection">What the shell adds: where output goes instead of the terminal.</param>
    internal PseudoTerminal(string program, string redirection = "")
    {
        int fd = OpenMaster(ReadWriteNoControl);
        Assert.True(fd >= 0 && Grant(fd) == 0 && Unlock(fd) == 0, "No pseudo-terminal.");
        byte* name = stackalloc byte[64];
        Assert.Equal(0, NameOfSlave(fd, name, 64));
        string path = Marshal.PtrToStringUTF8((nint)name)!;
        master = new FileStream(new SafeFileHandle(fd, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);

        // Held open, so that its settings can be read after the program has gone.
        slave = new SafeFileHandle(Open(path, ReadWriteNoControl), ownsHandle: true);
        Assert.False(slave.IsInvalid);
        Before = Settings();
        string command = $"exec < {path} > {path} 2>&1; exec setsid --ctty --wait sh -c 'echo $$; exec {program} {redirection}'";
        process = new ChildProgram("sh", "-c", command).Start();
        new Thread(ReadOutput) { IsBackground = true }.Start();
        WaitFor("\n");
        ProgramId = int.Parse(Output.AsSpan(0, Output.IndexOf('\r', StringComparison.Ordinal)));
    }

    /// <summary>Settings of the terminal before the program started.</summary>
    internal byte[] Before { get; }

    /// <summary>Process id of the program.</summary>
    internal int ProgramId { get; }

    /// <summary>What has been printed so far.</summary>
    internal string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Settings of the terminal now: the bytes of <c>struct termios</c>.</summary>
    internal byte[] Settings()
    {
        byte[] settings = new byte[256];
        fixed (byte* pointer = settings)
        {
            Assert.Equal(0, GetAttributes((int)slave.DangerousGetHandle(), pointer));
        }

        return settings[..TermiosBytes];
    }

    /// <summary>Changes the settings of the terminal.</summary>
    internal void Set(byte[] settings)
    {
        fixed (byte* pointer = settings)
        {
            Assert.Equal(0, SetAttributes((int)slave.DangerousGetHandle(), 0, pointer));
        }
    }

    /// <summary>Presses keys.</summary>
    internal void Type(string keys) => master.Write(Encoding.ASCII.GetBytes(keys));

    /// <summary>Sends a signal to the program.</summary>
    internal void Signal(int number) => Assert.Equal(0, Kill(ProgramId, number));

    /// <summary>Waits until something has been printed.</summary>
    internal void WaitFor(string text) => WaitUntil(() => Output.Contains(text, StringComparison.Ordinal), $"'{text}' in the output");

    /// <summary>Waits until something has become true.</summary>
    internal void WaitUntil(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeLimit, $"No {what}. Output: {Output}");
            Thread.Sleep(5);
        }
    }

    /// <summary>Waits for the program's end.</summary>
    /// <returns>Its exit code; 128 and more for a signal.</returns>
    internal int WaitForExit()
    {
        Assert.True(process.WaitForExit(TimeLimit), $"The program did not end. Output: {Output}");
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        slave.Dispose(); // with the last descriptor of the other side gone, the reader's call returns
        master.Dispose();
    }

    private void ReadOutput()
    {
        byte[] buffer = new byte[1024];
        try
        {
            for (int count = master.Read(buffer); count > 0; count = master.Read(buffer))
            {
                lock (output)
                {
                    output.Append(Encoding.ASCII.GetString(buffer, 0, count));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // EIO: nobody has the other side open any more.
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int fd);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int fd);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int NameOfSlave(int fd, byte* name, nuint sizeBytes);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int fd, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int fd, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
