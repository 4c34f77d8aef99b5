using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Running;

/// <summary>What suits a process that allocates some tens of megabytes in a tenth of a second and ends.</summary>
internal static class ShortProcess
{
    private const long NoCollectionBytes = 128 << 20;
    private const long FewBytes = 24 << 20;

    // malloc.h of the GNU C library.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int NativeStepBytes = 32 << 20;

    private const string Mappings = "/proc/self/maps";

    // linux/mman.h: MADV_DONTNEED.
    private const int NotNeeded = 4;

    // MADV_HUGEPAGE. The collector's heap is made of regions that begin at multiples of 4 MB, and the GNU C library's heap of a thread
    // begins at one of 64 MB.
    private const int LargePages = 14;
    private const nint LargePageBytes = 2 << 20;
    private const int LargePageParts = 4; // None of them is a large object.
    private const nint RegionBytes = 4 << 20;
    private const nint ThreadHeapBytes = 64 << 20;

    // MADV_POPULATE_WRITE, since Linux 5.14; older ones refuse it.
    private const int Populate = 23;

    // As many as the C# of some hundred records takes.
    private const int PagesAhead = 5;

    // Where the process's first objects lie.
    private static nint FirstPage;

    /// <summary>Asks for memory in large steps and gives none back; what does not fit is collected, or asked for, as ever.</summary>
    internal static void Prepare()
    {
        FirstPage = PageOf(OnTheHeap());

        // Before there are other threads: the collector waits for them to stop, and does not leave the core to one that has none.
        GC.TryStartNoGCRegion(NoCollectionBytes);
        UseLargePages(NoCollectionBytes);
        GrowNativeHeapInLargeSteps();
        ParseOnOwnThreads();
        LibClangLocator.KeepsUntilExit = true;
    }

    /// <summary>
    /// Gives back the code of libclang and LLVM, when nothing is left to parse: at the end of the process the system would take all of it
    /// out of memory alone, while nobody works. Code that runs again is read from its file again.
    /// </summary>
    /// <returns>Size of the code, in memory or not, in bytes; 0 where the system does not tell where it is.</returns>
    internal static long GiveCodeBack() =>
        File.Exists(Mappings) ? File.ReadLines(Mappings).Sum(GiveBackIfCode) : 0;

    // proc(5): 7f1e05800000-7f1e0b962000 r-xp 00000000 fe:00 1234   /usr/lib/libLLVM-14.so.1. Code alone is as it is in the file: what the
    // loader relocated, and made unwritable afterwards, is not.
    private static long GiveBackIfCode(string mapping)
    {
        string[] parts = mapping.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 6 && parts[1] == "r-xp" && IsOfClang(Path.GetFileName(parts[^1]))
            && parts[0].Split('-') is [string first, string last]
            && nint.TryParse(first, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nint start)
            && nint.TryParse(last, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nint end))
        {
            Advise(start, end - start, NotNeeded);
            return end - start;
        }

