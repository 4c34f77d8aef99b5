using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Changes one operand by its old value. With LOCK, and for XCHG, memory changes only if it still holds what was read: one
/// compare-and-exchange of the host.</summary>
internal sealed unsafe class ReadModifyWrite(X64Context context, X64AddressSpace space, X64Operands operands)
{
    // Each failed attempt means that another processor has just written the same place. A guest that does nothing else could go on for
    // ever, so the instruction is then left for the next call.
    internal const int MaxExchangeAttempts = 1 << 16;

    /// <summary>Held while an operand changes that no single instruction of the host can change: its pieces lie apart in host memory, or
    /// the host has no such instruction for its address.</summary>
    internal static Lock SplitLock { get; } = new();

    private bool IsLocked => context.Instruction.HasLockPrefix || context.Instruction.Mnemonic == Mnemonic.Xchg;

    /// <summary>Changes a register or memory operand as the instruction says.</summary>
    /// <param name="operand">The destination.</param>
    /// <param name="sizeBytes">Its size.</param>
    /// <param name="displacement">Added to the operand's address.</param>
    /// <param name="right">The other operand.</param>
    /// <param name="count">Shift count of a double shift.</param>
    /// <param name="old">The value before.</param>
    internal bool TryUpdate(int operand, int sizeBytes, long displacement, ulong right, ulong count, out ulong old)
    {
        ulong flags = context.State.Rflags;

        if (!operands.IsMemory(operand))
        {
            Register register = context.Instruction.GetOpRegister(operand);
            old = context.ReadRegister(register);
            context.WriteRegister(register, X64Arithmetic.Compute(context.Instruction.Mnemonic, old, right, count, sizeBytes, ref flags));
            context.State.Rflags = flags;
            return true;
        }

        if (!operands.TryMap(sizeBytes, AccessKind.Write, displacement, out MappedMemory memory))
        {
            old = 0;
            return false;
        }

        old = space.Load(memory);

        for (int attempt = 0; attempt < MaxExchangeAttempts; attempt++)
        {
            flags = context.State.Rflags;
            ulong value = X64Arithmetic.Compute(context.Instruction.Mnemonic, old, right, count, sizeBytes, ref flags);

            if (TryExchange(memory, ref old, value))
            {
                context.State.Rflags = flags;
                return true;
            }
        }

        return GiveWay();
    }

    /// <summary>Leaves the instruction to be carried out again: nothing has changed.</summary>
    internal bool GiveWay()
    {
        context.Outcome = EmulationOutcome.Again(context.Instruction, singleStep: false);
        return false;
    }

    /// <summary>Stores a value; under LOCK only if memory still holds the old one.</summary>
    /// <returns>False when it does not; the old value is then the one it holds now.</returns>
    internal bool TryExchange(in MappedMemory memory, ref ulong old, ulong value)
    {
        if (!IsLocked || memory.Host0 == null || (memory.Length1 != 0 && memory.Host1 == null))
        {
            space.Store(memory, value);
            return true;
        }

        if (!space.IsAtomicOnHost(memory))
        {
            lock (SplitLock)
            {
                ulong now = space.Load(memory);
                bool unchanged = now == old;
                old = now;

                if (unchanged)
                {
                    space.Store(memory, value);
                }

                return unchanged;
            }
        }

        // The pieces lie side by side, at an address that suits the host's locked instructions.
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
        if (exchanged)
        {
            space.NoteWrite(memory);
        }

        return exchanged;
    }
}
