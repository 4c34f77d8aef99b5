using System.Runtime.Intrinsics;
using Iced.Intel;
using static HvBindgen.Emulation.X64.Instructions.PackedEntries;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Which operation carries out which instruction that packs, shifts, blends or permutes elements of vectors.</summary>
internal static class PackedTable
{
    internal static InstructionEntry[] Entries { get; } =
    [
        Narrow(1, LaneArithmetic.PackSigned16, Mnemonic.Packsswb, Mnemonic.Vpacksswb),
        Narrow(2, LaneArithmetic.PackSigned32, Mnemonic.Packssdw, Mnemonic.Vpackssdw),
        Narrow(1, LaneArithmetic.PackUnsigned16, Mnemonic.Packuswb, Mnemonic.Vpackuswb),
        Narrow(2, LaneArithmetic.PackUnsigned32, Mnemonic.Packusdw, Mnemonic.Vpackusdw),
        Narrow(
            2, static (a, b) => (LaneArithmetic.Even16(a, b) + LaneArithmetic.Odd16(a, b)).AsByte(), Mnemonic.Phaddw, Mnemonic.Vphaddw),
        Narrow(
            4, static (a, b) => (LaneArithmetic.Even32(a, b) + LaneArithmetic.Odd32(a, b)).AsByte(), Mnemonic.Phaddd, Mnemonic.Vphaddd),
        Narrow(
            2, static (a, b) => (LaneArithmetic.Even16(a, b) - LaneArithmetic.Odd16(a, b)).AsByte(), Mnemonic.Phsubw, Mnemonic.Vphsubw),
        Narrow(
            4, static (a, b) => (LaneArithmetic.Even32(a, b) - LaneArithmetic.Odd32(a, b)).AsByte(), Mnemonic.Phsubd, Mnemonic.Vphsubd),
        Narrow(
            2, static (a, b) => Vector128.AddSaturate(LaneArithmetic.Even16(a, b), LaneArithmetic.Odd16(a, b)).AsByte(),
            Mnemonic.Phaddsw, Mnemonic.Vphaddsw),
        Narrow(
            2, static (a, b) => Vector128.SubtractSaturate(LaneArithmetic.Even16(a, b), LaneArithmetic.Odd16(a, b)).AsByte(),
            Mnemonic.Phsubsw, Mnemonic.Vphsubsw),
        Combine(1, static (a, b) => LaneArithmetic.Sign(a.AsSByte(), b.AsSByte()), Mnemonic.Psignb, Mnemonic.Vpsignb),
        Combine(2, static (a, b) => LaneArithmetic.Sign(a.AsInt16(), b.AsInt16()), Mnemonic.Psignw, Mnemonic.Vpsignw),
        Combine(4, static (a, b) => LaneArithmetic.Sign(a.AsInt32(), b.AsInt32()), Mnemonic.Psignd, Mnemonic.Vpsignd),
        Mix(2, LaneArithmetic.MultiplyBytesAndAdd, Mnemonic.Pmaddubsw, Mnemonic.Vpmaddubsw),
        Combine(2, LaneArithmetic.MultiplyRounded, Mnemonic.Pmulhrsw, Mnemonic.Vpmulhrsw),
        new(static set => set.Packed.Convert(LaneArithmetic.FindSmallest, default), Mnemonic.Phminposuw, Mnemonic.Vphminposuw),

        // Shifts.
        Shift(2, PackedShift.Left, Mnemonic.Psllw, Mnemonic.Vpsllw),
        Shift(4, PackedShift.Left, Mnemonic.Pslld, Mnemonic.Vpslld),
        Shift(8, PackedShift.Left, Mnemonic.Psllq, Mnemonic.Vpsllq),
        Shift(2, PackedShift.Right, Mnemonic.Psrlw, Mnemonic.Vpsrlw),
        Shift(4, PackedShift.Right, Mnemonic.Psrld, Mnemonic.Vpsrld),
        Shift(8, PackedShift.Right, Mnemonic.Psrlq, Mnemonic.Vpsrlq),
        Shift(2, PackedShift.RightSigned, Mnemonic.Psraw, Mnemonic.Vpsraw),
        Shift(4, PackedShift.RightSigned, Mnemonic.Psrad, Mnemonic.Vpsrad),
        Shift(8, PackedShift.RightSigned, Mnemonic.Vpsraq),
        Wide(static set => set.Selections.ShiftBytes(isLeft: true), Mnemonic.Pslldq, Mnemonic.Vpslldq),
        Wide(static set => set.Selections.ShiftBytes(isLeft: false), Mnemonic.Psrldq, Mnemonic.Vpsrldq),
        Combine(4, static (a, b) => LaneArithmetic.ShiftEach32(a, b, PackedShift.Left), Mnemonic.Vpsllvd),
        Combine(4, static (a, b) => LaneArithmetic.ShiftEach32(a, b, PackedShift.Right), Mnemonic.Vpsrlvd),
        Combine(4, static (a, b) => LaneArithmetic.ShiftEach32(a, b, PackedShift.RightSigned), Mnemonic.Vpsravd),
        Combine(8, static (a, b) => LaneArithmetic.ShiftEach64(a, b, PackedShift.Left), Mnemonic.Vpsllvq),
        Combine(8, static (a, b) => LaneArithmetic.ShiftEach64(a, b, PackedShift.Right), Mnemonic.Vpsrlvq),
        Combine(8, static (a, b) => LaneArithmetic.ShiftEach64(a, b, PackedShift.RightSigned), Mnemonic.Vpsravq),

        // What takes elements from here and there.
        Wide(static set => set.Align(), Mnemonic.Palignr, Mnemonic.Vpalignr),
        Choose(LaneArithmetic.SumDistancesByPlace, 3, Mnemonic.Mpsadbw, Mnemonic.Vmpsadbw),
        Choose(static (a, b, choice) => LaneArithmetic.Blend(a, b, 2, choice), 0, Mnemonic.Pblendw, Mnemonic.Vpblendw),
        Choose(static (a, b, choice) => LaneArithmetic.Blend(a, b, 4, choice), 4, Mnemonic.Vpblendd, Mnemonic.Blendps, Mnemonic.Vblendps),
        Choose(static (a, b, choice) => LaneArithmetic.Blend(a, b, 8, choice), 2, Mnemonic.Blendpd, Mnemonic.Vblendpd),
        ChooseWide(4, LaneArithmetic.Choose32, 0, Mnemonic.Shufps, Mnemonic.Vshufps),
        ChooseWide(8, LaneArithmetic.Choose64, 2, Mnemonic.Shufpd, Mnemonic.Vshufpd),
        Mix(4, static (a, b) => PackedInstructions.Interleave(a, b, 4, 0), Mnemonic.Unpcklps, Mnemonic.Vunpcklps),
        Mix(4, static (a, b) => PackedInstructions.Interleave(a, b, 4, 8), Mnemonic.Unpckhps, Mnemonic.Vunpckhps),
        Mix(8, static (a, b) => PackedInstructions.Interleave(a, b, 8, 0), Mnemonic.Unpcklpd, Mnemonic.Vunpcklpd),
        Mix(8, static (a, b) => PackedInstructions.Interleave(a, b, 8, 8), Mnemonic.Unpckhpd, Mnemonic.Vunpckhpd),
        Compare(1, static (a, b, choice) => LaneArithmetic.Compare(a.AsSByte(), b.AsSByte(), choice), Mnemonic.Vpcmpb),
        Compare(1, static (a, b, choice) => LaneArithmetic.Compare(a, b, choice), Mnemonic.Vpcmpub),
        Compare(2, static (a, b, choice) => LaneArithmetic.Compare(a.AsInt16(), b.AsInt16(), choice), Mnemonic.Vpcmpw),
        Compare(2, static (a, b, choice) => LaneArithmetic.Compare(a.AsUInt16(), b.AsUInt16(), choice), Mnemonic.Vpcmpuw),
        Compare(4, static (a, b, choice) => LaneArithmetic.Compare(a.AsInt32(), b.AsInt32(), choice), Mnemonic.Vpcmpd),
        Compare(4, static (a, b, choice) => LaneArithmetic.Compare(a.AsUInt32(), b.AsUInt32(), choice), Mnemonic.Vpcmpud),
        Compare(8, static (a, b, choice) => LaneArithmetic.Compare(a.AsInt64(), b.AsInt64(), choice), Mnemonic.Vpcmpq),
        Compare(8, static (a, b, choice) => LaneArithmetic.Compare(a.AsUInt64(), b.AsUInt64(), choice), Mnemonic.Vpcmpuq),
        Wide(static set => set.Selections.CombineBits(4), Mnemonic.Vpternlogd),
        Wide(static set => set.Selections.CombineBits(8), Mnemonic.Vpternlogq),
        new(static set => set.Selections.BlendByVector(1), Mnemonic.Pblendvb, Mnemonic.Vpblendvb),
        new(static set => set.Selections.BlendByVector(4), Mnemonic.Blendvps, Mnemonic.Vblendvps),
        new(static set => set.Selections.BlendByVector(8), Mnemonic.Blendvpd, Mnemonic.Vblendvpd),
        new(static set => set.Selections.PermuteByImmediate(), Mnemonic.Vpermq, Mnemonic.Vpermpd),
        new(static set => set.Selections.PermuteByVector(), Mnemonic.Vpermd, Mnemonic.Vpermps),
        new(static set => set.Selections.PermuteLanes(), Mnemonic.Vperm2f128, Mnemonic.Vperm2i128),
    ];

