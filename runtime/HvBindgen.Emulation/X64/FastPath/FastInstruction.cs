namespace HvBindgen.Emulation.X64.FastPath;

/// <summary>What the fast path needs of a decoded instruction of 64-bit mode: no decoder's names, and who carries it out.</summary>
internal unsafe struct FastInstruction
{
    /// <summary>Stands for no register.</summary>
    internal const byte None = 0xFF;

    /// <summary>Carries it out wholly, or changes nothing and returns false. Null: it takes the general way.</summary>
    internal delegate*<ref X64State, FastMemory, ref readonly FastInstruction, bool> Handler;

    /// <summary>Immediate operand, or the target of a branch.</summary>
    internal ulong Immediate;

    internal ulong Displacement;
    internal byte Length;
    internal byte First;
    internal byte Second;
    internal byte Base;
    internal byte Index;
    internal byte IndexShift;

    /// <summary>FS or GS, whose base is added; else <see cref="None"/>.</summary>
    internal byte Segment;

    /// <summary>As encodings number it.</summary>
    internal byte Condition;

    /// <summary>Linear address of its operand in memory, before anything is checked.</summary>
    internal readonly ulong AddressIn(in X64State state)
    {
        ulong address = Displacement;

        if (Base != None)
        {
            address += state.Gpr[Base];
        }

        if (Index != None)
        {
            address += state.Gpr[Index] << IndexShift;
        }

        return Segment == None ? address : address + state.Segments[Segment].Base;
    }

    /// <summary>Whether an address is canonical with four levels of page tables, and so with five.</summary>
    internal static bool IsCanonical(ulong linear) => (ulong)((long)(linear << 16) >> 16) == linear;
}
