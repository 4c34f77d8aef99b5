using HvBindgen.Emulation.X64.Numbers;
using Iced.Intel;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>Which operation carries out which instruction of FMA. Their names are made of what they do.</summary>
internal static class FusedTable
{
    internal static InstructionEntry[] Entries { get; } =
    [
        .. Family("Vfmadd", false, false, false, hasScalars: true),
        .. Family("Vfmsub", false, true, true, hasScalars: true),
        .. Family("Vfnmadd", true, false, false, hasScalars: true),
        .. Family("Vfnmsub", true, true, true, hasScalars: true),
        .. Family("Vfmaddsub", false, true, false, hasScalars: false),
        .. Family("Vfmsubadd", false, false, true, hasScalars: false),
    ];

    private static IEnumerable<InstructionEntry> Family(
        string name, bool negatesProduct, bool negatesEven, bool negatesOdd, bool hasScalars)
    {
        foreach (int order in (int[])[132, 213, 231])
        {
            FusedKind kind = new(order, negatesProduct, negatesEven, negatesOdd);
            yield return Entry(kind, NumberFormat.Single, isScalar: false, $"{name}{order}ps");
            yield return Entry(kind, NumberFormat.Double, isScalar: false, $"{name}{order}pd");

            if (hasScalars)
            {
                yield return Entry(kind, NumberFormat.Single, isScalar: true, $"{name}{order}ss");
                yield return Entry(kind, NumberFormat.Double, isScalar: true, $"{name}{order}sd");
            }
        }
    }

    private static InstructionEntry Entry(FusedKind kind, NumberFormat format, bool isScalar, string name) =>
        new(set => set.Fused.Combine(kind, format, isScalar), Enum.Parse<Mnemonic>(name));
}