    private static InstructionEntry Narrow(int sizeBytes, PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        Wide(set => set.Combine(operation, new MaskedElements(sizeBytes, AreMixed: true), MmxPart.Narrowed), mnemonics);

    private static InstructionEntry Choose(
        PackedSelectionInstructions.ChosenOperation operation, int bitsPerLane, params Mnemonic[] mnemonics) =>
        new(set => set.Selections.CombineByImmediate(operation, bitsPerLane, default), mnemonics);

    private static InstructionEntry ChooseWide(
        int sizeBytes, PackedSelectionInstructions.ChosenOperation operation, int bitsPerLane, params Mnemonic[] mnemonics) => Wide(
            set => set.Selections.CombineByImmediate(operation, bitsPerLane, new MaskedElements(sizeBytes, AreMixed: true)), mnemonics);

    private static InstructionEntry Compare(
        int sizeBytes, PackedSelectionInstructions.ChosenOperation operation, params Mnemonic[] mnemonics) =>
        Wide(set => set.Selections.CombineByImmediate(operation, 0, new MaskedElements(sizeBytes)), mnemonics);

    private static InstructionEntry Shift(int sizeBytes, PackedShift direction, params Mnemonic[] mnemonics) =>
        Wide(set => set.Shift(sizeBytes, direction), mnemonics);
}
