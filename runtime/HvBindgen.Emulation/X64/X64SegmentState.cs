using System.Runtime.InteropServices;

namespace HvBindgen.Emulation.X64;

#pragma warning disable CA1051 // A register, handed about by reference: its fields are what it is.

/// <summary>A segment register with the descriptor that the processor keeps with it.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct X64SegmentState
{
    // Bits of the attributes: those of a descriptor's upper half, from its bit 8 on (SDM volume 3, 3.4.5).
    private const ushort TypeMask = 0xF;
    private const ushort CodeOrDataBit = 1 << 4;
    private const int PrivilegeShift = 5;
    private const ushort PrivilegeMask = 3 << PrivilegeShift;
    private const ushort PresentBit = 1 << 7;
    private const ushort LongBit = 1 << 13;
    private const ushort BigBit = 1 << 14;
    private const ushort GranularBit = 1 << 15;

    /// <summary>Linear address of the segment's first byte.</summary>
    public ulong Base;

    /// <summary>Last offset within the segment in bytes; of one that expands down the last offset outside it.</summary>
    public uint Limit;

    /// <summary>Selector.</summary>
    public ushort Selector;

    /// <summary>
    /// Attributes as the descriptor has them: bits 0 to 7 are its access byte, bits 12 to 15 its flags AVL, L, D/B and G.
    /// </summary>
    public ushort Attributes;

    /// <summary>Type, 0 to 15.</summary>
    public int Type
    {
        readonly get => Attributes & TypeMask;
        set => Attributes = (ushort)((Attributes & ~TypeMask) | (value & TypeMask));
    }

    /// <summary>Whether this is a code or data segment (S), not one of the system's.</summary>
    public bool IsCodeOrData
    {
        readonly get => (Attributes & CodeOrDataBit) != 0;
        set => Set(CodeOrDataBit, value);
    }

    /// <summary>Descriptor privilege level, 0 to 3.</summary>
    public int PrivilegeLevel
    {
        readonly get => (Attributes & PrivilegeMask) >> PrivilegeShift;
        set => Attributes = (ushort)((Attributes & ~PrivilegeMask) | ((value << PrivilegeShift) & PrivilegeMask));
    }

    /// <summary>Whether the segment is present.</summary>
    public bool IsPresent
    {
        readonly get => (Attributes & PresentBit) != 0;
        set => Set(PresentBit, value);
    }

    /// <summary>Whether code in this segment is 64-bit code (L).</summary>
    public bool IsLong
    {
        readonly get => (Attributes & LongBit) != 0;
        set => Set(LongBit, value);
    }

    /// <summary>Whether operands, addresses or the stack pointer are 32 bits wide (D/B).</summary>
    public bool IsBig
    {
        readonly get => (Attributes & BigBit) != 0;
        set => Set(BigBit, value);
    }

    /// <summary>Whether the limit counts pages in the descriptor (G). <see cref="Limit"/> is in bytes either way.</summary>
    public bool IsGranular
    {
        readonly get => (Attributes & GranularBit) != 0;
        set => Set(GranularBit, value);
    }

    private void Set(ushort bit, bool value) => Attributes = (ushort)(value ? Attributes | bit : Attributes & ~bit);
}
