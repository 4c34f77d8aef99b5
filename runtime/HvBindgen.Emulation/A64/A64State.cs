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
    /// <summary>General registers. There is no 31st: as data it is zero, as a base it is the stack pointer.</summary>
    public A64GeneralRegisters X;

    /// <summary>Stack pointer of the current exception level.</summary>
    public ulong Sp;

    /// <summary>Program counter.</summary>
    public ulong Pc;

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
