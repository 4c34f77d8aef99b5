using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>Which status flags an instruction leaves in a state the architecture defines.</summary>
internal static class DefinedFlags
{
    private const ulong Carry = 1;
    private const ulong Parity = 4;
    private const ulong Adjust = 0x10;
    private const ulong Zero = 0x40;
    private const ulong Sign = 0x80;
    private const ulong Overflow = 0x800;
    private const ulong Status = Carry | Parity | Adjust | Zero | Sign | Overflow;

    /// <summary>The status flags that must agree with the processor's.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="shiftCount">Count of a shift or rotate, before masking.</param>
    public static ulong Of(in Instruction instruction, int shiftCount)
    {
        int bits = instruction.Op0Kind == OpKind.Memory ? instruction.MemorySize.GetSize() * 8 : instruction.Op0Register.GetSize() * 8;
        int count = shiftCount & (bits == 64 ? 63 : 31);

        switch (instruction.Mnemonic)
        {
            case Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr:
                return count == 0 ? Status : Status & ~Adjust & ~(count != 1 ? Overflow : 0) & ~(count > bits ? Carry : 0);
            case Mnemonic.Sar:
                return count == 0 ? Status : Status & ~Adjust & ~(count != 1 ? Overflow : 0);
            case Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr:
                return count <= 1 ? Status : Status & ~Overflow;
            case Mnemonic.Shld or Mnemonic.Shrd:
                return count == 0 ? Status : count > bits ? 0 : Status & ~Adjust & ~(count != 1 ? Overflow : 0);
            default:
                return Status & ~FromBits(instruction.RflagsUndefined);
        }
    }

    private static ulong FromBits(RflagsBits flags)
    {
        ulong mask = (flags & RflagsBits.CF) != 0 ? Carry : 0;
        mask |= (flags & RflagsBits.PF) != 0 ? Parity : 0;
        mask |= (flags & RflagsBits.AF) != 0 ? Adjust : 0;
        mask |= (flags & RflagsBits.ZF) != 0 ? Zero : 0;
        mask |= (flags & RflagsBits.SF) != 0 ? Sign : 0;
        mask |= (flags & RflagsBits.OF) != 0 ? Overflow : 0;
        return mask;
    }
}
