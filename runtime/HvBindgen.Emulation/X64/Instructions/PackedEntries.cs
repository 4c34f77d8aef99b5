using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Entries of the tables of vectors whose EVEX encodings are known too.</summary>
internal static class PackedEntries
{
    internal static InstructionEntry Wide(Func<InstructionSet, bool> operation, params Mnemonic[] mnemonics) =>
        new(operation, mnemonics) { TakesEvex = true };

    /// <summary>An operation whose elements, those that a mask chooses, are so many bytes long.</summary>
    internal static InstructionEntry Combine(int sizeBytes, PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        Wide(set => set.Combine(operation, new MaskedElements(sizeBytes), MmxPart.Lower), mnemonics);

    /// <summary>One in which elements of both operands take each other's places.</summary>
    internal static InstructionEntry Mix(int sizeBytes, PackedInstructions.LaneOperation operation, params Mnemonic[] mnemonics) =>
        Wide(set => set.Combine(operation, new MaskedElements(sizeBytes, AreMixed: true), MmxPart.Lower), mnemonics);
}
