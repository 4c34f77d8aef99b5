using System.ComponentModel;
using System.Runtime.InteropServices;
using IoUringCat.Uapi;
using static IoUringCat.Uapi.Constants;

namespace IoUringCat;

/// <summary>A ring of the kernel's, used for one read at a time.</summary>
internal sealed unsafe partial class Ring : IDisposable
{
    private readonly int descriptor;
    private readonly io_uring_params parameters;
    private readonly byte* submissions;
    private readonly byte* completions;
    private readonly io_uring_sqe* entries;

    internal Ring(uint size)
    {
        io_uring_params given = default;
        descriptor = (int)Checked(SystemCall(__NR_io_uring_setup, (nint)size, (nint)(&given), 0, 0, 0, 0), "io_uring_setup");
        parameters = given;
        submissions = Map(SubmissionBytes, IORING_OFF_SQ_RING);
        completions = Map(CompletionBytes, IORING_OFF_CQ_RING);
        entries = (io_uring_sqe*)Map(EntryBytes, IORING_OFF_SQES);
    }

    private nuint SubmissionBytes => parameters.sq_off.array + (parameters.sq_entries * sizeof(uint));

    private nuint CompletionBytes => parameters.cq_off.cqes + (parameters.cq_entries * (nuint)sizeof(io_uring_cqe));

    private nuint EntryBytes => parameters.sq_entries * (nuint)sizeof(io_uring_sqe);

    /// <summary>Reads from a file, and waits for it.</summary>
    /// <returns>Number of bytes; 0 at the end of the file.</returns>
    /// <exception cref="Win32Exception">The kernel refuses.</exception>
    internal int Read(SafeHandle file, Span<byte> buffer, long offset)
    {
        // The buffer stays where it is, and the file open, until the kernel is done: that is before this method returns.
        fixed (byte* bytes = buffer)
        {
            uint tail = Submission(parameters.sq_off.tail);
            uint slot = tail & Submission(parameters.sq_off.ring_mask);
            entries[slot] = new io_uring_sqe
            {
                opcode = (byte)io_uring_op.IORING_OP_READ,
                fd = (int)file.DangerousGetHandle(),
                addr = (ulong)bytes,
                len = (uint)buffer.Length,
                off = (ulong)offset,
            };
            ((uint*)(submissions + parameters.sq_off.array))[slot] = slot;
            Volatile.Write(ref Submission(parameters.sq_off.tail), tail + 1);
            Checked(SystemCall(__NR_io_uring_enter, descriptor, 1, 1, (nint)IORING_ENTER_GETEVENTS, 0, 0), "io_uring_enter");
            GC.KeepAlive(file);
        }

        uint head = Completion(parameters.cq_off.head);
        if (head == Volatile.Read(ref Completion(parameters.cq_off.tail)))
        {
            throw new InvalidOperationException("The kernel came back without a completion.");
        }

        uint index = head & Completion(parameters.cq_off.ring_mask);
        int result = ((io_uring_cqe*)(completions + parameters.cq_off.cqes))[index].res;
        Volatile.Write(ref Completion(parameters.cq_off.head), head + 1);
        return result >= 0 ? result : throw new Win32Exception(-result);
    }

    public void Dispose()
    {
        // They fail only for what this class did not make.
        _ = Unmap(entries, EntryBytes);
        _ = Unmap(completions, CompletionBytes);
        _ = Unmap(submissions, SubmissionBytes);
        _ = Close(descriptor);
    }

    private ref uint Submission(uint offset) => ref *(uint*)(submissions + offset);

    private ref uint Completion(uint offset) => ref *(uint*)(completions + offset);

    private byte* Map(nuint bytes, ulong offset)
    {
        nint address = Map(null, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, (nint)offset);
        return (byte*)Checked(address, "mmap");
    }

    private static nint Checked(nint result, string call) =>
        result != -1 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(void* address, nuint bytes, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint bytes);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
