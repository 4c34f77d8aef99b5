namespace HvBindgen.Mshv.Interop;

/// <summary>Flags of <c>sys/mman.h</c>, <c>fcntl.h</c> and <c>sys/eventfd.h</c> that the library passes to the C library.</summary>
/// <remarks>The values are those of x86_64 and arm64 Linux, which are the same for these.</remarks>
internal static class LinuxFlags
{
    internal const int ProtRead = 1;
    internal const int ProtWrite = 2;

    internal const int MapShared = 0x01;
    internal const int MapPrivate = 0x02;
    internal const int MapAnonymous = 0x20;
    internal const int MapNoReserve = 0x4000;
    internal const int MapPopulate = 0x8000;
    internal const int MapHugeTlb = 0x40000;

    // The size of a huge page is given as its binary logarithm from bit 26 on.
    internal const int MapHuge2MiB = 21 << 26;
    internal const int MapHuge1GiB = 30 << 26;

    internal const int OpenReadOnly = 0;
    internal const int OpenReadWrite = 2;
    internal const int OpenCloseOnExec = 0x80000;

    internal const int EventNonBlocking = 0x800;
    internal const int EventCloseOnExec = 0x80000;
}
