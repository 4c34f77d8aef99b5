using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SerialConsole;

/// <summary>The terminal without line editing and echo, so that every key reaches the guest at once; put back by disposing.</summary>
/// <remarks>
/// Where input is no terminal, nothing is changed. Nobody can put the terminal back after SIGKILL; "stty sane" does it by hand then.
/// </remarks>
internal sealed unsafe partial class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int SetNow = 0; // TCSANOW: keys that were typed early are kept

    // struct termios of glibc and musl on x86-64 and arm64: four words of flags, a byte, then the special characters.
    private const int TermiosBytes = 128;
    private const int InputFlags = 0;
    private const int OutputFlags = 4;
    private const int LocalFlags = 12;
    private const int SpecialCharacters = 17;
    private const int TimeCharacter = 5;
    private const int MinimumCharacter = 6;
    private const int SuspendCharacter = 10;

    private const uint Signals = 0x1;
    private const uint Canonical = 0x2;
    private const uint Echo = 0x8;
    private const uint Extended = 0x8000;
    private const uint FlowControl = 0x400;
    private const uint EnterIsNewline = 0x100;
    private const uint OutputProcessing = 0x1;

    private readonly byte[] saved = new byte[TermiosBytes];
    private readonly byte[] raw = new byte[TermiosBytes];
    private readonly PosixSignalRegistration? continued;
    private bool isRaw;

    /// <summary>Switches the terminal over, if input is one.</summary>
    /// <param name="keepsSignals">Whether Ctrl-C and Ctrl-\ stay what they are, the host's way to end; else they are keys of the
    /// guest.</param>
    public RawTerminal(bool keepsSignals = true)
    {
        if (!TryGet(saved))
        {
            return;
        }

        // An exception that nobody catches ends the process without disposing anything.
        AppDomain.CurrentDomain.UnhandledException += Restore;
        AppDomain.CurrentDomain.ProcessExit += Restore;

        // After "kill -STOP" and "fg" the shell has put back its own settings. So would .NET, hence the cancelling.
        continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, context =>
        {
            context.Cancel = true;
            Apply(raw);
        });
        saved.CopyTo(raw, 0);
        Clear(InputFlags, FlowControl | EnterIsNewline);
        Clear(OutputFlags, OutputProcessing);
        Clear(LocalFlags, Canonical | Echo | Extended | (keepsSignals ? 0 : Signals));
        raw[SpecialCharacters + TimeCharacter] = 0;
        raw[SpecialCharacters + MinimumCharacter] = 1;
        raw[SpecialCharacters + SuspendCharacter] = 0; // Ctrl-Z is a key of the guest
        isRaw = true;
        Apply(raw);
    }

    /// <summary>Whether input is a terminal.</summary>
    public bool IsTerminal => isRaw;

    /// <summary>Puts the terminal back.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= Restore;
        AppDomain.CurrentDomain.ProcessExit -= Restore;
        continued?.Dispose();
        Restore(this, EventArgs.Empty);
    }

    private void Restore(object? sender, EventArgs e)
    {
        lock (saved)
        {
            Apply(saved);
            isRaw = false;
        }
    }

    private void Apply(byte[] settings)
    {
        lock (saved)
        {
            fixed (byte* pointer = settings)
            {
                if (isRaw)
                {
                    _ = SetAttributes(StandardInput, SetNow, pointer); // a terminal that has gone needs nothing any more
                }
            }
        }
    }

    private static bool TryGet(byte[] settings)
    {
        fixed (byte* pointer = settings)
        {
            return GetAttributes(StandardInput, pointer) == 0;
        }
    }

    private void Clear(int offset, uint flags)
    {
        Span<byte> word = raw.AsSpan(offset, sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(word, BinaryPrimitives.ReadUInt32LittleEndian(word) & ~flags);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int fd, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int fd, int when, byte* settings);
}
