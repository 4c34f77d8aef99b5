using HvBindgen.Emulation.Interop;

namespace HvBindgen.Emulation.X64.Execution;

/// <summary>Atomic compare-and-exchange of 16 bytes, which .NET does not offer: the host's own CMPXCHG16B, called as native code.</summary>
internal static unsafe class WideExchange
{
    private const int ProtectReadWrite = 3;
    private const int ProtectReadExecute = 5;
    private const int MapPrivateAnonymous = 0x22;

    private static readonly delegate* unmanaged[SuppressGCTransition]<byte*, UInt128*, ulong, ulong, void> Routine = Make();

    /// <summary>Whether the host can do it: an x64 processor and a system that lets a process make code.</summary>
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

    private static delegate* unmanaged[SuppressGCTransition]<byte*, UInt128*, ulong, ulong, void> Make()
    {
        // target in RDI, expected and found at RSI, replacement in RDX (low) and RCX (high): the System V calling convention.
        ReadOnlySpan<byte> code =
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

        // CPUID 1, ECX bit 13: CMPXCHG16B.
        if (!System.Runtime.Intrinsics.X86.X86Base.X64.IsSupported
            || (System.Runtime.Intrinsics.X86.X86Base.CpuId(1, 0).Ecx & (1 << 13)) == 0)
        {
            return null;
        }

        nuint length = (nuint)Environment.SystemPageSize;
        void* page = (void*)LibC.Map(null, length, ProtectReadWrite, MapPrivateAnonymous, -1, 0);

        if (page == (void*)-1)
        {
            return null;
        }

        // The page was just mapped, is longer than the code, and stays for the life of the process.
        code.CopyTo(new Span<byte>(page, code.Length));

        return LibC.Protect(page, length, ProtectReadExecute) == 0
            ? (delegate* unmanaged[SuppressGCTransition]<byte*, UInt128*, ulong, ulong, void>)page
            : null;
    }
}
