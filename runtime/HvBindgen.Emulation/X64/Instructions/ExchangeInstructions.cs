using System.Runtime.CompilerServices;
using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>XCHG, XADD and the compare-and-exchange instructions.</summary>
internal sealed unsafe class ExchangeInstructions(X64Context context, X64AddressSpace space, X64Operands operands, ReadModifyWrite update)
{
    // XCHG and XADD: the source register receives what the destination held. Its encoding may name memory first or second.
    internal bool ExchangeOperands()
    {
        int target = operands.IsMemory(1) ? 1 : 0;
        Register register = context.Instruction.GetOpRegister(1 - target);
        int size = RegisterNames.SizeBytes(register);
        ulong source = context.ReadRegister(register);

        if (!operands.IsMemory(target))
        {
            Register first = context.Instruction.Op0Register;
            ulong old = context.ReadRegister(first);
            ulong value = X64Arithmetic.Compute(context.Instruction.Mnemonic, old, source, 0, size, ref context.State.Rflags);

            // The sum goes last: of XADD with one register twice it is what remains.
            context.WriteRegister(register, old);
            context.WriteRegister(first, value);
            return true;
        }

        if (!update.TryUpdate(target, size, 0, source, 0, out ulong before))
        {
            return false;
        }

        context.WriteRegister(register, before);
        return true;
    }

    internal bool CompareExchange()
    {
        int size = operands.SizeBytes(0);
        ulong expected = context.ReadGpr(Gpr.Rax, size);
        ulong replacement = X64Value.Truncate(context.ReadRegister(context.Instruction.Op1Register), size);
        ulong old;

        if (operands.IsMemory(0))
        {
            if (!operands.TryMap(size, AccessKind.Write, out MappedMemory memory))
            {
                return false;
            }

            old = space.Load(memory);
            int attempt = 0;

            // The processor writes in either case: what it found when the comparison failed.
            while (!update.TryExchange(memory, ref old, old == expected ? replacement : old))
            {
                if (++attempt == ReadModifyWrite.MaxExchangeAttempts)
                {
                    return update.GiveWay();
                }
            }
        }
        else
        {
            old = context.ReadRegister(context.Instruction.Op0Register);
        }

        X64Arithmetic.Subtract(expected, old, 0, size, ref context.State.Rflags);

        if (old != expected)
        {
            context.WriteGpr(Gpr.Rax, old, size);
        }
        else if (!operands.IsMemory(0))
        {
            context.WriteRegister(context.Instruction.Op0Register, replacement);
        }

        return true;
    }

    internal bool CompareExchange8Bytes()
    {
        if (!operands.TryMap(8, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        ulong expected = (context.State.Gpr[Gpr.Rdx] << 32) | (uint)context.State.Gpr[Gpr.Rax];
        ulong replacement = (context.State.Gpr[Gpr.Rcx] << 32) | (uint)context.State.Gpr[Gpr.Rbx];
        ulong old = space.Load(memory);
        int attempt = 0;

        while (!update.TryExchange(memory, ref old, old == expected ? replacement : old))
        {
            if (++attempt == ReadModifyWrite.MaxExchangeAttempts)
            {
                return update.GiveWay();
            }
        }

        X64Arithmetic.SetFlag(X64Bits.FlagZf, old == expected, ref context.State.Rflags);

        if (old != expected)
        {
            context.WriteGpr(Gpr.Rax, old, 4);
            context.WriteGpr(Gpr.Rdx, old >> 32, 4);
        }

        return true;
    }

    internal bool CompareExchange16Bytes()
    {
        if (!space.TryMapAligned(operands.Segment(), operands.EffectiveAddress(0), 16, AccessKind.Write, out MappedMemory memory))
        {
            return false;
        }

        bool isAtomic = context.Instruction.HasLockPrefix && memory.Host0 != null && memory.IsWritable0;

        if (isAtomic && !WideExchange.IsAvailable)
        {
            return context.Unsupported(EmulationLimit.WideAtomic);
        }

        UInt128 expected = new(context.State.Gpr[Gpr.Rdx], context.State.Gpr[Gpr.Rax]);
        UInt128 replacement = new(context.State.Gpr[Gpr.Rcx], context.State.Gpr[Gpr.Rbx]);
        UInt128 old;

        if (isAtomic)
        {
            old = WideExchange.CompareExchange(memory.Host0, expected, replacement);
            space.NoteWrite(memory);
        }
        else
        {
            Span<byte> bytes = stackalloc byte[16];
            space.LoadBytes(memory, bytes);
            old = Unsafe.ReadUnaligned<UInt128>(ref bytes[0]);
            Unsafe.WriteUnaligned(ref bytes[0], old == expected ? replacement : old);
            space.StoreBytes(memory, bytes);
        }

        X64Arithmetic.SetFlag(X64Bits.FlagZf, old == expected, ref context.State.Rflags);

        if (old != expected)
        {
            context.State.Gpr[Gpr.Rax] = (ulong)old;
            context.State.Gpr[Gpr.Rdx] = (ulong)(old >> 64);
        }

        return true;
    }
}
