using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Running;

/// <summary>The signal that makes a processor's thread return from the kernel.</summary>
/// <remarks>
/// A real-time signal that nothing in the process uses: the .NET runtime has the first one. Its handler is a function of the C
/// library without effects, because no managed code may run in a handler. Without SA_RESTART, so that a blocked call returns EINTR.
/// </remarks>
internal static unsafe class KickSignal
{
    private const int Unblock = 1;
    private const nint SignalError = -1;

    // Larger than struct sigaction and sigset_t of any C library on x86_64 and arm64; of the former only its first member is read.
    private const int ActionBytes = 512;
    private const int SetBytes = 128;

    private static readonly Lazy<int> Installed = new(Install);

    /// <summary>Number of the signal; the handler is installed when it is first asked for.</summary>
    internal static int Number => Installed.Value;

    /// <summary>The calling thread, as <see cref="TrySend"/> wants it.</summary>
    internal static nint CurrentThread() => CLibrary.PthreadSelf();

    /// <summary>Lets the signal reach the calling thread, even where the process was started with all signals blocked.</summary>
    internal static void UnblockOnCurrentThread()
    {
        byte* set = stackalloc byte[SetBytes];
        if (CLibrary.SigEmptySet(set) != 0 || CLibrary.SigAddSet(set, Number) != 0 || CLibrary.PthreadSigmask(Unblock, set, null) != 0)
        {
            throw new InvalidOperationException($"Signal {Number}, which makes processors stop, cannot be unblocked.");
        }
    }

    /// <summary>Sends the signal. The caller guarantees that the thread has not ended.</summary>
    /// <returns>False when the kernel has no room for the signal just now.</returns>
    internal static bool TrySend(nint thread) => CLibrary.PthreadKill(thread, Number) == 0;

    private static int Install()
    {
        // ntohl: swaps the bytes of its argument, in registers alone.
        nint handler = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(KickSignal).Assembly, null), "ntohl");
        int first = CLibrary.FirstRealTimeSignal() + 1;
        int last = CLibrary.LastRealTimeSignal();
        for (int number = first; number <= last; number++)
        {
            if (IsUnused(number) && CLibrary.Signal(number, handler) != SignalError && CLibrary.SigInterrupt(number, 1) == 0)
            {
                return number;
            }
        }

        throw new InvalidOperationException(
            $"All real-time signals from {first} to {last} have handlers, and one is needed to make processors stop. Leave one free.");
    }

    private static bool IsUnused(int number)
    {
        byte* action = stackalloc byte[ActionBytes];
        Unsafe.InitBlock(action, 0, ActionBytes);

        // The handler is the first member on both architectures; SIG_DFL is 0.
        return CLibrary.SigAction(number, null, action) == 0 && *(nint*)action == 0;
    }
}
