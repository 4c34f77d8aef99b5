using HvBindgen.Emulation.X64;
using Iced.Intel;

namespace HvBindgen.Emulation.Tests.X64;

/// <summary>
/// Where the architecture leaves a choice and processors of AMD choose otherwise than Intel's, whose ways the emulator has.
/// </summary>
internal static class VendorDifferences
{
    private const byte StackFault = 12;
    private const byte ProtectionFault = 13;
    private const byte PageFault = 14;
    private const byte AlignmentCheck = 17;
    private const ulong AlignmentCheckFlag = 1 << 18;

    /// <summary>Whether processors of the two vendors may differ about a case.</summary>
    /// <param name="bits">Mode.</param>
    /// <param name="test">The case.</param>
    /// <param name="instruction">Its instruction.</param>
    /// <param name="outcome">What the emulator made of it.</param>
    /// <param name="trap">What stopped the processor.</param>
    public static bool Concern(int bits, in OracleCase test, in Instruction instruction, in EmulationOutcome outcome, uint trap)
    {
        bool isFault = outcome.Result == EmulationResult.Fault;
        ReadOnlySpan<byte> prefixes = Prefixes(test);

        // An operand that crosses the end of its segment or of all segments, and is misaligned or on no page as well.
        bool hasTwoFaults = isFault && outcome.Vector is (PageFault or AlignmentCheck) && bits != 64
            && trap is (StackFault or ProtectionFault);

        // What begins with a canonical address, is misaligned and ends with none: which of the two faults comes first.
        bool hasTwoFaultsAtTheEnd = isFault && outcome.Vector == AlignmentCheck && bits == 64 && trap == ProtectionFault;

        // AC applies to unaligned vectors too.
        bool isCheckedVector = (test.Flags & AlignmentCheckFlag) != 0 && HasWideOperand(instruction);

        // AMD heeds the operand size in 64-bit mode, and cuts the target to 16 bits.
        bool isShortBranch = IsNearBranch(instruction) && bits == 64 && prefixes.Contains((byte)0x66);

        // Upper halves of registers after no iteration with 32-bit addresses.
        bool hasShortAddresses = instruction.IsStringInstruction && bits == 64 && prefixes.Contains((byte)0x67);
        return hasTwoFaults || hasTwoFaultsAtTheEnd || isCheckedVector || isShortBranch || hasShortAddresses || instruction.Mnemonic switch
        {
            // AMD looks at the target, or at the operand, before it touches the stack.
            Mnemonic.Call => isFault,

            // A repeat prefix chooses the condition, as with strings.
            Mnemonic.Loope or Mnemonic.Loopne => prefixes.ContainsAny((byte)0xF2, (byte)0xF3),

            // The slot of a selector is written with zeros above it, or not written there.
            Mnemonic.Push => instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsSegmentRegister()
                && Math.Abs(instruction.StackPointerIncrement) == 4,

            // Which of two operands that both fault is read first, and whether the flags are those of the iteration before.
            Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq or Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd
                or Mnemonic.Scasq => isFault,

            // Which byte of an area in two pages, or in one that is not there, is asked for first, and whether that comes before the
            // end of its segment. Whether its place in its segment comes before its alignment.
            Mnemonic.Fxsave or Mnemonic.Fxsave64 or Mnemonic.Fxrstor or Mnemonic.Fxrstor64
                or Mnemonic.Fnsave or Mnemonic.Fnstenv or Mnemonic.Frstor or Mnemonic.Fldenv =>
                isFault && (outcome.Vector == PageFault || trap is StackFault or PageFault or AlignmentCheck),

            // Whether bytes that are not chosen may fault, and whether all of them have to be aligned.
            Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu or Mnemonic.Maskmovq =>
                trap is StackFault or ProtectionFault or PageFault or AlignmentCheck,

            // Whether elements behind the end of 16-bit addresses, or of 64-bit mode's of 32 bits, are looked for there or at the start.
            Mnemonic.Vmaskmovps or Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovd or Mnemonic.Vpmaskmovq =>
                isFault
                    && (instruction.MemoryBase.GetSize() == sizeof(ushort) || (bits == 64 && prefixes.Contains((byte)0x67))),

            // Which elements are loaded before one that faults.
            Mnemonic.Vpgatherdd or Mnemonic.Vpgatherdq or Mnemonic.Vpgatherqd or Mnemonic.Vpgatherqq or Mnemonic.Vgatherdps
                or Mnemonic.Vgatherdpd or Mnemonic.Vgatherqps or Mnemonic.Vgatherqpd => isFault,

            // Whether their operand must be aligned, as those of SSE's other instructions.
            Mnemonic.Sha1msg1 or Mnemonic.Sha1msg2 or Mnemonic.Sha1nexte or Mnemonic.Sha1rnds4 or Mnemonic.Sha256msg1
                or Mnemonic.Sha256msg2 or Mnemonic.Sha256rnds2 => isFault && outcome.Vector == ProtectionFault && trap != ProtectionFault,

            // AMD knows no far pointers with 64 bits.
            Mnemonic.Lss or Mnemonic.Lfs or Mnemonic.Lgs => instruction.Op0Register.GetSize() == 8,

            // Ten bytes are one operand, or eight and two.
            Mnemonic.Fld or Mnemonic.Fstp or Mnemonic.Fbld or Mnemonic.Fbstp => isFault && instruction.MemorySize.GetSize() == 10,

            // With REX.B it exchanges R8.
            Mnemonic.Pause => bits == 64,

            // Whether 16 bits or 32 are read.
            Mnemonic.Movsxd => instruction.Op0Register.GetSize() == 2,
            _ => false,
        };
    }

    /// <summary>Bits of the status of x87 that an instruction leaves on AMD's processors, and clears on Intel's: C1 of FCOMI.</summary>
    public static ushort StatusMask(in Instruction instruction) =>
        instruction.Mnemonic is Mnemonic.Fcomi or Mnemonic.Fcomip or Mnemonic.Fucomi or Mnemonic.Fucomip
            ? unchecked((ushort)~0x200)
            : ushort.MaxValue;

    /// <summary>
    /// Whether a processor of AMD may go on in the middle of a case's instruction: it takes a shorter displacement, and what it leaves is
    /// anything, a jump to itself among others.
    /// </summary>
    public static bool MayRunAway(int bits, in OracleCase test, in Instruction instruction) =>
        bits == 64 && instruction.Op0Kind is OpKind.NearBranch64 && IsNearBranch(instruction) && Prefixes(test).Contains((byte)0x66);

    private static bool IsNearBranch(in Instruction instruction) => instruction.FlowControl is FlowControl.ConditionalBranch
        or FlowControl.UnconditionalBranch or FlowControl.IndirectBranch or FlowControl.Call or FlowControl.IndirectCall
            or FlowControl.Return;

    private static bool HasWideOperand(in Instruction instruction) => instruction.MemorySize.GetSize() >= 16;

    private static ReadOnlySpan<byte> Prefixes(in OracleCase test)
    {
        ReadOnlySpan<byte> code = test.Code;
        ReadOnlySpan<byte> prefixes = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3];
        int count = code.IndexOfAnyExcept(prefixes);
        return code[..Math.Max(count, 0)];
    }
}
