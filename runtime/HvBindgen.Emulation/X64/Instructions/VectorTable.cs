using System.Runtime.Intrinsics;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Which operation carries out which instruction of vectors.</summary>
internal static class VectorTable
{
    internal static InstructionEntry[] Entries { get; } =
    [
        // Whole registers.
        new(
            static set => set.Vectors.MoveVector(isAligned: false),
            Mnemonic.Movups, Mnemonic.Movupd, Mnemonic.Movdqu, Mnemonic.Lddqu, Mnemonic.Vmovdqu, Mnemonic.Vlddqu),
        new(
            static set => set.Vectors.MoveVector(isAligned: true),
            Mnemonic.Movaps, Mnemonic.Movapd, Mnemonic.Movdqa, Mnemonic.Movntps, Mnemonic.Movntpd, Mnemonic.Movntdq, Mnemonic.Movntdqa,
            Mnemonic.Vmovdqa),
        Wide(static set => set.Vectors.MoveVector(isAligned: false, elementBytes: 1), Mnemonic.Vmovdqu8),
        Wide(static set => set.Vectors.MoveVector(isAligned: false, elementBytes: 2), Mnemonic.Vmovdqu16),
        Wide(static set => set.Vectors.MoveVector(isAligned: false, elementBytes: 4), Mnemonic.Vmovups, Mnemonic.Vmovdqu32),
        Wide(static set => set.Vectors.MoveVector(isAligned: false, elementBytes: 8), Mnemonic.Vmovupd, Mnemonic.Vmovdqu64),
        Wide(static set => set.Vectors.MoveVector(isAligned: true, elementBytes: 4), Mnemonic.Vmovaps, Mnemonic.Vmovdqa32),
        Wide(static set => set.Vectors.MoveVector(isAligned: true, elementBytes: 8), Mnemonic.Vmovapd, Mnemonic.Vmovdqa64),
        Wide(
            static set => set.Vectors.MoveVector(isAligned: true),
            Mnemonic.Vmovntps, Mnemonic.Vmovntpd, Mnemonic.Vmovntdq, Mnemonic.Vmovntdqa),

        // Masks.
        new(static set => set.Vectors.MoveMask(1), Mnemonic.Kmovb),
        new(static set => set.Vectors.MoveMask(2), Mnemonic.Kmovw),
        new(static set => set.Vectors.MoveMask(4), Mnemonic.Kmovd),
        new(static set => set.Vectors.MoveMask(8), Mnemonic.Kmovq),

        // Elements and lanes.
        new(static set => set.Vectors.MoveElement(), Mnemonic.Movd, Mnemonic.Movq, Mnemonic.Movss),
        Wide(static set => set.Vectors.MoveElement(), Mnemonic.Vmovd, Mnemonic.Vmovq, Mnemonic.Vmovss),
        Wide(static set => set.Vectors.MoveElement(), Mnemonic.Vmovsd),
        new(static set => set.Vectors.MoveHalf(half: 0), Mnemonic.Movlps, Mnemonic.Movlpd),
        Wide(static set => set.Vectors.MoveHalf(half: 0), Mnemonic.Vmovlps, Mnemonic.Vmovlpd),
        new(static set => set.Vectors.MoveHalf(half: 8), Mnemonic.Movhps, Mnemonic.Movhpd),
        Wide(static set => set.Vectors.MoveHalf(half: 8), Mnemonic.Vmovhps, Mnemonic.Vmovhpd),
        new(static set => set.Vectors.InsertElement(1), Mnemonic.Pinsrb),
        Wide(static set => set.Vectors.InsertElement(1), Mnemonic.Vpinsrb),
        new(static set => set.Vectors.InsertElement(2), Mnemonic.Pinsrw),
        Wide(static set => set.Vectors.InsertElement(2), Mnemonic.Vpinsrw),
        new(static set => set.Vectors.InsertElement(4), Mnemonic.Pinsrd),
        Wide(static set => set.Vectors.InsertElement(4), Mnemonic.Vpinsrd),
        new(static set => set.Vectors.InsertElement(8), Mnemonic.Pinsrq),
        Wide(static set => set.Vectors.InsertElement(8), Mnemonic.Vpinsrq),
        new(static set => set.Vectors.ExtractElement(1), Mnemonic.Pextrb),
        Wide(static set => set.Vectors.ExtractElement(1), Mnemonic.Vpextrb),
        new(static set => set.Vectors.ExtractElement(2), Mnemonic.Pextrw),
        Wide(static set => set.Vectors.ExtractElement(2), Mnemonic.Vpextrw),
        new(static set => set.Vectors.ExtractElement(4), Mnemonic.Pextrd, Mnemonic.Extractps),
        Wide(static set => set.Vectors.ExtractElement(4), Mnemonic.Vpextrd, Mnemonic.Vextractps),
        new(static set => set.Vectors.ExtractElement(8), Mnemonic.Pextrq),
        Wide(static set => set.Vectors.ExtractElement(8), Mnemonic.Vpextrq),
        new(static set => set.Vectors.InsertSingle(), Mnemonic.Insertps),
        Wide(static set => set.Vectors.InsertSingle(), Mnemonic.Vinsertps),
        new(static set => set.Vectors.InsertLane(), Mnemonic.Vinsertf128, Mnemonic.Vinserti128),
        new(static set => set.Vectors.ExtractLane(), Mnemonic.Vextractf128, Mnemonic.Vextracti128),
        Wide(static set => set.Vectors.Broadcast(1), Mnemonic.Vpbroadcastb),
        Wide(static set => set.Vectors.Broadcast(2), Mnemonic.Vpbroadcastw),
        Wide(static set => set.Vectors.Broadcast(4), Mnemonic.Vbroadcastss, Mnemonic.Vpbroadcastd),
        Wide(static set => set.Vectors.Broadcast(8), Mnemonic.Vbroadcastsd, Mnemonic.Vpbroadcastq),
        new(static set => set.Vectors.Broadcast(16), Mnemonic.Vbroadcastf128, Mnemonic.Vbroadcasti128),
        new(static set => set.Vectors.Duplicate(8, first: 0), Mnemonic.Movddup, Mnemonic.Vmovddup),
        new(static set => set.Vectors.Duplicate(4, first: 0), Mnemonic.Movsldup, Mnemonic.Vmovsldup),
        new(static set => set.Vectors.Duplicate(4, first: 1), Mnemonic.Movshdup, Mnemonic.Vmovshdup),
        new(static set => set.MaskedMoves.MoveByVectorMask(4), Mnemonic.Vmaskmovps, Mnemonic.Vpmaskmovd),
        new(static set => set.MaskedMoves.MoveByVectorMask(8), Mnemonic.Vmaskmovpd, Mnemonic.Vpmaskmovq),

        // Arithmetic of elements.
        Combine(static (a, b) => a + b, Mnemonic.Paddb, Mnemonic.Vpaddb),
        Combine(static (a, b) => (a.AsUInt16() + b.AsUInt16()).AsByte(), Mnemonic.Paddw, Mnemonic.Vpaddw),
        Combine(static (a, b) => (a.AsUInt32() + b.AsUInt32()).AsByte(), Mnemonic.Paddd, Mnemonic.Vpaddd),
        Combine(static (a, b) => (a.AsUInt64() + b.AsUInt64()).AsByte(), Mnemonic.Paddq, Mnemonic.Vpaddq),
        Combine(static (a, b) => a - b, Mnemonic.Psubb, Mnemonic.Vpsubb),
        Combine(static (a, b) => (a.AsUInt16() - b.AsUInt16()).AsByte(), Mnemonic.Psubw, Mnemonic.Vpsubw),
        Combine(static (a, b) => (a.AsUInt32() - b.AsUInt32()).AsByte(), Mnemonic.Psubd, Mnemonic.Vpsubd),
        Combine(static (a, b) => (a.AsUInt64() - b.AsUInt64()).AsByte(), Mnemonic.Psubq, Mnemonic.Vpsubq),
        Combine(static (a, b) => a & b, Mnemonic.Pand, Mnemonic.Vpand, Mnemonic.Andps, Mnemonic.Vandps, Mnemonic.Andpd, Mnemonic.Vandpd),
        Combine(static (a, b) => a | b, Mnemonic.Por, Mnemonic.Vpor, Mnemonic.Orps, Mnemonic.Vorps, Mnemonic.Orpd, Mnemonic.Vorpd),
        Combine(static (a, b) => a ^ b, Mnemonic.Pxor, Mnemonic.Vpxor, Mnemonic.Xorps, Mnemonic.Vxorps, Mnemonic.Xorpd, Mnemonic.Vxorpd),
        Combine(
            static (a, b) => ~a & b,
            Mnemonic.Pandn, Mnemonic.Vpandn, Mnemonic.Andnps, Mnemonic.Vandnps, Mnemonic.Andnpd, Mnemonic.Vandnpd),
        Combine(static (a, b) => Vector128.Equals(a, b), Mnemonic.Pcmpeqb, Mnemonic.Vpcmpeqb),
        Combine(static (a, b) => Vector128.Equals(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Pcmpeqw, Mnemonic.Vpcmpeqw),
        Combine(static (a, b) => Vector128.Equals(a.AsUInt32(), b.AsUInt32()).AsByte(), Mnemonic.Pcmpeqd, Mnemonic.Vpcmpeqd),
        Combine(static (a, b) => Vector128.Equals(a.AsUInt64(), b.AsUInt64()).AsByte(), Mnemonic.Pcmpeqq, Mnemonic.Vpcmpeqq),
        Combine(static (a, b) => Vector128.GreaterThan(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Pcmpgtb, Mnemonic.Vpcmpgtb),
        Combine(static (a, b) => Vector128.GreaterThan(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Pcmpgtw, Mnemonic.Vpcmpgtw),
        Combine(static (a, b) => Vector128.GreaterThan(a.AsInt32(), b.AsInt32()).AsByte(), Mnemonic.Pcmpgtd, Mnemonic.Vpcmpgtd),
        Combine(static (a, b) => Vector128.GreaterThan(a.AsInt64(), b.AsInt64()).AsByte(), Mnemonic.Pcmpgtq, Mnemonic.Vpcmpgtq),
        Combine(static (a, b) => Vector128.Max(a, b), Mnemonic.Pmaxub, Mnemonic.Vpmaxub),
        Combine(static (a, b) => Vector128.Max(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Pmaxuw, Mnemonic.Vpmaxuw),
        Combine(static (a, b) => Vector128.Max(a.AsUInt32(), b.AsUInt32()).AsByte(), Mnemonic.Pmaxud, Mnemonic.Vpmaxud),
        Combine(static (a, b) => Vector128.Max(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Pmaxsb, Mnemonic.Vpmaxsb),
        Combine(static (a, b) => Vector128.Max(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Pmaxsw, Mnemonic.Vpmaxsw),
        Combine(static (a, b) => Vector128.Max(a.AsInt32(), b.AsInt32()).AsByte(), Mnemonic.Pmaxsd, Mnemonic.Vpmaxsd),
        Combine(static (a, b) => Vector128.Min(a, b), Mnemonic.Pminub, Mnemonic.Vpminub),
        Combine(static (a, b) => Vector128.Min(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Pminuw, Mnemonic.Vpminuw),
        Combine(static (a, b) => Vector128.Min(a.AsUInt32(), b.AsUInt32()).AsByte(), Mnemonic.Pminud, Mnemonic.Vpminud),
        Combine(static (a, b) => Vector128.Min(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Pminsb, Mnemonic.Vpminsb),
        Combine(static (a, b) => Vector128.Min(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Pminsw, Mnemonic.Vpminsw),
        Combine(static (a, b) => Vector128.Min(a.AsInt32(), b.AsInt32()).AsByte(), Mnemonic.Pminsd, Mnemonic.Vpminsd),
        Combine(static (a, b) => Vector128.AddSaturate(a, b), Mnemonic.Paddusb, Mnemonic.Vpaddusb),
        Combine(static (a, b) => Vector128.AddSaturate(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Paddusw, Mnemonic.Vpaddusw),
        Combine(static (a, b) => Vector128.AddSaturate(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Paddsb, Mnemonic.Vpaddsb),
        Combine(static (a, b) => Vector128.AddSaturate(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Paddsw, Mnemonic.Vpaddsw),
        Combine(static (a, b) => Vector128.SubtractSaturate(a, b), Mnemonic.Psubusb, Mnemonic.Vpsubusb),
        Combine(static (a, b) => Vector128.SubtractSaturate(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Psubusw, Mnemonic.Vpsubusw),
        Combine(static (a, b) => Vector128.SubtractSaturate(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Psubsb, Mnemonic.Vpsubsb),
        Combine(static (a, b) => Vector128.SubtractSaturate(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Psubsw, Mnemonic.Vpsubsw),
        Combine(static (a, b) => PackedInstructions.Average(a, b), Mnemonic.Pavgb, Mnemonic.Vpavgb),
        Combine(static (a, b) => PackedInstructions.Average(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Pavgw, Mnemonic.Vpavgw),
        Combine(static (a, b) => (a.AsUInt16() * b.AsUInt16()).AsByte(), Mnemonic.Pmullw, Mnemonic.Vpmullw),
        Combine(static (a, b) => (a.AsUInt32() * b.AsUInt32()).AsByte(), Mnemonic.Pmulld, Mnemonic.Vpmulld),
        Combine(static (a, b) => PackedInstructions.MultiplyHigh(a, b, isSigned: true), Mnemonic.Pmulhw, Mnemonic.Vpmulhw),
        Combine(static (a, b) => PackedInstructions.MultiplyHigh(a, b, isSigned: false), Mnemonic.Pmulhuw, Mnemonic.Vpmulhuw),
        Combine(static (a, b) => PackedInstructions.MultiplyEven(a, b, isSigned: true), Mnemonic.Pmuldq, Mnemonic.Vpmuldq),
        Combine(static (a, b) => PackedInstructions.MultiplyEven(a, b, isSigned: false), Mnemonic.Pmuludq, Mnemonic.Vpmuludq),
        Combine(static (a, b) => PackedInstructions.MultiplyAndAdd(a, b), Mnemonic.Pmaddwd, Mnemonic.Vpmaddwd),
        Combine(static (a, b) => PackedInstructions.SumDistances(a, b), Mnemonic.Psadbw, Mnemonic.Vpsadbw),
        Combine(static (a, b) => PackedInstructions.ShuffleBytes(a, b), Mnemonic.Pshufb, Mnemonic.Vpshufb),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 1, 0), Mnemonic.Punpcklbw, Mnemonic.Vpunpcklbw),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 1, 8), Mnemonic.Punpckhbw, Mnemonic.Vpunpckhbw),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 2, 0), Mnemonic.Punpcklwd, Mnemonic.Vpunpcklwd),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 2, 8), Mnemonic.Punpckhwd, Mnemonic.Vpunpckhwd),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 4, 0), Mnemonic.Punpckldq, Mnemonic.Vpunpckldq),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 4, 8), Mnemonic.Punpckhdq, Mnemonic.Vpunpckhdq),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 8, 0), Mnemonic.Punpcklqdq, Mnemonic.Vpunpcklqdq),
        Combine(static (a, b) => PackedInstructions.Interleave(a, b, 8, 8), Mnemonic.Punpckhqdq, Mnemonic.Vpunpckhqdq),
        Convert(static a => Vector128.Abs(a.AsSByte()).AsByte(), Mnemonic.Pabsb, Mnemonic.Vpabsb),
        Convert(static a => Vector128.Abs(a.AsInt16()).AsByte(), Mnemonic.Pabsw, Mnemonic.Vpabsw),
        Convert(static a => Vector128.Abs(a.AsInt32()).AsByte(), Mnemonic.Pabsd, Mnemonic.Vpabsd),
        new(static set => set.Packed.ShuffleByImmediate(4, 0), Mnemonic.Pshufd, Mnemonic.Vpshufd),
        new(static set => set.Packed.ShuffleByImmediate(2, 0), Mnemonic.Pshuflw, Mnemonic.Vpshuflw),
        new(static set => set.Packed.ShuffleByImmediate(2, 8), Mnemonic.Pshufhw, Mnemonic.Vpshufhw),
        new(static set => set.Packed.Widen(1, 2, isSigned: false), Mnemonic.Pmovzxbw, Mnemonic.Vpmovzxbw),
        new(static set => set.Packed.Widen(1, 4, isSigned: false), Mnemonic.Pmovzxbd, Mnemonic.Vpmovzxbd),
        new(static set => set.Packed.Widen(1, 8, isSigned: false), Mnemonic.Pmovzxbq, Mnemonic.Vpmovzxbq),
        new(static set => set.Packed.Widen(2, 4, isSigned: false), Mnemonic.Pmovzxwd, Mnemonic.Vpmovzxwd),
        new(static set => set.Packed.Widen(2, 8, isSigned: false), Mnemonic.Pmovzxwq, Mnemonic.Vpmovzxwq),
        new(static set => set.Packed.Widen(4, 8, isSigned: false), Mnemonic.Pmovzxdq, Mnemonic.Vpmovzxdq),
        new(static set => set.Packed.Widen(1, 2, isSigned: true), Mnemonic.Pmovsxbw, Mnemonic.Vpmovsxbw),
        new(static set => set.Packed.Widen(1, 4, isSigned: true), Mnemonic.Pmovsxbd, Mnemonic.Vpmovsxbd),
        new(static set => set.Packed.Widen(1, 8, isSigned: true), Mnemonic.Pmovsxbq, Mnemonic.Vpmovsxbq),
        new(static set => set.Packed.Widen(2, 4, isSigned: true), Mnemonic.Pmovsxwd, Mnemonic.Vpmovsxwd),
        new(static set => set.Packed.Widen(2, 8, isSigned: true), Mnemonic.Pmovsxwq, Mnemonic.Vpmovsxwq),
        new(static set => set.Packed.Widen(4, 8, isSigned: true), Mnemonic.Pmovsxdq, Mnemonic.Vpmovsxdq),
        new(static set => set.Packed.Test(), Mnemonic.Ptest, Mnemonic.Vptest),
    ];

    // Those whose EVEX encodings are known too.
    private static InstructionEntry Wide(Func<InstructionSet, bool> operation, params Mnemonic[] mnemonics) =>
        new(operation, mnemonics) { TakesEvex = true };

    private static InstructionEntry Combine(PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        new(set => set.Packed.Combine(operation), mnemonics);

    private static InstructionEntry Convert(Func<Vector128<byte>, Vector128<byte>> operation, params Mnemonic[] mnemonics) =>
        new(set => set.Packed.Convert(operation), mnemonics);
}
