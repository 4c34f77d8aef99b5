using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>An operation and the instructions that it carries out.</summary>
internal sealed record InstructionEntry(Func<InstructionSet, bool> Operation, params Mnemonic[] Mnemonics)
{
    /// <summary>Whether that goes for their EVEX encodings too.</summary>
    internal bool TakesEvex { get; init; }
}
