using System.Runtime.CompilerServices;
using Iced.Intel;

namespace HvBindgen.Emulation.X64;

// Read-modify-write. With LOCK, and for XCHG, memory changes only if it still holds what was read: one compare-and-exchange of the host.
public sealed unsafe partial class X64Emulator
{
    // Each failed attempt means that another processor has just written the same place. A guest that does nothing else could go on for
    // ever, so the instruction is then left for the next call.
    private const int MaxExchangeAttempts = 1 << 16;

    // Two pieces that lie apart in host memory cannot be changed by one instruction of the host.
    private static readonly Lock SplitLock = new();

    private bool IsLocked => instruction.HasLockPrefix || instruction.Mnemonic == Mnemonic.Xchg;

    /// <summary>Changes a register or memory operand as the instruction says.</summary>
    /// <param name="operand">The destination.</param>
    /// <param name="sizeBytes">Its size.</param>
    /// <param name="displacement">Added to the operand's address.</param>
    /// <param name="right">The other operand.</param>
    /// <param name="count">Shift count of a double shift.</param>
    /// <param name="old">The value before.</param>
    private bool TryUpdate(int operand, int sizeBytes, long displacement, ulong right, ulong count, out ulong old)
    {
        ulong flags = state.Rflags;

        if (!IsMemory(operand))
        {
            Register register = instruction.GetOpRegister(operand);
            old = ReadRegister(register);
            WriteRegister(register, X64Arithmetic.Compute(instruction.Mnemonic, old, right, count, sizeBytes, ref flags));
            state.Rflags = flags;
            return true;
        }

        if (!TryMapOperand(sizeBytes, AccessKind.Write, displacement, out MappedMemory memory))
        {
            old = 0;
            return false;
        }

        old = Load(memory);

        for (int attempt = 0; attempt < MaxExchangeAttempts; attempt++)
        {
            flags = state.Rflags;
            ulong value = X64Arithmetic.Compute(instruction.Mnemonic, old, right, count, sizeBytes, ref flags);

            if (TryExchange(memory, ref old, value))
            {
                state.Rflags = flags;
                return true;
            }
        }

        return GiveWay();
    }

    /// <summary>Leaves the instruction to be carried out again: nothing has changed.</summary>
    private bool GiveWay()
    {
        outcome = EmulationOutcome.Again(instruction, singleStep: false);
        return false;
    }

    /// <summary>Stores a value; under LOCK only if memory still holds the old one.</summary>
    /// <returns>False when it does not; the old value is then the one it holds now.</returns>
    private bool TryExchange(in MappedMemory memory, ref ulong old, ulong value)
    {
        if (!IsLocked || memory.Host0 == null || (memory.Length1 != 0 && memory.Host1 == null))
        {
            Store(memory, value);
            return true;
        }

        if (!memory.IsContiguousRam)
        {
            lock (SplitLock)
            {
                ulong now = Load(memory);
                bool unchanged = now == old;
                old = now;

                if (unchanged)
                {
                    Store(memory, value);
                }

                return unchanged;
            }
        }

        // Any alignment: the host's locked instructions need none, and the pieces lie side by side.
        byte* host = memory.Host0;

        ulong found = memory.Length switch
        {
            1 => Interlocked.CompareExchange(ref *host, (byte)value, (byte)old),
            2 => Interlocked.CompareExchange(ref *(ushort*)host, (ushort)value, (ushort)old),
            4 => Interlocked.CompareExchange(ref *(uint*)host, (uint)value, (uint)old),
            _ => Interlocked.CompareExchange(ref *(ulong*)host, value, old),
        };

        bool exchanged = found == old;
        old = found;
        return exchanged;
    }

    private bool CompareExchange()
    {
        int size = OperandSizeBytes(0);
        ulong expected = ReadGpr(Rax, size);
        ulong replacement = Truncate(ReadRegister(instruction.Op1Register), size);
        ulong old;

        if (IsMemory(0))
        {
            if (!TryMapOperand(size, AccessKind.Write, out MappedMemory memory))
            {
                return false;
            }

            old = Load(memory);
            int attempt = 0;

            // The processor writes in either case: what it found when the comparison failed.
            while (!TryExchange(memory, ref old, old == expected ? replacement : old))
            {
                if (++attempt == MaxExchangeAttempts)
                {
                    return GiveWay();
                }
            }
        }
        else
        {
            old = ReadRegister(instruction.Op0Register);
        }

        X64Arithmetic.Subtract(expected, old, 0, size, ref state.Rflags);

        if (old != expected)
        {
            WriteGpr(Rax, old, size);
        }
        else if (!IsMemory(0))
        {
            WriteRegister(instruction.Op0Register, replacement);
        }

        return true;
    }

    private bool CompareExchange8Bytes()
    {
        if (!TryMapOperand(8, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        ulong expected = (state.Gpr[Rdx] << 32) | (uint)state.Gpr[Rax];
        ulong replacement = (state.Gpr[Rcx] << 32) | (uint)state.Gpr[Rbx];
        ulong old = Load(memory);
        int attempt = 0;

        while (!TryExchange(memory, ref old, old == expected ? replacement : old))
        {
            if (++attempt == MaxExchangeAttempts)
            {
                return GiveWay();
            }
        }

        X64Arithmetic.SetFlag(X64Bits.FlagZf, old == expected, ref state.Rflags);

        if (old != expected)
        {
            WriteGpr(Rax, old, 4);
            WriteGpr(Rdx, old >> 32, 4);
        }

        return true;
    }

    private bool CompareExchange16Bytes()
    {
        if (!TryMapAligned(OperandSegment(), EffectiveAddress(0), 16, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        bool isAtomic = instruction.HasLockPrefix && memory.Host0 != null && memory.IsWritable0;

        if (isAtomic && !WideExchange.IsAvailable)
        {
            return Unsupported(EmulationLimit.WideAtomic);
        }

        UInt128 expected = new(state.Gpr[Rdx], state.Gpr[Rax]);
        UInt128 replacement = new(state.Gpr[Rcx], state.Gpr[Rbx]);
        UInt128 old;

        if (isAtomic)
        {
            old = WideExchange.CompareExchange(memory.Host0, expected, replacement);
        }
        else
        {
            Span<byte> bytes = stackalloc byte[16];
            LoadBytes(memory, bytes);
            old = Unsafe.ReadUnaligned<UInt128>(ref bytes[0]);
            Unsafe.WriteUnaligned(ref bytes[0], old == expected ? replacement : old);
            StoreBytes(memory, bytes);
        }

        X64Arithmetic.SetFlag(X64Bits.FlagZf, old == expected, ref state.Rflags);

        if (old != expected)
        {
            state.Gpr[Rax] = (ulong)old;
            state.Gpr[Rdx] = (ulong)(old >> 64);
        }

        return true;
    }
}
