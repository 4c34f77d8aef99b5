using System.Runtime.InteropServices;
using HvBindgen.Generator.Clang;

namespace HvBindgen.Cli.Running;

/// <summary>What suits a process that allocates some tens of megabytes in a tenth of a second and ends.</summary>
internal static class ShortProcess
{
    private const long NoCollectionBytes = 128 << 20;

    // malloc.h of the GNU C library.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int NativeStepBytes = 32 << 20;

    /// <summary>Asks for memory in large steps and gives none back; what does not fit is collected, or asked for, as ever.</summary>
    internal static void Prepare()
    {
        GC.TryStartNoGCRegion(NoCollectionBytes);
        GrowNativeHeapInLargeSteps();
        LibClangLocator.KeepsUntilExit = true;
    }

    // clang parses on a thread of its own, whose heap would otherwise grow page by page: hundreds of system calls, each of which
    // stops the other threads. Memory that is never touched is never taken.
    private static unsafe void GrowNativeHeapInLargeSteps()
    {
        // Other C libraries do without.
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out nint mallopt))
        {
            // int mallopt(int, int), since glibc 2.0; a setting that is refused changes nothing.
            delegate* unmanaged[Cdecl]<int, int, int> set = (delegate* unmanaged[Cdecl]<int, int, int>)mallopt;
            _ = set(TopPad, NativeStepBytes);
            _ = set(MmapThreshold, NativeStepBytes);
            _ = set(TrimThreshold, int.MaxValue);
        }
    }
}
