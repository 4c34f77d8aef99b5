using System.Runtime.InteropServices;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Lets the process open no further descriptor, until disposed.</summary>
internal sealed unsafe partial class DescriptorLimit : IDisposable
{
    private const int NoFile = 7; // RLIMIT_NOFILE

    private readonly Limit before;

    internal DescriptorLimit()
    {
        // The lowest free number is the one that would be given.
        int lowest = CLibrary.EventFd(0, LinuxFlags.EventCloseOnExec);
        _ = CLibrary.Close(lowest);
        if (lowest < 0 || GetLimit(NoFile, out before) != 0 || SetLimit(NoFile, before with { Current = (ulong)lowest }) != 0)
        {
            throw new ConformanceException("the limit of descriptors cannot be set");
        }
    }

    public void Dispose() => _ = SetLimit(NoFile, in before);

    private record struct Limit
    {
        internal ulong Current;
        internal ulong Maximum;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);
}
