using System.Runtime.InteropServices;

namespace HvBindgen.Emulation.Interop;

/// <summary>The calls of the C library that the library makes.</summary>
internal static unsafe partial class LibC
{
    // off_t is 64 bits wide on 64-bit Linux, where alone these are called.
    [LibraryImport("libc", EntryPoint = "mmap")]
    internal static partial nint Map(void* address, nuint sizeBytes, int protection, int flags, int fd, long offsetBytes);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    internal static partial int Protect(void* address, nuint sizeBytes, int protection);
}
