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
        new(static set => set.MoveElementOrMmx(), Mnemonic.Movd, Mnemonic.Movq),
        new(static set => set.Mmx.Move(), Mnemonic.Movntq),
        new(static set => set.Mmx.MoveBytesToDestination(), Mnemonic.Maskmovq),
        new(static set => set.Vectors.MoveElement(), Mnemonic.Movss),
        Wide(static set => set.Vectors.MoveElement(), Mnemonic.Vmovd, Mnemonic.Vmovq, Mnemonic.Vmovss),
        Wide(static set => set.Vectors.MoveElement(), Mnemonic.Vmovsd),
        new(static set => set.Vectors.MoveHalf(half: 0), Mnemonic.Movlps, Mnemonic.Movlpd),
        Wide(static set => set.Vectors.MoveHalf(half: 0), Mnemonic.Vmovlps, Mnemonic.Vmovlpd),
        new(static set => set.Vectors.MoveHalf(half: 8), Mnemonic.Movhps, Mnemonic.Movhpd),
        Wide(static set => set.Vectors.MoveHalf(half: 8), Mnemonic.Vmovhps, Mnemonic.Vmovhpd),
        new(static set => set.Vectors.InsertElement(1), Mnemonic.Pinsrb),
        Wide(static set => set.Vectors.InsertElement(1), Mnemonic.Vpinsrb),
        new(static set => set.InsertWord(), Mnemonic.Pinsrw),
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
        new(static set => set.Lanes.Insert(16, 4), Mnemonic.Vinsertf128, Mnemonic.Vinserti128),
        Wide(static set => set.Lanes.Insert(16, 4), Mnemonic.Vinsertf32x4, Mnemonic.Vinserti32x4),
        Wide(static set => set.Lanes.Insert(16, 8), Mnemonic.Vinsertf64x2, Mnemonic.Vinserti64x2),
        Wide(static set => set.Lanes.Insert(32, 4), Mnemonic.Vinsertf32x8, Mnemonic.Vinserti32x8),
        Wide(static set => set.Lanes.Insert(32, 8), Mnemonic.Vinsertf64x4, Mnemonic.Vinserti64x4),
        new(static set => set.Lanes.Extract(16, 4), Mnemonic.Vextractf128, Mnemonic.Vextracti128),
        Wide(static set => set.Lanes.Extract(16, 4), Mnemonic.Vextractf32x4, Mnemonic.Vextracti32x4),
        Wide(static set => set.Lanes.Extract(16, 8), Mnemonic.Vextractf64x2, Mnemonic.Vextracti64x2),
        Wide(static set => set.Lanes.Extract(32, 4), Mnemonic.Vextractf32x8, Mnemonic.Vextracti32x8),
        Wide(static set => set.Lanes.Extract(32, 8), Mnemonic.Vextractf64x4, Mnemonic.Vextracti64x4),
        Wide(static set => set.Vectors.Broadcast(1), Mnemonic.Vpbroadcastb),
        Wide(static set => set.Vectors.Broadcast(2), Mnemonic.Vpbroadcastw),
        Wide(static set => set.Vectors.Broadcast(4), Mnemonic.Vbroadcastss, Mnemonic.Vpbroadcastd),
        Wide(static set => set.Vectors.Broadcast(8), Mnemonic.Vbroadcastsd, Mnemonic.Vpbroadcastq),
        new(static set => set.Lanes.Broadcast(16, 4), Mnemonic.Vbroadcastf128, Mnemonic.Vbroadcasti128),
        Wide(static set => set.Lanes.Broadcast(8, 4), Mnemonic.Vbroadcastf32x2, Mnemonic.Vbroadcasti32x2),
        Wide(static set => set.Lanes.Broadcast(16, 4), Mnemonic.Vbroadcastf32x4, Mnemonic.Vbroadcasti32x4),
        Wide(static set => set.Lanes.Broadcast(16, 8), Mnemonic.Vbroadcastf64x2, Mnemonic.Vbroadcasti64x2),
        Wide(static set => set.Lanes.Broadcast(32, 4), Mnemonic.Vbroadcastf32x8, Mnemonic.Vbroadcasti32x8),
        Wide(static set => set.Lanes.Broadcast(32, 8), Mnemonic.Vbroadcastf64x4, Mnemonic.Vbroadcasti64x4),
        Wide(static set => set.Vectors.Duplicate(8, first: 0), Mnemonic.Movddup, Mnemonic.Vmovddup),
        Wide(static set => set.Vectors.Duplicate(4, first: 0), Mnemonic.Movsldup, Mnemonic.Vmovsldup),
        Wide(static set => set.Vectors.Duplicate(4, first: 1), Mnemonic.Movshdup, Mnemonic.Vmovshdup),
        new(static set => set.MaskedMoves.MoveByVectorMask(4), Mnemonic.Vmaskmovps, Mnemonic.Vpmaskmovd),
        new(static set => set.MaskedMoves.MoveByVectorMask(8), Mnemonic.Vmaskmovpd, Mnemonic.Vpmaskmovq),
        new(static set => set.MaskedMoves.MoveBytesToDestination(), Mnemonic.Maskmovdqu, Mnemonic.Vmaskmovdqu),

        // Arithmetic of elements.
        Combine(1, static (a, b) => a + b, Mnemonic.Paddb, Mnemonic.Vpaddb),
        Combine(2, static (a, b) => (a.AsUInt16() + b.AsUInt16()).AsByte(), Mnemonic.Paddw, Mnemonic.Vpaddw),
        Combine(4, static (a, b) => (a.AsUInt32() + b.AsUInt32()).AsByte(), Mnemonic.Paddd, Mnemonic.Vpaddd),
        Combine(8, static (a, b) => (a.AsUInt64() + b.AsUInt64()).AsByte(), Mnemonic.Paddq, Mnemonic.Vpaddq),
        Combine(1, static (a, b) => a - b, Mnemonic.Psubb, Mnemonic.Vpsubb),
        Combine(2, static (a, b) => (a.AsUInt16() - b.AsUInt16()).AsByte(), Mnemonic.Psubw, Mnemonic.Vpsubw),
        Combine(4, static (a, b) => (a.AsUInt32() - b.AsUInt32()).AsByte(), Mnemonic.Psubd, Mnemonic.Vpsubd),
        Combine(8, static (a, b) => (a.AsUInt64() - b.AsUInt64()).AsByte(), Mnemonic.Psubq, Mnemonic.Vpsubq),
        Combine(
            4, static (a, b) => a & b,
            Mnemonic.Pand, Mnemonic.Vpand, Mnemonic.Vpandd, Mnemonic.Andps, Mnemonic.Vandps, Mnemonic.Andpd),
        Combine(8, static (a, b) => a & b, Mnemonic.Vpandq, Mnemonic.Vandpd),
        Combine(
            4, static (a, b) => a | b,
            Mnemonic.Por, Mnemonic.Vpor, Mnemonic.Vpord, Mnemonic.Orps, Mnemonic.Vorps, Mnemonic.Orpd),
        Combine(8, static (a, b) => a | b, Mnemonic.Vporq, Mnemonic.Vorpd),
        Combine(
            4, static (a, b) => a ^ b,
            Mnemonic.Pxor, Mnemonic.Vpxor, Mnemonic.Vpxord, Mnemonic.Xorps, Mnemonic.Vxorps, Mnemonic.Xorpd),
        Combine(8, static (a, b) => a ^ b, Mnemonic.Vpxorq, Mnemonic.Vxorpd),
        Combine(
            4, static (a, b) => ~a & b,
            Mnemonic.Pandn, Mnemonic.Vpandn, Mnemonic.Vpandnd, Mnemonic.Andnps, Mnemonic.Vandnps, Mnemonic.Andnpd),
        Combine(8, static (a, b) => ~a & b, Mnemonic.Vpandnq, Mnemonic.Vandnpd),
        Combine(1, static (a, b) => Vector128.Equals(a, b), Mnemonic.Pcmpeqb, Mnemonic.Vpcmpeqb),
        Combine(2, static (a, b) => Vector128.Equals(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Pcmpeqw, Mnemonic.Vpcmpeqw),
        Combine(4, static (a, b) => Vector128.Equals(a.AsUInt32(), b.AsUInt32()).AsByte(), Mnemonic.Pcmpeqd, Mnemonic.Vpcmpeqd),
        Combine(8, static (a, b) => Vector128.Equals(a.AsUInt64(), b.AsUInt64()).AsByte(), Mnemonic.Pcmpeqq, Mnemonic.Vpcmpeqq),
        Combine(1, static (a, b) => Vector128.GreaterThan(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Pcmpgtb, Mnemonic.Vpcmpgtb),
        Combine(2, static (a, b) => Vector128.GreaterThan(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Pcmpgtw, Mnemonic.Vpcmpgtw),
        Combine(4, static (a, b) => Vector128.GreaterThan(a.AsInt32(), b.AsInt32()).AsByte(), Mnemonic.Pcmpgtd, Mnemonic.Vpcmpgtd),
        Combine(8, static (a, b) => Vector128.GreaterThan(a.AsInt64(), b.AsInt64()).AsByte(), Mnemonic.Pcmpgtq, Mnemonic.Vpcmpgtq),
        Combine(1, static (a, b) => ~Vector128.Equals((a & b), Vector128<byte>.Zero), Mnemonic.Vptestmb),
        Combine(1, static (a, b) => Vector128.Equals((a & b), Vector128<byte>.Zero), Mnemonic.Vptestnmb),
        Combine(2, static (a, b) => ~Vector128.Equals((a & b).AsUInt16(), Vector128<ushort>.Zero).AsByte(), Mnemonic.Vptestmw),
        Combine(2, static (a, b) => Vector128.Equals((a & b).AsUInt16(), Vector128<ushort>.Zero).AsByte(), Mnemonic.Vptestnmw),
        Combine(4, static (a, b) => ~Vector128.Equals((a & b).AsUInt32(), Vector128<uint>.Zero).AsByte(), Mnemonic.Vptestmd),
        Combine(4, static (a, b) => Vector128.Equals((a & b).AsUInt32(), Vector128<uint>.Zero).AsByte(), Mnemonic.Vptestnmd),
        Combine(8, static (a, b) => ~Vector128.Equals((a & b).AsUInt64(), Vector128<ulong>.Zero).AsByte(), Mnemonic.Vptestmq),
        Combine(8, static (a, b) => Vector128.Equals((a & b).AsUInt64(), Vector128<ulong>.Zero).AsByte(), Mnemonic.Vptestnmq),
        Combine(1, static (a, b) => Vector128.Max(a, b), Mnemonic.Pmaxub, Mnemonic.Vpmaxub),
        Combine(2, static (a, b) => Vector128.Max(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Pmaxuw, Mnemonic.Vpmaxuw),
        Combine(4, static (a, b) => Vector128.Max(a.AsUInt32(), b.AsUInt32()).AsByte(), Mnemonic.Pmaxud, Mnemonic.Vpmaxud),
        Combine(1, static (a, b) => Vector128.Max(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Pmaxsb, Mnemonic.Vpmaxsb),
        Combine(2, static (a, b) => Vector128.Max(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Pmaxsw, Mnemonic.Vpmaxsw),
        Combine(4, static (a, b) => Vector128.Max(a.AsInt32(), b.AsInt32()).AsByte(), Mnemonic.Pmaxsd, Mnemonic.Vpmaxsd),
        Combine(8, static (a, b) => Vector128.Max(a.AsUInt64(), b.AsUInt64()).AsByte(), Mnemonic.Vpmaxuq),
        Combine(8, static (a, b) => Vector128.Max(a.AsInt64(), b.AsInt64()).AsByte(), Mnemonic.Vpmaxsq),
        Combine(8, static (a, b) => Vector128.Min(a.AsUInt64(), b.AsUInt64()).AsByte(), Mnemonic.Vpminuq),
        Combine(8, static (a, b) => Vector128.Min(a.AsInt64(), b.AsInt64()).AsByte(), Mnemonic.Vpminsq),
        Combine(1, static (a, b) => Vector128.Min(a, b), Mnemonic.Pminub, Mnemonic.Vpminub),
        Combine(2, static (a, b) => Vector128.Min(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Pminuw, Mnemonic.Vpminuw),
        Combine(4, static (a, b) => Vector128.Min(a.AsUInt32(), b.AsUInt32()).AsByte(), Mnemonic.Pminud, Mnemonic.Vpminud),
        Combine(1, static (a, b) => Vector128.Min(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Pminsb, Mnemonic.Vpminsb),
        Combine(2, static (a, b) => Vector128.Min(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Pminsw, Mnemonic.Vpminsw),
        Combine(4, static (a, b) => Vector128.Min(a.AsInt32(), b.AsInt32()).AsByte(), Mnemonic.Pminsd, Mnemonic.Vpminsd),
        Combine(1, static (a, b) => Vector128.AddSaturate(a, b), Mnemonic.Paddusb, Mnemonic.Vpaddusb),
        Combine(2, static (a, b) => Vector128.AddSaturate(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Paddusw, Mnemonic.Vpaddusw),
        Combine(1, static (a, b) => Vector128.AddSaturate(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Paddsb, Mnemonic.Vpaddsb),
        Combine(2, static (a, b) => Vector128.AddSaturate(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Paddsw, Mnemonic.Vpaddsw),
        Combine(1, static (a, b) => Vector128.SubtractSaturate(a, b), Mnemonic.Psubusb, Mnemonic.Vpsubusb),
        Combine(2, static (a, b) => Vector128.SubtractSaturate(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Psubusw, Mnemonic.Vpsubusw),
        Combine(1, static (a, b) => Vector128.SubtractSaturate(a.AsSByte(), b.AsSByte()).AsByte(), Mnemonic.Psubsb, Mnemonic.Vpsubsb),
        Combine(2, static (a, b) => Vector128.SubtractSaturate(a.AsInt16(), b.AsInt16()).AsByte(), Mnemonic.Psubsw, Mnemonic.Vpsubsw),
        Combine(1, static (a, b) => PackedInstructions.Average(a, b), Mnemonic.Pavgb, Mnemonic.Vpavgb),
        Combine(2, static (a, b) => PackedInstructions.Average(a.AsUInt16(), b.AsUInt16()).AsByte(), Mnemonic.Pavgw, Mnemonic.Vpavgw),
        Combine(2, static (a, b) => (a.AsUInt16() * b.AsUInt16()).AsByte(), Mnemonic.Pmullw, Mnemonic.Vpmullw),
        Combine(4, static (a, b) => (a.AsUInt32() * b.AsUInt32()).AsByte(), Mnemonic.Pmulld, Mnemonic.Vpmulld),
        Combine(8, static (a, b) => (a.AsUInt64() * b.AsUInt64()).AsByte(), Mnemonic.Vpmullq),
        Combine(2, static (a, b) => PackedInstructions.MultiplyHigh(a, b, isSigned: true), Mnemonic.Pmulhw, Mnemonic.Vpmulhw),
        Combine(2, static (a, b) => PackedInstructions.MultiplyHigh(a, b, isSigned: false), Mnemonic.Pmulhuw, Mnemonic.Vpmulhuw),
        Combine(8, static (a, b) => PackedInstructions.MultiplyEven(a, b, isSigned: true), Mnemonic.Pmuldq, Mnemonic.Vpmuldq),
        Combine(8, static (a, b) => PackedInstructions.MultiplyEven(a, b, isSigned: false), Mnemonic.Pmuludq, Mnemonic.Vpmuludq),
        Mix(4, static (a, b) => PackedInstructions.MultiplyAndAdd(a, b), Mnemonic.Pmaddwd, Mnemonic.Vpmaddwd),
        Mix(8, static (a, b) => PackedInstructions.SumDistances(a, b), Mnemonic.Psadbw, Mnemonic.Vpsadbw),
        Mix(1, static (a, b) => PackedInstructions.ShuffleBytes(a, b), Mnemonic.Pshufb, Mnemonic.Vpshufb),
        Mix(1, static (a, b) => PackedInstructions.Interleave(a, b, 1, 0), Mnemonic.Punpcklbw, Mnemonic.Vpunpcklbw),
        MixUpper(1, static (a, b) => PackedInstructions.Interleave(a, b, 1, 8), Mnemonic.Punpckhbw, Mnemonic.Vpunpckhbw),
        Mix(2, static (a, b) => PackedInstructions.Interleave(a, b, 2, 0), Mnemonic.Punpcklwd, Mnemonic.Vpunpcklwd),
        MixUpper(2, static (a, b) => PackedInstructions.Interleave(a, b, 2, 8), Mnemonic.Punpckhwd, Mnemonic.Vpunpckhwd),
        Mix(4, static (a, b) => PackedInstructions.Interleave(a, b, 4, 0), Mnemonic.Punpckldq, Mnemonic.Vpunpckldq),
        MixUpper(4, static (a, b) => PackedInstructions.Interleave(a, b, 4, 8), Mnemonic.Punpckhdq, Mnemonic.Vpunpckhdq),
        Mix(8, static (a, b) => PackedInstructions.Interleave(a, b, 8, 0), Mnemonic.Punpcklqdq, Mnemonic.Vpunpcklqdq),
        Mix(8, static (a, b) => PackedInstructions.Interleave(a, b, 8, 8), Mnemonic.Punpckhqdq, Mnemonic.Vpunpckhqdq),
        Convert(1, static a => Vector128.Abs(a.AsSByte()).AsByte(), Mnemonic.Pabsb, Mnemonic.Vpabsb),
        Convert(2, static a => Vector128.Abs(a.AsInt16()).AsByte(), Mnemonic.Pabsw, Mnemonic.Vpabsw),
        Convert(4, static a => Vector128.Abs(a.AsInt32()).AsByte(), Mnemonic.Pabsd, Mnemonic.Vpabsd),
        Convert(8, static a => Vector128.Abs(a.AsInt64()).AsByte(), Mnemonic.Vpabsq),
        new(static set => set.Mmx.ShuffleWords(), Mnemonic.Pshufw),
        Wide(static set => set.Packed.ShuffleByImmediate(4, 0), Mnemonic.Pshufd, Mnemonic.Vpshufd),
        Wide(static set => set.Packed.ShuffleByImmediate(2, 0), Mnemonic.Pshuflw, Mnemonic.Vpshuflw),
        Wide(static set => set.Packed.ShuffleByImmediate(2, 8), Mnemonic.Pshufhw, Mnemonic.Vpshufhw),
        Wide(static set => set.Packed.Widen(1, 2, isSigned: false), Mnemonic.Pmovzxbw, Mnemonic.Vpmovzxbw),
        Wide(static set => set.Packed.Widen(1, 4, isSigned: false), Mnemonic.Pmovzxbd, Mnemonic.Vpmovzxbd),
        Wide(static set => set.Packed.Widen(1, 8, isSigned: false), Mnemonic.Pmovzxbq, Mnemonic.Vpmovzxbq),
        Wide(static set => set.Packed.Widen(2, 4, isSigned: false), Mnemonic.Pmovzxwd, Mnemonic.Vpmovzxwd),
        Wide(static set => set.Packed.Widen(2, 8, isSigned: false), Mnemonic.Pmovzxwq, Mnemonic.Vpmovzxwq),
        Wide(static set => set.Packed.Widen(4, 8, isSigned: false), Mnemonic.Pmovzxdq, Mnemonic.Vpmovzxdq),
        Wide(static set => set.Packed.Widen(1, 2, isSigned: true), Mnemonic.Pmovsxbw, Mnemonic.Vpmovsxbw),
        Wide(static set => set.Packed.Widen(1, 4, isSigned: true), Mnemonic.Pmovsxbd, Mnemonic.Vpmovsxbd),
        Wide(static set => set.Packed.Widen(1, 8, isSigned: true), Mnemonic.Pmovsxbq, Mnemonic.Vpmovsxbq),
        Wide(static set => set.Packed.Widen(2, 4, isSigned: true), Mnemonic.Pmovsxwd, Mnemonic.Vpmovsxwd),
        Wide(static set => set.Packed.Widen(2, 8, isSigned: true), Mnemonic.Pmovsxwq, Mnemonic.Vpmovsxwq),
        Wide(static set => set.Packed.Widen(4, 8, isSigned: true), Mnemonic.Pmovsxdq, Mnemonic.Vpmovsxdq),
        new(static set => set.Packed.Test(), Mnemonic.Ptest, Mnemonic.Vptest),
    ];

    // Those whose EVEX encodings are known too.
    private static InstructionEntry Wide(Func<InstructionSet, bool> operation, params Mnemonic[] mnemonics) =>
        new(operation, mnemonics) { TakesEvex = true };

    // What a mask chooses of is so many bytes long.
    private static InstructionEntry Combine(int sizeBytes, PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        Wide(set => set.Combine(operation, new MaskedElements(sizeBytes), MmxPart.Lower), mnemonics);

    private static InstructionEntry Mix(int sizeBytes, PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        Wide(set => set.Combine(operation, new MaskedElements(sizeBytes, AreMixed: true), MmxPart.Lower), mnemonics);

    private static InstructionEntry MixUpper(int sizeBytes, PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        Wide(set => set.Combine(operation, new MaskedElements(sizeBytes, AreMixed: true), MmxPart.Upper), mnemonics);

    private static InstructionEntry Convert(
        int sizeBytes, Func<Vector128<byte>, Vector128<byte>> operation, params Mnemonic[] mnemonics) =>
        Wide(set => set.Convert(operation, new MaskedElements(sizeBytes)), mnemonics);
}
