using HvBindgen.Emulation;
using HvBindgen.Mshv.Emulator.Interop;

namespace HvBindgen.Mshv.Emulator.Engine;

/// <summary>Copies from and to guest-physical memory, across pages and regions.</summary>
/// <remarks>What the process has unmapped since backs nothing.</remarks>
internal static unsafe class GuestMemoryAccess
{
    /// <summary>Copies as much as memory backs.</summary>
    /// <returns>Number of bytes copied.</returns>
    internal static int Read(this IGuestPhysicalMemory memory, ulong gpa, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && memory.TryResolve(gpa + (ulong)done, out HostRange range))
        {
            int count = (int)Math.Min(range.SizeBytes, (ulong)(destination.Length - done));
            Span<byte> part = destination.Slice(done, count);
            if ((ulong)count <= LinearMemory.PageBytes - ((ulong)range.Pointer % LinearMemory.PageBytes))
            {
                // One page, which has been looked at just now.
                new ReadOnlySpan<byte>((void*)range.Pointer, count).CopyTo(part);
            }
            else if (!UserMemory.TryRead((ulong)range.Pointer, part))
            {
                break;
            }

            done += count;
        }

        return done;
    }

    /// <summary>Copies as much as writable memory backs.</summary>
    /// <returns>Number of bytes copied.</returns>
    internal static int Write(this IGuestPhysicalMemory memory, ulong gpa, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length && memory.TryResolve(gpa + (ulong)done, out HostRange range) && range.IsWritable)
        {
            int count = (int)Math.Min(range.SizeBytes, (ulong)(source.Length - done));
            if (!UserMemory.TryWrite((ulong)range.Pointer, source.Slice(done, count)))
            {
                break;
            }

            memory.NoteWrite(gpa + (ulong)done, (ulong)count);
            done += count;
        }

        return done;
    }
}
