using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Instructions on the accumulator and the flags alone, fences, and those that do nothing.</summary>
internal sealed class FlagInstructions(X64Context context)
{
    private const ulong LowStatusFlags = X64Bits.FlagsStatus & ~X64Bits.FlagOf;

    internal static bool DoNothing() => true;

    internal static bool Fence()
    {
        Interlocked.MemoryBarrier();
        return true;
    }

    internal bool Undefined() => context.Fault(X64Bits.VectorUd);

    /// <summary>NOP in all encodings but those of PREFETCHW with a register.</summary>
    internal bool DoNothingUnlessUndefined() => context.Instruction.Code is not (
        Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D) || Undefined();

    /// <summary>CBW, CWDE, CDQE: the accumulator, signed, from a size to twice that.</summary>
    internal bool WidenAccumulator(int sizeBytes)
    {
        context.WriteGpr(Gpr.Rax, X64Value.SignExtend(context.State.Gpr[Gpr.Rax], sizeBytes), sizeBytes * 2);
        return true;
    }

    /// <summary>CWD, CDQ, CQO: the accumulator's sign throughout RDX.</summary>
    internal bool SpreadSign(int sizeBytes)
    {
        bool isNegative = X64Value.IsNegative(context.State.Gpr[Gpr.Rax], sizeBytes);
        context.WriteGpr(Gpr.Rdx, isNegative ? ulong.MaxValue : 0, sizeBytes);
        return true;
    }

    /// <summary>SALC, which no manual has: the carry flag throughout AL.</summary>
    internal bool SpreadCarry()
    {
        context.WriteRegister(Register.AL, (context.State.Rflags & X64Bits.FlagCf) != 0 ? byte.MaxValue : 0u);
        return true;
    }

    internal bool Clear(ulong flags)
    {
        context.State.Rflags &= ~flags;
        return true;
    }

    internal bool Set(ulong flags)
    {
        context.State.Rflags |= flags;
        return true;
    }

    internal bool Complement(ulong flags)
    {
        context.State.Rflags ^= flags;
        return true;
    }

    internal bool LoadFlags()
    {
        context.WriteRegister(Register.AH, (context.State.Rflags & LowStatusFlags) | 2);
        return true;
    }

    internal bool StoreFlags()
    {
        ulong flags = context.ReadRegister(Register.AH) & LowStatusFlags;
        context.State.Rflags = (context.State.Rflags & ~LowStatusFlags) | flags;
        return true;
    }
}
