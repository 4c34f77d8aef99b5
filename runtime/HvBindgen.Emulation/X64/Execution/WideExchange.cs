using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using HvBindgen.Emulation.Interop;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Atomic compare-and-exchange of 16 bytes, which .NET does not offer: the host's own instructions, called as native
/// code.</summary>
internal static unsafe class WideExchange
{
    private const int ProtectReadWrite = 3;
    private const int ProtectReadExecute = 5;
    private const int MapPrivateAnonymous = 0x22;

    private static readonly delegate* unmanaged[SuppressGCTransition]<byte*, UInt128*, ulong, ulong, void> Routine = Make();

    /// <summary>Whether the host can do it: an x64 or arm64 processor and a system that lets a process make code.</summary>
    internal static bool IsAvailable => Routine != null;

    /// <summary>Replaces 16 aligned bytes if they hold the expected value.</summary>
    /// <param name="target">Address, aligned to 16 and valid for writing.</param>
    /// <param name="expected">Value that is to be replaced.</param>
    /// <param name="replacement">Value to store.</param>
    /// <returns>The value found.</returns>
    internal static UInt128 CompareExchange(byte* target, UInt128 expected, UInt128 replacement)
    {
        UInt128 found = expected;
        Routine(target, &found, (ulong)replacement, (ulong)(replacement >> 64));
        return found;
    }

    // target, expected and found, replacement (low, high): the first four integer arguments of the host's calling convention.
    private static ReadOnlySpan<byte> X64Code =>
    [
        0x53, // push rbx
        0x48, 0x89, 0xD3, // mov rbx, rdx
        0x48, 0x8B, 0x06, // mov rax, [rsi]
        0x48, 0x8B, 0x56, 0x08, // mov rdx, [rsi+8]
        0xF0, 0x48, 0x0F, 0xC7, 0x0F, // lock cmpxchg16b [rdi]
        0x48, 0x89, 0x06, // mov [rsi], rax
        0x48, 0x89, 0x56, 0x08, // mov [rsi+8], rdx
        0x5B, // pop rbx
        0xC3, // ret
    ];

    // A pair is read as one only where it is stored, so what was found is stored again. No access behind passes the barrier, as with LOCK.
    private static ReadOnlySpan<byte> Arm64Code =>
    [
        0x24, 0x14, 0x40, 0xA9, // ldp x4, x5, [x1]
        0x06, 0x9C, 0x7F, 0xC8, // again: ldaxp x6, x7, [x0]
        0xDF, 0x00, 0x04, 0xEB, // cmp x6, x4
        0xE0, 0x00, 0x45, 0xFA, // ccmp x7, x5, #0, eq
        0x49, 0x00, 0x86, 0x9A, // csel x9, x2, x6, eq
        0x6A, 0x00, 0x87, 0x9A, // csel x10, x3, x7, eq
        0x09, 0xA8, 0x28, 0xC8, // stlxp w8, x9, x10, [x0]
        0x48, 0xFF, 0xFF, 0x35, // cbnz w8, again
        0xBF, 0x3B, 0x03, 0xD5, // dmb ish
        0x26, 0x1C, 0x00, 0xA9, // stp x6, x7, [x1]
        0xC0, 0x03, 0x5F, 0xD6, // ret
    ];

    private static ReadOnlySpan<byte> CodeOfThisProcess => RuntimeInformation.ProcessArchitecture switch
    {
        // CPUID 1, ECX bit 13: CMPXCHG16B.
        Architecture.X64 => (X86Base.CpuId(1, 0).Ecx & (1 << 13)) != 0 ? X64Code : [],
        Architecture.Arm64 => Arm64Code,
        _ => [],
    };

    private static delegate* unmanaged[SuppressGCTransition]<byte*, UInt128*, ulong, ulong, void> Make()
    {
        ReadOnlySpan<byte> code = CodeOfThisProcess;
        if (code.IsEmpty)
        {
            return null;
        }

        nuint length = (nuint)Environment.SystemPageSize;
        void* page = (void*)LibC.Map(null, length, ProtectReadWrite, MapPrivateAnonymous, -1, 0);

        if (page == (void*)-1)
        {
            return null;
        }

        // The page was just mapped, is longer than the code, and stays for the life of the process. Linux makes what an arm64 processor
        // executes coherent with what was stored when a page becomes executable.
        code.CopyTo(new Span<byte>(page, code.Length));

        return LibC.Protect(page, length, ProtectReadExecute) == 0
            ? (delegate* unmanaged[SuppressGCTransition]<byte*, UInt128*, ulong, ulong, void>)page
            : null;
    }
}
