using System.Runtime.Intrinsics.X86;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Emulator.Interop;

/// <summary>The host's time-stamp counter, which .NET gives no access to: a function of four instructions in a page of its own.</summary>
internal static unsafe class TimeStampCounter
{
    private const int ProtExec = 4;
    private const string ClockSource = "/sys/devices/system/clocksource/clocksource0/current_clocksource";

    // rdtsc; shl rdx, 32; or rax, rdx; ret
    private static readonly byte[] Code = [0x0f, 0x31, 0x48, 0xc1, 0xe2, 0x20, 0x48, 0x09, 0xd0, 0xc3];

    private static readonly delegate* unmanaged<ulong> Function = Make();

    /// <summary>Whether the counter can be read, and runs alike on all processors: the kernel's own clock is made of it.</summary>
    internal static bool IsReliable { get; } = Function != null && IsClockOfKernel();

    /// <summary>Reads it; <see cref="IsReliable"/> says whether that is possible.</summary>
    internal static ulong Read() => Function();

    private static bool IsClockOfKernel()
    {
        try
        {
            return File.ReadAllText(ClockSource).Trim() == "tsc";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The page stays as long as the process.
    private static delegate* unmanaged<ulong> Make()
    {
        if (!X86Base.X64.IsSupported)
        {
            return null;
        }

        nuint sizeBytes = (nuint)Environment.SystemPageSize;
        nint page = CLibrary.Mmap(
            null, sizeBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous, -1, 0);
        if (page == -1)
        {
            return null;
        }

        Code.CopyTo(new Span<byte>((void*)page, Code.Length));
        if (CLibrary.Mprotect((void*)page, sizeBytes, LinuxFlags.ProtRead | ProtExec) == 0)
        {
            return (delegate* unmanaged<ulong>)page;
        }

        _ = CLibrary.Munmap((void*)page, sizeBytes);
        return null;
    }
}
