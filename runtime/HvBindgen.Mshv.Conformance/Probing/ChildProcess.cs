using System.Runtime.InteropServices;
using HvBindgen.Mshv.Interop;

namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Makes a request in a child of the process, which has its own copy of the process's memory and shares its descriptors.</summary>
/// <remarks>
/// Of the threads of a process its child has one, so nothing of the runtime can be used there: the child is a few instructions, which
/// the kernel alone is asked by.
/// </remarks>
internal sealed unsafe class ChildProcess(Probe probe)
{
    private const int ReadExecute = LinuxFlags.ProtRead | 4;
    private const int ExitedBits = 0x7f;

    // int code(int fd, uint request, void* argument): what wait4 says of a child that makes the request and exits with its errno.
    private static ReadOnlySpan<byte> X64Code =>
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

    // The same; a system call changes no register but the one of its result.
    private static ReadOnlySpan<byte> Arm64Code =>
    [
        0xe9, 0x03, 0x00, 0xaa, // mov x9, x0
        0xea, 0x03, 0x01, 0xaa, // mov x10, x1
        0xeb, 0x03, 0x02, 0xaa, // mov x11, x2
        0x20, 0x02, 0x80, 0xd2, // mov x0, #17
        0xe1, 0x03, 0x1f, 0xaa, // mov x1, xzr
        0xe2, 0x03, 0x1f, 0xaa, // mov x2, xzr
        0xe3, 0x03, 0x1f, 0xaa, // mov x3, xzr
        0xe4, 0x03, 0x1f, 0xaa, // mov x4, xzr
        0x88, 0x1b, 0x80, 0xd2, // mov x8, #220
        0x01, 0x00, 0x00, 0xd4, // svc #0: clone with SIGCHLD, which is fork
        0x40, 0x01, 0x00, 0xb5, // cbnz x0, parent
        0xe0, 0x03, 0x09, 0xaa, // mov x0, x9
        0xe1, 0x03, 0x0a, 0xaa, // mov x1, x10
        0xe2, 0x03, 0x0b, 0xaa, // mov x2, x11
        0xa8, 0x03, 0x80, 0xd2, // mov x8, #29
        0x01, 0x00, 0x00, 0xd4, // svc #0: ioctl
        0x1f, 0x00, 0x00, 0x71, // cmp w0, #0
        0xe0, 0xa7, 0x80, 0x5a, // csneg w0, wzr, w0, ge
        0xa8, 0x0b, 0x80, 0xd2, // mov x8, #93
        0x01, 0x00, 0x00, 0xd4, // svc #0: exit
        0xff, 0x43, 0x00, 0xd1, // parent: sub sp, sp, #16
        0xe9, 0x03, 0x00, 0xaa, // mov x9, x0
        0xe0, 0x03, 0x09, 0xaa, // again: mov x0, x9
        0xe1, 0x03, 0x00, 0x91, // mov x1, sp
        0xe2, 0x03, 0x1f, 0xaa, // mov x2, xzr
        0xe3, 0x03, 0x1f, 0xaa, // mov x3, xzr
        0x88, 0x20, 0x80, 0xd2, // mov x8, #260
        0x01, 0x00, 0x00, 0xd4, // svc #0: wait4
        0x1f, 0x10, 0x00, 0x31, // cmn w0, #4
        0x20, 0xff, 0xff, 0x54, // b.eq again
        0xe0, 0x03, 0x40, 0xb9, // ldr w0, [sp]
        0xff, 0x43, 0x00, 0x91, // add sp, sp, #16
        0xc0, 0x03, 0x5f, 0xd6, // ret
    ];

    /// <summary>Makes a request in a child; its answer belongs to the outcome.</summary>
    internal void Try(int fd, uint request, void* argument)
    {
        ReadOnlySpan<byte> instructions = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64Code : X64Code;
        nuint sizeBytes = (nuint)Environment.SystemPageSize;
        byte* code = probe.NewMemory(sizeBytes, LinuxFlags.ProtRead | LinuxFlags.ProtWrite);
        instructions.CopyTo(new Span<byte>(code, instructions.Length));

        // Executable only behind the stores: Linux has an arm64 processor see them then.
        if (CLibrary.Mprotect(code, sizeBytes, ReadExecute) != 0)
        {
            throw new ConformanceException($"memory cannot be made executable: errno {Marshal.GetLastSystemError()}");
        }

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
