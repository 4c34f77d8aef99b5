using System.Runtime.CompilerServices;

namespace HvBindgen.Emulation.A64;

/// <summary>The general registers X0 to X30.</summary>
[InlineArray(31)]
public struct A64GeneralRegisters
{
    private ulong first;
}

#pragma warning disable CA1051 // A record of registers, handed about by reference: its fields are what it is.

/// <summary>What a load or store of A64 depends on, and what it changes, apart from memory and vector registers.</summary>
public struct A64State
{
    // PSTATE as an exception saves it (SPSR_EL1, SPSR_EL2): of both states, then of AArch32 and of AArch64 alone.
    private const ulong SoftwareStep = 1 << 21;
    private const ulong Is32Bit = 1 << 4;
    private const ulong BigEndian32 = 1 << 9;
    private const int IfThenHighBit = 10;
    private const int IfThenLowBit = 25;
    private const ulong IfThen = (0x3FUL << IfThenHighBit) | (3UL << IfThenLowBit);
    private const ulong BranchType = 3 << 10;
    private const ulong ExceptionLevel = 3 << 2;

    // SCTLR_EL1.
    private const ulong BigEndianEl0 = 1 << 24;
    private const ulong BigEndianEl1 = 1 << 25;

    /// <summary>General registers. There is no 31st: as data it is zero, as a base it is the stack pointer.</summary>
    public A64GeneralRegisters X;

    /// <summary>Stack pointer of the current exception level.</summary>
    public ulong Sp;

    /// <summary>Program counter.</summary>
    public ulong Pc;

    /// <summary>PSTATE in the format of a saved one (SPSR). The end of an instruction clears the branch type (BTYPE) and the software
    /// step (SS), so that a debugger's exception is due next; of 32-bit code it advances the IT state.</summary>
    public ulong Pstate;

    /// <summary>SCTLR_EL1: which byte order data has.</summary>
    public ulong Sctlr;

    /// <summary>Whether data is big-endian.</summary>
    public readonly bool IsDataBigEndian => (Pstate & Is32Bit) != 0
        ? (Pstate & BigEndian32) != 0
        : (Sctlr & ((Pstate & ExceptionLevel) == 0 ? BigEndianEl0 : BigEndianEl1)) != 0;

    /// <summary>Reads a register as data: the 31st is zero.</summary>
    /// <param name="register">0 to 31.</param>
    public readonly ulong Read(int register) => register == 31 ? 0 : X[register];

    /// <summary>Writes a register as data: the 31st takes nothing.</summary>
    /// <param name="register">0 to 31.</param>
    /// <param name="value">The value.</param>
    public void Write(int register, ulong value)
    {
        if (register != 31)
        {
            X[register] = value;
        }
    }

    /// <summary>Reads a register as a base: the 31st is the stack pointer.</summary>
    /// <param name="register">0 to 31.</param>
    public readonly ulong ReadBase(int register) => register == 31 ? Sp : X[register];

    /// <summary>Writes a register as a base: the 31st is the stack pointer.</summary>
    /// <param name="register">0 to 31.</param>
    /// <param name="value">The value.</param>
    public void WriteBase(int register, ulong value)
    {
        if (register == 31)
        {
            Sp = value;
        }
        else
        {
            X[register] = value;
        }
    }

    /// <summary>Moves on behind an instruction: PC, and what <see cref="Pstate"/> says of its end.</summary>
    /// <param name="sizeBytes">Size of the instruction: 4, or 2 of a short one of T32.</param>
    public void EndInstruction(int sizeBytes)
    {
        Pc += (uint)sizeBytes;
        Pstate &= ~SoftwareStep;
        Pstate = (Pstate & Is32Bit) == 0 ? Pstate & ~BranchType : AdvanceIfThen(Pstate);
    }

    // A-profile manual, AArch32.ITAdvance: the mask moves up by one; with its last bit the block ends.
    private static ulong AdvanceIfThen(ulong pstate)
    {
        ulong state = (((pstate >> IfThenHighBit) & 0x3F) << 2) | ((pstate >> IfThenLowBit) & 3);
        state = (state & 7) == 0 ? 0 : (state & 0xE0) | ((state << 1) & 0x1F);
        return (pstate & ~IfThen) | (state >> 2 << IfThenHighBit) | ((state & 3) << IfThenLowBit);
    }
}

/// <summary>The vector registers of an arm64 processor, fetched only when an instruction names one.</summary>
public interface IA64VectorRegisters
{
    /// <summary>Reads a vector register.</summary>
    /// <param name="index">0 to 31.</param>
    /// <param name="value">Receives 16 bytes.</param>
    void ReadVector(int index, Span<byte> value);

    /// <summary>Writes a vector register.</summary>
    /// <param name="index">0 to 31.</param>
    /// <param name="value">16 bytes; a shorter load has zeros above.</param>
    void WriteVector(int index, ReadOnlySpan<byte> value);
}
