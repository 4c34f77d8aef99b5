using HvBindgen.Emulation.X64.Execution;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>SETcc and CMOVcc, and what conditions mean.</summary>
internal sealed class ConditionalInstructions(X64Context context, X64Operands operands)
{
    internal bool SetByte() => operands.TryWrite(0, 1, Holds(context.Instruction.ConditionCode, context.State.Rflags) ? 1UL : 0);

    // CMOV reads its source, and clears the upper half, whether or not it moves.
    internal bool Move()
    {
        bool holds = Holds(context.Instruction.ConditionCode, context.State.Rflags);
        int size = operands.SizeBytes(0);

        if (!operands.TryRead(1, size, out ulong value))
        {
            return false;
        }

        context.WriteRegister(context.Instruction.Op0Register, holds ? value : context.ReadRegister(context.Instruction.Op0Register));
        return true;
    }

    internal static bool Holds(ConditionCode condition, ulong flags)
    {
        bool carry = (flags & X64Bits.FlagCf) != 0;
        bool zero = (flags & X64Bits.FlagZf) != 0;
        bool sign = (flags & X64Bits.FlagSf) != 0;
        bool overflow = (flags & X64Bits.FlagOf) != 0;
        bool parity = (flags & X64Bits.FlagPf) != 0;

        return condition switch
        {
            ConditionCode.o => overflow,
            ConditionCode.no => !overflow,
            ConditionCode.b => carry,
            ConditionCode.ae => !carry,
            ConditionCode.e => zero,
            ConditionCode.ne => !zero,
            ConditionCode.be => carry || zero,
            ConditionCode.a => !carry && !zero,
            ConditionCode.s => sign,
            ConditionCode.ns => !sign,
            ConditionCode.p => parity,
            ConditionCode.np => !parity,
            ConditionCode.l => sign != overflow,
            ConditionCode.ge => sign == overflow,
            ConditionCode.le => zero || sign != overflow,
            _ => !zero && sign == overflow,
        };
    }
}
