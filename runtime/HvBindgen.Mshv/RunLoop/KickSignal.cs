using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HvBindgen.Mshv;

/// <summary>The signal that makes a processor's thread return from the kernel.</summary>
/// <remarks>
/// A real-time signal that nothing in the process uses: the .NET runtime has the first one. Its handler is a function of the C
/// library without effects, because no managed code may run in a handler. Without SA_RESTART, so that a blocked call returns EINTR.
/// </remarks>
internal static unsafe partial class KickSignal
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
    internal static nint CurrentThread() => LibC.PthreadSelf();

    /// <summary>Lets the signal reach the calling thread, even where the process was started with all signals blocked.</summary>
    internal static void UnblockOnCurrentThread()
    {
        byte* set = stackalloc byte[SetBytes];
        if (LibC.SigEmptySet(set) != 0 || LibC.SigAddSet(set, Number) != 0 || LibC.PthreadSigmask(Unblock, set, null) != 0)
        {
            throw new InvalidOperationException($"Signal {Number}, which makes processors stop, cannot be unblocked.");
        }
    }

    /// <summary>Sends the signal. The caller guarantees that the thread has not ended.</summary>
    /// <returns>False when the kernel has no room for the signal just now.</returns>
    internal static bool TrySend(nint thread) => LibC.PthreadKill(thread, Number) == 0;

    private static int Install()
    {
        // ntohl: swaps the bytes of its argument, in registers alone.
        nint handler = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(KickSignal).Assembly, null), "ntohl");
        int first = LibC.FirstRealTimeSignal() + 1;
        int last = LibC.LastRealTimeSignal();
        for (int number = first; number <= last; number++)
        {
            if (IsUnused(number) && LibC.Signal(number, handler) != SignalError && LibC.SigInterrupt(number, 1) == 0)
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
        return LibC.SigAction(number, null, action) == 0 && *(nint*)action == 0;
    }

    private static partial class LibC
    {
        [LibraryImport("libc", EntryPoint = "__libc_current_sigrtmin")]
        internal static partial int FirstRealTimeSignal();

        [LibraryImport("libc", EntryPoint = "__libc_current_sigrtmax")]
        internal static partial int LastRealTimeSignal();

        [LibraryImport("libc", EntryPoint = "sigaction")]
        internal static partial int SigAction(int number, void* action, void* oldAction);

        [LibraryImport("libc", EntryPoint = "signal")]
        internal static partial nint Signal(int number, nint handler);

        [LibraryImport("libc", EntryPoint = "siginterrupt")]
        internal static partial int SigInterrupt(int number, int interrupts);

        [LibraryImport("libc", EntryPoint = "sigemptyset")]
        internal static partial int SigEmptySet(void* set);

        [LibraryImport("libc", EntryPoint = "sigaddset")]
        internal static partial int SigAddSet(void* set, int number);

        [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
        internal static partial int PthreadSigmask(int how, void* set, void* oldSet);

        [LibraryImport("libc", EntryPoint = "pthread_self")]
        internal static partial nint PthreadSelf();

        [LibraryImport("libc", EntryPoint = "pthread_kill")]
        internal static partial int PthreadKill(nint thread, int number);
    }
}
