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
            Mnemonic.Movups, Mnemonic.Movupd, Mnemonic.Movdqu, Mnemonic.Lddqu, Mnemonic.Vmovups, Mnemonic.Vmovupd, Mnemonic.Vmovdqu,
            Mnemonic.Vlddqu),
        new(
            static set => set.Vectors.MoveVector(isAligned: true),
            Mnemonic.Movaps, Mnemonic.Movapd, Mnemonic.Movdqa, Mnemonic.Movntps, Mnemonic.Movntpd, Mnemonic.Movntdq, Mnemonic.Movntdqa,
            Mnemonic.Vmovaps, Mnemonic.Vmovapd, Mnemonic.Vmovdqa, Mnemonic.Vmovntps, Mnemonic.Vmovntpd, Mnemonic.Vmovntdq,
            Mnemonic.Vmovntdqa),

        // Elements and lanes.
        new(
            static set => set.Vectors.MoveElement(),
            Mnemonic.Movd, Mnemonic.Vmovd, Mnemonic.Movq, Mnemonic.Vmovq, Mnemonic.Movss, Mnemonic.Vmovss),
        new(static set => set.Vectors.MoveElement(), Mnemonic.Vmovsd),
        new(static set => set.Vectors.MoveHalf(half: 0), Mnemonic.Movlps, Mnemonic.Vmovlps, Mnemonic.Movlpd, Mnemonic.Vmovlpd),
        new(static set => set.Vectors.MoveHalf(half: 8), Mnemonic.Movhps, Mnemonic.Vmovhps, Mnemonic.Movhpd, Mnemonic.Vmovhpd),
        new(static set => set.Vectors.InsertElement(1), Mnemonic.Pinsrb, Mnemonic.Vpinsrb),
        new(static set => set.Vectors.InsertElement(2), Mnemonic.Pinsrw, Mnemonic.Vpinsrw),
        new(static set => set.Vectors.InsertElement(4), Mnemonic.Pinsrd, Mnemonic.Vpinsrd),
        new(static set => set.Vectors.InsertElement(8), Mnemonic.Pinsrq, Mnemonic.Vpinsrq),
        new(static set => set.Vectors.ExtractElement(1), Mnemonic.Pextrb, Mnemonic.Vpextrb),
        new(static set => set.Vectors.ExtractElement(2), Mnemonic.Pextrw, Mnemonic.Vpextrw),
        new(static set => set.Vectors.ExtractElement(4), Mnemonic.Pextrd, Mnemonic.Vpextrd, Mnemonic.Extractps, Mnemonic.Vextractps),
        new(static set => set.Vectors.ExtractElement(8), Mnemonic.Pextrq, Mnemonic.Vpextrq),
        new(static set => set.Vectors.InsertSingle(), Mnemonic.Insertps, Mnemonic.Vinsertps),
        new(static set => set.Vectors.InsertLane(), Mnemonic.Vinsertf128, Mnemonic.Vinserti128),
        new(static set => set.Vectors.ExtractLane(), Mnemonic.Vextractf128, Mnemonic.Vextracti128),
        new(static set => set.Vectors.Broadcast(1), Mnemonic.Vpbroadcastb),
        new(static set => set.Vectors.Broadcast(2), Mnemonic.Vpbroadcastw),
        new(static set => set.Vectors.Broadcast(4), Mnemonic.Vbroadcastss, Mnemonic.Vpbroadcastd),
        new(static set => set.Vectors.Broadcast(8), Mnemonic.Vbroadcastsd, Mnemonic.Vpbroadcastq),
        new(static set => set.Vectors.Broadcast(16), Mnemonic.Vbroadcastf128, Mnemonic.Vbroadcasti128),
        new(static set => set.Vectors.Duplicate(8, first: 0), Mnemonic.Movddup, Mnemonic.Vmovddup),
        new(static set => set.Vectors.Duplicate(4, first: 0), Mnemonic.Movsldup, Mnemonic.Vmovsldup),
        new(static set => set.Vectors.Duplicate(4, first: 1), Mnemonic.Movshdup, Mnemonic.Vmovshdup),
        new(static set => set.MaskedMoves.MoveByVectorMask(4), Mnemonic.Vmaskmovps, Mnemonic.Vpmaskmovd),
        new(static set => set.MaskedMoves.MoveByVectorMask(8), Mnemonic.Vmaskmovpd, Mnemonic.Vpmaskmovq),
    ];
}
