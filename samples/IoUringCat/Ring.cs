using System.ComponentModel;
using System.Runtime.InteropServices;
using IoUringCat.Uapi;
using Microsoft.Win32.SafeHandles;
using static IoUringCat.Uapi.Constants;

namespace IoUringCat;

/// <summary>A ring of the kernel's, used for one read at a time.</summary>
internal sealed unsafe partial class Ring : IDisposable
{
    private readonly SafeFileHandle descriptor;
    private readonly io_uring_params parameters;
    private readonly byte* rings; // Since Linux 5.4 one piece of memory has submissions and completions.
    private readonly io_uring_sqe* entries;

    internal Ring(uint size)
    {
        io_uring_params given = default;
        nint made = Checked(SystemCall(__NR_io_uring_setup, (nint)size, (nint)(&given), 0, 0, 0, 0), "io_uring_setup");
        (descriptor, parameters) = (new SafeFileHandle(made, ownsHandle: true), given);
        rings = Map(RingBytes, IORING_OFF_SQ_RING);
        entries = (io_uring_sqe*)Map(EntryBytes, IORING_OFF_SQES);
    }

    private nuint RingBytes => Math.Max(
        parameters.sq_off.array + (parameters.sq_entries * sizeof(uint)),
        parameters.cq_off.cqes + (parameters.cq_entries * (nuint)sizeof(io_uring_cqe)));

    private nuint EntryBytes => parameters.sq_entries * (nuint)sizeof(io_uring_sqe);

    /// <summary>Reads from a file, and waits for it: the number of bytes, 0 at the end of the file.</summary>
    internal int Read(SafeHandle file, Span<byte> buffer, long offset)
    {
        // The buffer stays where it is, and the file open, until the kernel is done: that is before this method returns.
        fixed (byte* bytes = buffer)
        {
            uint tail = Number(parameters.sq_off.tail);
            uint slot = tail & Number(parameters.sq_off.ring_mask);
            entries[slot] = new io_uring_sqe
            {
                opcode = (byte)io_uring_op.IORING_OP_READ,
                fd = (int)file.DangerousGetHandle(),
                addr = (ulong)bytes,
                len = (uint)buffer.Length,
                off = (ulong)offset,
            };
            ((uint*)(rings + parameters.sq_off.array))[slot] = slot;
            Volatile.Write(ref Number(parameters.sq_off.tail), tail + 1);
            nint ring = descriptor.DangerousGetHandle();
            Checked(SystemCall(__NR_io_uring_enter, ring, 1, 1, (nint)IORING_ENTER_GETEVENTS, 0, 0), "io_uring_enter");
            GC.KeepAlive(file);
        }

        uint head = Number(parameters.cq_off.head);
        int result = head != Volatile.Read(ref Number(parameters.cq_off.tail))
            ? ((io_uring_cqe*)(rings + parameters.cq_off.cqes))[head & Number(parameters.cq_off.ring_mask)].res
            : throw new InvalidOperationException("The kernel came back without a completion.");
        Volatile.Write(ref Number(parameters.cq_off.head), head + 1);
        return result >= 0 ? result : throw new Win32Exception(-result);
    }

    public void Dispose()
    {
        _ = Unmap(entries, EntryBytes);
        _ = Unmap(rings, RingBytes);
        descriptor.Dispose();
    }

    private ref uint Number(uint offset) => ref *(uint*)(rings + offset);

    private byte* Map(nuint bytes, ulong offset) =>
        (byte*)Checked(Map(null, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, (nint)offset), "mmap");

    private static nint Checked(nint result, string call) =>
        result != -1 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(void* address, nuint bytes, int protection, int flags, SafeHandle descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint bytes);
}
