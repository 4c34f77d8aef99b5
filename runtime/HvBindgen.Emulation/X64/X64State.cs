using System.Runtime.CompilerServices;

namespace HvBindgen.Emulation.X64;

/// <summary>The sixteen general registers as the encoding numbers them: RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8-R15.</summary>
/// <remarks>The hypervisor's register names and its register page use the same order.</remarks>
[InlineArray(16)]
public struct X64RegisterFile
{
    private ulong first;
}

/// <summary>The six segment registers in the order the instruction encoding numbers them: ES, CS, SS, DS, FS, GS.</summary>
/// <remarks>The hypervisor's register names and its register page use the same order.</remarks>
[InlineArray(6)]
public struct X64SegmentFile
{
    /// <summary>Index of ES.</summary>
    public const int Es = 0;

    /// <summary>Index of CS.</summary>
    public const int Cs = 1;

    /// <summary>Index of SS.</summary>
    public const int Ss = 2;

    /// <summary>Index of DS.</summary>
    public const int Ds = 3;

    /// <summary>Index of FS.</summary>
    public const int Fs = 4;

    /// <summary>Index of GS.</summary>
    public const int Gs = 5;

    private X64SegmentState first;
}

#pragma warning disable CA1051 // A record of registers, handed about by reference: its fields are what it is.

/// <summary>What an instruction of a virtual processor depends on, and what it changes, apart from memory and vector registers.</summary>
public struct X64State
{
    /// <summary>General registers.</summary>
    public X64RegisterFile Gpr;

    /// <summary>Instruction pointer; an offset into CS.</summary>
    public ulong Rip;

    /// <summary>Flags.</summary>
    public ulong Rflags;

    /// <summary>Segment registers with their cached descriptors. Privilege is the one SS carries, as in hardware.</summary>
    public X64SegmentFile Segments;

    /// <summary>Control register 0.</summary>
    public ulong Cr0;

    /// <summary>Address of the last page fault. The emulator never changes it: a fault carries its own address.</summary>
    public ulong Cr2;

    /// <summary>Root of the page tables.</summary>
    public ulong Cr3;

    /// <summary>Control register 4.</summary>
    public ulong Cr4;

    /// <summary>Task priority.</summary>
    public ulong Cr8;

    /// <summary>Extended feature enables (an MSR).</summary>
    public ulong Efer;

    /// <summary>Extended control register 0: which vector state the guest has enabled.</summary>
    public ulong Xcr0;

    /// <summary>How the processor decodes: 16, 32 or 64.</summary>
    public readonly int CodeBits =>
        Is64BitMode ? 64 : (Rflags & X64Bits.FlagVm) == 0 && Segments[X64SegmentFile.Cs].IsBig ? 32 : 16;

    /// <summary>Whether this is 64-bit mode proper, not compatibility mode.</summary>
    public readonly bool Is64BitMode => (Efer & X64Bits.EferLma) != 0 && Segments[X64SegmentFile.Cs].IsLong;

    /// <summary>Whether segments come from descriptors: protected mode without virtual-8086 mode.</summary>
    public readonly bool IsProtectedMode => (Cr0 & X64Bits.Cr0Pe) != 0 && (Rflags & X64Bits.FlagVm) == 0;

    /// <summary>Current privilege level: 0 in real mode, 3 in virtual-8086 mode, else that of SS.</summary>
    public readonly int PrivilegeLevel =>
        (Cr0 & X64Bits.Cr0Pe) == 0 ? 0
        : (Rflags & X64Bits.FlagVm) != 0 ? 3
        : Segments[X64SegmentFile.Ss].PrivilegeLevel;

    /// <summary>The process context that translations belong to: 0 without CR4.PCIDE.</summary>
    internal readonly int ProcessContext => (Cr4 & X64Bits.Cr4Pcide) != 0 ? (int)(Cr3 & X64Bits.Cr3Pcid) : 0;

    /// <summary>What of this state the page walk depends on.</summary>
    public readonly PagingState Paging => new(Cr0, Cr3, Cr4, Efer, Rflags);
}
