using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What CMPPS and its kin compare for (SDM volume 2, CMPPD, table of predicates).</summary>
/// <param name="Number">The immediate: five bits with VEX, else three.</param>
internal readonly record struct ComparisonPredicate(int Number)
{
    private const NumberOrder LessOrEqual = NumberOrder.Less | NumberOrder.Equal;
    private const NumberOrder GreaterOrEqual = NumberOrder.Greater | NumberOrder.Equal;
    private const NumberOrder Different = NumberOrder.Less | NumberOrder.Greater;

    /// <summary>Whether a quiet NaN is invalid: by the second and third of each four, and in the upper half by the others.</summary>
    internal bool Signals => ((Number & 3) is 1 or 2) != ((Number & 0x10) != 0);

    private NumberOrder Wanted => (Number & 0xF) switch
    {
        0x0 => NumberOrder.Equal,
        0x1 => NumberOrder.Less,
        0x2 => LessOrEqual,
        0x3 => NumberOrder.Unordered,
        0x4 => Different | NumberOrder.Unordered,
        0x5 => GreaterOrEqual | NumberOrder.Unordered,
        0x6 => NumberOrder.Greater | NumberOrder.Unordered,
        0x7 => LessOrEqual | NumberOrder.Greater,
        0x8 => NumberOrder.Equal | NumberOrder.Unordered,
        0x9 => NumberOrder.Less | NumberOrder.Unordered,
        0xA => LessOrEqual | NumberOrder.Unordered,
        0xB => NumberOrder.None,
        0xC => Different,
        0xD => GreaterOrEqual,
        0xE => NumberOrder.Greater,
        _ => LessOrEqual | NumberOrder.Greater | NumberOrder.Unordered,
    };

    /// <summary>Whether two numbers stand to each other as wanted.</summary>
    internal bool Holds(NumberOrder order) => (Wanted & order) != 0;
}