        return 0;
    }

    private static bool IsOfClang(string file) =>
        file.StartsWith("libclang", StringComparison.Ordinal) || file.StartsWith("libLLVM", StringComparison.Ordinal);

    /// <summary>
    /// Ends a native process when all is written, without what libraries do at its end: LLVM takes its tables apart, and the system takes
    /// their memory away at once. Returns where the process is none of these; on the .NET runtime the end removes the socket for debuggers.
    /// </summary>
    /// <param name="exitCode">The process's exit code.</param>
    internal static unsafe void End(int exitCode)
    {
        bool isNative = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null;
        if (LibClangLocator.KeepsUntilExit && isNative
            && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "_exit", out nint exit))
        {
            Console.Out.Flush();
            Console.Error.Flush();

            // void _exit(int).
            ((delegate* unmanaged[Cdecl]<int, void>)exit)(exitCode);
        }
    }

    /// <summary>Makes the threads that are needed before the first parse: while a library is loaded the system makes none.</summary>
    internal static void MakeThreads()
    {
        HeaderParser.PrepareThread();

        // The runtime hears of signals on a thread of its own, from the first time that somebody asks for one on.
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => { }).Dispose();
    }

    /// <summary>The same for a process that reads and compares some files, and has no libclang.</summary>
    internal static void PrepareWithoutClang()
    {
        GC.TryStartNoGCRegion(FewBytes);
        UseLargePages(FewBytes);
    }

    // Memory that is touched for the first time costs a page fault; large pages are touched five hundred at once. A system that has
    // none to give ignores the advice, and what lies around the heap does not mind it. A virtual machine may have to ask its host for one:
    // then it takes as long as the small ones, and mostly it has some left from the process before.
    private static unsafe void UseLargePages(long bytes)
    {
        // The address says where the heap is, wherever the object moves to later. It is the latest: regions that were there before lie
        // before it, those for large objects behind it, and each kind may be as many as were asked for.
        object first = OnTheHeap();
        nint region = *(nint*)Unsafe.AsPointer(ref first) & -RegionBytes;
        AdviseLargePages(region - (2 * (nint)bytes), 4 * (nint)bytes);
        LeaveTheFirstPage();
    }

    // A large page is none where a small one was touched before: the rest of the first is given away, without touching it.
    private static void LeaveTheFirstPage()
    {
        for (int part = 0; part < LargePageParts; part++)
        {
            _ = GC.AllocateUninitializedArray<byte>((int)LargePageBytes / LargePageParts);
        }
    }

    /// <summary>
    /// Has the system give the large pages that the heap will fill next, on a core that has nothing else to do: to clear one takes a tenth
    /// of a millisecond, and many times that where a virtual machine has to ask its host for it.
    /// </summary>
    internal static void PopulateAhead()
    {
        if (!LibClangLocator.KeepsUntilExit)
        {
            return;
        }

        // Regions that were asked for at once lie behind each other. What is no memory of the heap is left alone: it was not made writable.
        nint page = PageOf(OnTheHeap());
        for (int count = 0; count < PagesAhead; count++)
        {
            page += LargePageBytes;
            Advise(page, LargePageBytes, Populate);
        }

        // The first objects moved when the memory was asked for, and their region is one of those that come next: but in small pages, five
        // hundred of them, for some were touched.
        Advise(FirstPage, LargePageBytes, Populate);
    }

    private static unsafe nint PageOf(object @object) => *(nint*)Unsafe.AsPointer(ref @object) & -LargePageBytes;

    private static void AdviseLargePages(nint start, nint bytes) => Advise(start, bytes, LargePages);

    private static unsafe void Advise(nint start, nint bytes, int advice)
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "madvise", out nint madvise))
        {
            // int madvise(void *, size_t, int).
            _ = ((delegate* unmanaged[Cdecl]<nint, nint, int, int>)madvise)(start, bytes, advice);
        }
    }

    // What does not leave its method may lie on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static object OnTheHeap() => new();

    // clang would make a thread for each parse, with a heap of whose place nobody knows. Where it parses on the thread that asks for it,
    // that thread's heap has large pages too.
    private static unsafe void ParseOnOwnThreads()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "setenv", out nint setenv))
        {
            // int setenv(const char *, const char *, int), which copies both.
            fixed (byte* name = "LIBCLANG_NOTHREADS"u8, value = "1"u8)
            {
                _ = ((delegate* unmanaged[Cdecl]<byte*, byte*, int, int>)setenv)(name, value, 1);
            }

            HeaderParser.ThreadStarts = UseLargePagesNatively;
        }
    }

    // As on the collector's heap: the C library has touched the first page already.
    private static unsafe void UseLargePagesNatively()
    {
        void* first = NativeMemory.Alloc(1);
        AdviseLargePages((nint)first & -ThreadHeapBytes, ThreadHeapBytes);
        NativeMemory.Free(first);
        _ = NativeMemory.Alloc((nuint)LargePageBytes);
    }

    // A thread's heap would otherwise grow page by page: hundreds of system calls, each of which stops the other threads. Memory that
    // is never touched is never taken.
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
