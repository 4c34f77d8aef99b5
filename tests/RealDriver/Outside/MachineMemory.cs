using System.Runtime.InteropServices;
using HvBindgen.Mshv.Emulator.Hypervisor;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Outside;

/// <summary>Physical memory of the machine, which is a file.</summary>
internal sealed unsafe class MachineMemory : IDisposable
{
    private const int Access = LinuxFlags.ProtRead | LinuxFlags.ProtWrite;

    private readonly ulong sizeBytes;
    private readonly int fd;
    private readonly byte* start;

    internal MachineMemory(string path, ulong sizeBytes)
    {
        this.sizeBytes = sizeBytes;
        fd = CLibrary.Open(path, LinuxFlags.OpenReadWrite);
        nint mapped = fd < 0 ? -1 : CLibrary.Mmap(null, (nuint)sizeBytes, Access, LinuxFlags.MapShared, fd, 0);
        if (mapped == -1)
        {
            throw new InvalidOperationException($"{path} cannot be mapped (errno {Marshal.GetLastSystemError()}).");
        }

        start = (byte*)mapped;
    }

    /// <summary>A page.</summary>
    internal byte* Page(ulong frame) => start + Checked(frame << GuestMemoryMap.PageShift);

    /// <summary>What is from an address to the end of its page.</summary>
    internal Span<byte> RestOfPage(ulong address) =>
        new(start + Checked(address), SharedPages.PageBytes - (int)(address % SharedPages.PageBytes));

    /// <summary>Maps pages side by side, in their order.</summary>
    /// <returns>Where; the caller unmaps them.</returns>
    internal byte* MapPages(ReadOnlySpan<ulong> frames)
    {
        nuint bytes = (nuint)frames.Length << GuestMemoryMap.PageShift;
        nint mapped = CLibrary.Mmap(null, bytes, 0, LinuxFlags.MapPrivate | LinuxFlags.MapAnonymous, -1, 0);
        for (int first = 0, end; first < frames.Length && mapped != -1; first = end)
        {
            end = first + 1;
            while (end < frames.Length && frames[end] == frames[end - 1] + 1)
            {
                end++;
            }

            _ = Checked(frames[end - 1] << GuestMemoryMap.PageShift);
            nint part = CLibrary.Mmap(
                (byte*)mapped + ((nint)first << GuestMemoryMap.PageShift),
                (nuint)(end - first) << GuestMemoryMap.PageShift,
                Access,
                LinuxFlags.MapShared | Emulator.Interop.LibC.MapFixed,
                fd,
                (long)frames[first] << GuestMemoryMap.PageShift);
            mapped = part == -1 ? -1 : mapped;
        }

        return mapped != -1
            ? (byte*)mapped
            : throw new InvalidOperationException($"{frames.Length} pages cannot be mapped (errno {Marshal.GetLastSystemError()}).");
    }

    public void Dispose()
    {
        _ = CLibrary.Munmap(start, (nuint)sizeBytes);
        _ = CLibrary.Close(fd);
    }

    private ulong Checked(ulong address) => address < sizeBytes
        ? address
        : throw new InvalidOperationException($"The machine has no memory at 0x{address:x}.");
}
