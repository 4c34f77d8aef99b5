using System.Runtime.Intrinsics;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Which operation carries out which instruction that packs, shifts, blends or permutes elements of vectors.</summary>
internal static class PackedTable
{
    internal static InstructionEntry[] Entries { get; } =
    [
        Combine(LaneArithmetic.PackSigned16, Mnemonic.Packsswb, Mnemonic.Vpacksswb),
        Combine(LaneArithmetic.PackSigned32, Mnemonic.Packssdw, Mnemonic.Vpackssdw),
        Combine(LaneArithmetic.PackUnsigned16, Mnemonic.Packuswb, Mnemonic.Vpackuswb),
        Combine(LaneArithmetic.PackUnsigned32, Mnemonic.Packusdw, Mnemonic.Vpackusdw),
        Combine(
            static (a, b) => (LaneArithmetic.Even16(a, b) + LaneArithmetic.Odd16(a, b)).AsByte(), Mnemonic.Phaddw, Mnemonic.Vphaddw),
        Combine(
            static (a, b) => (LaneArithmetic.Even32(a, b) + LaneArithmetic.Odd32(a, b)).AsByte(), Mnemonic.Phaddd, Mnemonic.Vphaddd),
        Combine(
            static (a, b) => (LaneArithmetic.Even16(a, b) - LaneArithmetic.Odd16(a, b)).AsByte(), Mnemonic.Phsubw, Mnemonic.Vphsubw),
        Combine(
            static (a, b) => (LaneArithmetic.Even32(a, b) - LaneArithmetic.Odd32(a, b)).AsByte(), Mnemonic.Phsubd, Mnemonic.Vphsubd),
        Combine(
            static (a, b) => Vector128.AddSaturate(LaneArithmetic.Even16(a, b), LaneArithmetic.Odd16(a, b)).AsByte(),
            Mnemonic.Phaddsw, Mnemonic.Vphaddsw),
        Combine(
            static (a, b) => Vector128.SubtractSaturate(LaneArithmetic.Even16(a, b), LaneArithmetic.Odd16(a, b)).AsByte(),
            Mnemonic.Phsubsw, Mnemonic.Vphsubsw),
        Combine(static (a, b) => LaneArithmetic.Sign(a.AsSByte(), b.AsSByte()), Mnemonic.Psignb, Mnemonic.Vpsignb),
        Combine(static (a, b) => LaneArithmetic.Sign(a.AsInt16(), b.AsInt16()), Mnemonic.Psignw, Mnemonic.Vpsignw),
        Combine(static (a, b) => LaneArithmetic.Sign(a.AsInt32(), b.AsInt32()), Mnemonic.Psignd, Mnemonic.Vpsignd),
        Combine(LaneArithmetic.MultiplyBytesAndAdd, Mnemonic.Pmaddubsw, Mnemonic.Vpmaddubsw),
        Combine(LaneArithmetic.MultiplyRounded, Mnemonic.Pmulhrsw, Mnemonic.Vpmulhrsw),
        new(static set => set.Packed.Convert(LaneArithmetic.FindSmallest), Mnemonic.Phminposuw, Mnemonic.Vphminposuw),

        // Shifts.
        Shift(2, PackedShift.Left, Mnemonic.Psllw, Mnemonic.Vpsllw),
        Shift(4, PackedShift.Left, Mnemonic.Pslld, Mnemonic.Vpslld),
        Shift(8, PackedShift.Left, Mnemonic.Psllq, Mnemonic.Vpsllq),
        Shift(2, PackedShift.Right, Mnemonic.Psrlw, Mnemonic.Vpsrlw),
        Shift(4, PackedShift.Right, Mnemonic.Psrld, Mnemonic.Vpsrld),
        Shift(8, PackedShift.Right, Mnemonic.Psrlq, Mnemonic.Vpsrlq),
        Shift(2, PackedShift.RightSigned, Mnemonic.Psraw, Mnemonic.Vpsraw),
        Shift(4, PackedShift.RightSigned, Mnemonic.Psrad, Mnemonic.Vpsrad),
        new(static set => set.Selections.ShiftBytes(isLeft: true), Mnemonic.Pslldq, Mnemonic.Vpslldq),
        new(static set => set.Selections.ShiftBytes(isLeft: false), Mnemonic.Psrldq, Mnemonic.Vpsrldq),
        Combine(static (a, b) => LaneArithmetic.ShiftEach32(a, b, PackedShift.Left), Mnemonic.Vpsllvd),
        Combine(static (a, b) => LaneArithmetic.ShiftEach32(a, b, PackedShift.Right), Mnemonic.Vpsrlvd),
        Combine(static (a, b) => LaneArithmetic.ShiftEach32(a, b, PackedShift.RightSigned), Mnemonic.Vpsravd),
        Combine(static (a, b) => LaneArithmetic.ShiftEach64(a, b, PackedShift.Left), Mnemonic.Vpsllvq),
        Combine(static (a, b) => LaneArithmetic.ShiftEach64(a, b, PackedShift.Right), Mnemonic.Vpsrlvq),

        // What takes elements from here and there.
        Choose(LaneArithmetic.Align, 0, Mnemonic.Palignr, Mnemonic.Vpalignr),
        Choose(LaneArithmetic.SumDistancesByPlace, 3, Mnemonic.Mpsadbw, Mnemonic.Vmpsadbw),
        Choose(static (a, b, choice) => LaneArithmetic.Blend(a, b, 2, choice), 0, Mnemonic.Pblendw, Mnemonic.Vpblendw),
        Choose(static (a, b, choice) => LaneArithmetic.Blend(a, b, 4, choice), 4, Mnemonic.Vpblendd, Mnemonic.Blendps, Mnemonic.Vblendps),
        Choose(static (a, b, choice) => LaneArithmetic.Blend(a, b, 8, choice), 2, Mnemonic.Blendpd, Mnemonic.Vblendpd),
        Choose(LaneArithmetic.Choose32, 0, Mnemonic.Shufps, Mnemonic.Vshufps),
        Choose(LaneArithmetic.Choose64, 2, Mnemonic.Shufpd, Mnemonic.Vshufpd),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 4, 0), Mnemonic.Unpcklps, Mnemonic.Vunpcklps),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 4, 8), Mnemonic.Unpckhps, Mnemonic.Vunpckhps),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 8, 0), Mnemonic.Unpcklpd, Mnemonic.Vunpcklpd),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 8, 8), Mnemonic.Unpckhpd, Mnemonic.Vunpckhpd),
        new(static set => set.Selections.BlendByVector(1), Mnemonic.Pblendvb, Mnemonic.Vpblendvb),
        new(static set => set.Selections.BlendByVector(4), Mnemonic.Blendvps, Mnemonic.Vblendvps),
        new(static set => set.Selections.BlendByVector(8), Mnemonic.Blendvpd, Mnemonic.Vblendvpd),
        new(static set => set.Selections.PermuteByImmediate(), Mnemonic.Vpermq, Mnemonic.Vpermpd),
        new(static set => set.Selections.PermuteByVector(), Mnemonic.Vpermd, Mnemonic.Vpermps),
        new(static set => set.Selections.PermuteLanes(), Mnemonic.Vperm2f128, Mnemonic.Vperm2i128),
    ];

    private static InstructionEntry Combine(PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        new(set => set.Packed.Combine(operation), mnemonics);

    private static InstructionEntry Choose(
        PackedSelectionInstructions.ChosenOperation operation, int bitsPerLane, params Mnemonic[] mnemonics) =>
        new(set => set.Selections.CombineByImmediate(operation, bitsPerLane), mnemonics);

    private static InstructionEntry Shift(int sizeBytes, PackedShift direction, params Mnemonic[] mnemonics) =>
        new(set => set.Selections.Shift(sizeBytes, direction), mnemonics);
}
