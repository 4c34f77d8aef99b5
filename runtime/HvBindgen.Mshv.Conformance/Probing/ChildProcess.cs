using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Makes a request in a child of the process, which has its own copy of the process's memory and shares its descriptors.</summary>
/// <remarks>
/// Of the threads of a process its child has one, so nothing of the runtime can be used there: the child is a few instructions, which
/// the kernel alone is asked by.
/// </remarks>
internal sealed unsafe class ChildProcess(Probe probe)
{
    private const int ReadWriteExecute = LinuxFlags.ProtRead | LinuxFlags.ProtWrite | 4;
    private const int ExitedBits = 0x7f;

    // int code(int fd, uint request, void* argument): what wait4 says of a child that makes the request and exits with its errno.
    private static ReadOnlySpan<byte> Code =>
    [
        0xb8, 57, 0, 0, 0, // mov eax, fork
        0x0f, 0x05, // syscall: the child has the arguments still
        0x85, 0xc0, // test eax, eax
        0x75, 0x18, // jnz parent
        0xb8, 16, 0, 0, 0, // mov eax, ioctl
        0x0f, 0x05, // syscall
        0x31, 0xff, // xor edi, edi
        0x85, 0xc0, // test eax, eax
        0x79, 0x04, // jns exit
        0x89, 0xc7, // mov edi, eax
        0xf7, 0xdf, // neg edi
        0xb8, 60, 0, 0, 0, // exit: mov eax, exit
        0x0f, 0x05, // syscall
        0x50, // parent: push rax, room for the status
        0x89, 0xc7, // mov edi, eax
        0x48, 0x89, 0xe6, // again: mov rsi, rsp
        0x31, 0xd2, // xor edx, edx
        0x45, 0x31, 0xd2, // xor r10d, r10d
        0xb8, 61, 0, 0, 0, // mov eax, wait4
        0x0f, 0x05, // syscall
        0x83, 0xf8, 0xfc, // cmp eax, -EINTR
        0x74, 0xec, // je again
        0x58, // pop rax
        0xc3, // ret
    ];

    /// <summary>Makes a request in a child; its answer belongs to the outcome.</summary>
    internal void Try(int fd, uint request, void* argument)
    {
        byte* code = probe.NewMemory(Probe.PageBytes, ReadWriteExecute);
        Code.CopyTo(new Span<byte>(code, Code.Length));

        // The page stays until the case ends, and the code keeps to what a function may change.
        int status = ((delegate* unmanaged<int, uint, void*, int>)code)(fd, request, argument);
        if ((status & ExitedBits) != 0)
        {
            throw new ConformanceException($"a child ended with status {status:x}");
        }

        int errno = (status >> 8) & 0xff;
        probe.Note(errno == 0 ? IoctlResult.Success(0) : IoctlResult.Failure(errno));
    }

    /// <summary>Makes a request with a record as its argument in a child; its answer belongs to the outcome.</summary>
    internal void Try<T>(int fd, uint request, in T argument)
        where T : unmanaged
    {
        fixed (T* pointer = &argument)
        {
            Try(fd, request, pointer);
        }
    }
}
