using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>
/// Which constants have another type, and perhaps value, where a compiler gives an enumerator the type of its enum. C11 says that it is
/// an int; of an enum that is wider, C23, gcc from 13 and clang from 20 on say otherwise. The model has C11's.
/// </summary>
internal sealed class EnumeratorTypes
{
    /// <summary>The variable whose answer tells which of the two a compiler holds to.</summary>
    internal const string Symbol = "hvb_enumerators";

    /// <summary>The C that asks.</summary>
    internal const string Definition =
        $$"""
        enum { hvb_enumerator = 1, hvb_wide_enumerator = 0xffffffffu };
        const unsigned char {{Symbol}} = _Generic(hvb_enumerator, int: 0, default: 1);

        """;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    internal EnumeratorTypes(AbiModel model)
    {
        foreach (AbiEnum @enum in model.Enums)
        {
            IEnumerable<AbiEnumerator> enumerators = @enum.Enumerators;
            if (!enumerators.All(FitsInt))
            {
                names.UnionWith(enumerators.Where(FitsInt).Select(enumerator => enumerator.Name));
            }
        }

        // A constant may be made of one that is made of an enumerator, in any order.
        int before = -1;
        while (names.Count > before)
        {
            before = names.Count;
            foreach (AbiDerivation derivation in model.Derivations)
            {
                if (((IEnumerable<string>)derivation.Names).Any(names.Contains))
                {
                    names.Add(derivation.Name);
                }
            }
        }
    }

    /// <summary>Whether what a constant is depends on the type of such an enumerator.</summary>
    internal bool Decide(string constant) => names.Contains(constant);

    private static bool FitsInt(AbiEnumerator enumerator) => enumerator.Value >= int.MinValue && enumerator.Value <= int.MaxValue;
}
