using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Which operation carries out which instruction that enciphers, hashes or multiplies without carry, or compares texts.</summary>
internal static class CipherTable
{
    internal static InstructionEntry[] Entries { get; } =
    [
        Wide(AesArithmetic.Encrypt, Mnemonic.Aesenc, Mnemonic.Vaesenc),
        Wide(AesArithmetic.EncryptLast, Mnemonic.Aesenclast, Mnemonic.Vaesenclast),
        Wide(AesArithmetic.Decrypt, Mnemonic.Aesdec, Mnemonic.Vaesdec),
        Wide(AesArithmetic.DecryptLast, Mnemonic.Aesdeclast, Mnemonic.Vaesdeclast),
        new(static set => set.Packed.Convert(AesArithmetic.UnmixColumns, default), Mnemonic.Aesimc, Mnemonic.Vaesimc),
        new(static set => set.Selections.AssistKey(), Mnemonic.Aeskeygenassist, Mnemonic.Vaeskeygenassist),

        ChooseWide(BinaryFields.MultiplyHalves, Mnemonic.Pclmulqdq, Mnemonic.Vpclmulqdq),
        Wide(BinaryFields.MultiplyBytes, Mnemonic.Gf2p8mulb, Mnemonic.Vgf2p8mulb),
        ChooseWide(BinaryFields.Transform, Mnemonic.Gf2p8affineqb, Mnemonic.Vgf2p8affineqb),
        ChooseWide(BinaryFields.TransformInverse, Mnemonic.Gf2p8affineinvqb, Mnemonic.Vgf2p8affineinvqb),

        Choose(ShaArithmetic.Round1, Mnemonic.Sha1rnds4),
        Combine(ShaArithmetic.AddNext1, Mnemonic.Sha1nexte),
        Combine(ShaArithmetic.Schedule1, Mnemonic.Sha1msg1),
        Combine(ShaArithmetic.FinishSchedule1, Mnemonic.Sha1msg2),
        new(static set => set.Selections.Hash(), Mnemonic.Sha256rnds2),
        Combine(ShaArithmetic.Schedule256, Mnemonic.Sha256msg1),
        Combine(ShaArithmetic.FinishSchedule256, Mnemonic.Sha256msg2),

        new(static set => set.Texts.Compare(lengthBytes: 4, givesMask: false), Mnemonic.Pcmpestri, Mnemonic.Vpcmpestri),
        new(static set => set.Texts.Compare(lengthBytes: 8, givesMask: false), Mnemonic.Pcmpestri64, Mnemonic.Vpcmpestri64),
        new(static set => set.Texts.Compare(lengthBytes: 4, givesMask: true), Mnemonic.Pcmpestrm, Mnemonic.Vpcmpestrm),
        new(static set => set.Texts.Compare(lengthBytes: 8, givesMask: true), Mnemonic.Pcmpestrm64, Mnemonic.Vpcmpestrm64),
        new(static set => set.Texts.Compare(lengthBytes: 0, givesMask: false), Mnemonic.Pcmpistri, Mnemonic.Vpcmpistri),
        new(static set => set.Texts.Compare(lengthBytes: 0, givesMask: true), Mnemonic.Pcmpistrm, Mnemonic.Vpcmpistrm),
    ];

    private static InstructionEntry Combine(PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        new(set => set.Packed.Combine(operation, default), mnemonics);

    // Those whose EVEX encodings are known too. Masks choose bytes, or there are none.
    private static InstructionEntry Wide(PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        new(set => set.Packed.Combine(operation, new MaskedElements(1)), mnemonics) { TakesEvex = true };

    private static InstructionEntry Choose(PackedSelectionInstructions.ChosenOperation operation, params Mnemonic[] mnemonics) =>
        new(set => set.Selections.CombineByImmediate(operation, bitsPerLane: 0, default), mnemonics);

    private static InstructionEntry ChooseWide(PackedSelectionInstructions.ChosenOperation operation, params Mnemonic[] mnemonics) =>
        new(set => set.Selections.CombineByImmediate(operation, bitsPerLane: 0, new MaskedElements(1, AreMixed: true)), mnemonics)
        {
            TakesEvex = true,
        };
}
