using HvBindgen.Emulation.X64.Instructions;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>The encodings that the emulator carries out, by its own table, and the oracle can be asked about.</summary>
internal static class EmulatedInstructions
{
    private static readonly HashSet<Mnemonic> Mnemonics = [.. InstructionTable.Mnemonics];

    /// <summary>All encodings, by the mode they exist in.</summary>
    public static IReadOnlyList<OpCodeInfo> ForMode(int bits) => bits switch { 16 => Mode16, 32 => Mode32, _ => Mode64 };

    private static readonly OpCodeInfo[] All =
        [.. Enum.GetValues<Code>().Where(code => IsEmulated(code) && HostProcessor.Has(code)).Select(code => code.ToOpCode())];

    /// <summary>Emulated encodings that the processor under the tests does not have.</summary>
    public static int NotInProcessor { get; } = Enum.GetValues<Code>().Count(code => IsEmulated(code) && !HostProcessor.Has(code));

    private static readonly OpCodeInfo[] Mode16 = [.. All.Where(info => info.Mode16)];

    private static readonly OpCodeInfo[] Mode32 = [.. All.Where(info => info.Mode32)];

    private static readonly OpCodeInfo[] Mode64 = [.. All.Where(info => info.Mode64)];

    /// <summary>Whether an encoding is among them.</summary>
    public static bool IsEmulated(Code code)
    {
        OpCodeInfo info = code.ToOpCode();

        if (!info.IsInstruction || info.Encoding is EncodingKind.XOP or EncodingKind.MVEX
            || (info.Encoding == EncodingKind.EVEX && InstructionTable.Find(info.Mnemonic) is not { TakesEvex: true }))
        {
            return false;
        }

        return Mnemonics.Contains(code.Mnemonic()) && !UsesOtherState(info) && !IsApproximate(code) && !IsReserved(code);
    }

    // Control and debug registers: not emulated, as the emulator's own tests show. What SMSW stores is made up by the kernel where the
    // processor keeps it from programs (UMIP).
    private static bool UsesOtherState(OpCodeInfo info)
    {
        if (info.Mnemonic is Mnemonic.Smsw)
        {
            return true;
        }

        for (int operand = 0; operand < info.OpCount; operand++)
        {
            switch (info.GetOpKind(operand))
            {
                case OpCodeOperandKind.cr_reg or OpCodeOperandKind.dr_reg or OpCodeOperandKind.tr_reg:
                case OpCodeOperandKind.farbr2_2 or OpCodeOperandKind.farbr4_2:
                    return true;
                default:
                    break;
            }
        }

        return info.Code.IsJmpFarIndirect() || info.Code.IsCallFarIndirect();
    }

    // Any result is right that is near enough, and processors differ.
    private static bool IsApproximate(Code code) => code.Mnemonic() is Mnemonic.Rcpps or Mnemonic.Rcpss or Mnemonic.Vrcpps
        or Mnemonic.Vrcpss or Mnemonic.Rsqrtps or Mnemonic.Rsqrtss or Mnemonic.Vrsqrtps or Mnemonic.Vrsqrtss
        or Mnemonic.F2xm1 or Mnemonic.Fyl2x or Mnemonic.Fyl2xp1 or Mnemonic.Fpatan or Mnemonic.Fsin or Mnemonic.Fcos
        or Mnemonic.Fsincos or Mnemonic.Fptan;

    // No-operations that are reserved for prefetches, or are left of an 8087's or 80287's control; and a store that is carried out where it
    // stores something.
    private static bool IsReserved(Code code) =>
        code is Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D or Code.Fneni
            or Code.Fndisi or Code.Fnsetpm or Code.Fstpnce_sti;
}
