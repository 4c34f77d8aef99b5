using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>An enum that numbers bits: names with <c>_BIT_</c> in them that end in a <c>_COUNT</c>.</summary>
/// <param name="Prefix">What the names have in common, for example <c>MSHV_PT_BIT_</c>.</param>
/// <param name="Positions">The enumerators without the count.</param>
/// <param name="Highest">The highest position.</param>
internal sealed record BitPositions(string Prefix, IReadOnlyList<AbiEnumerator> Positions, int Highest)
{
    private const string Bit = "_BIT_";

    /// <summary>Name of the flags enum: <c>MSHV_PT_FLAGS</c> for <c>MSHV_PT_BIT_*</c>.</summary>
    internal string FlagsName => Prefix[..^Bit.Length] + "_FLAGS";

    internal static BitPositions? Of(AbiEnum @enum)
    {
        AbiEnumerator[] all = [.. (IEnumerable<AbiEnumerator>)@enum.Enumerators];
        int end = all.Length == 0 ? -1 : all[0].Name.IndexOf(Bit, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        string prefix = all[0].Name[..(end + Bit.Length)];
        AbiEnumerator[] positions = [.. all.Where(enumerator => enumerator.Name != prefix + "COUNT")];
        bool numbersBits = positions.Length > 0 && positions.Length == all.Length - 1
            && all.All(enumerator => enumerator.Name.StartsWith(prefix, StringComparison.Ordinal))
            && positions.All(enumerator => enumerator.Value >= 0 && enumerator.Value < 64);
        return numbersBits ? new BitPositions(prefix, positions, (int)positions.Max(enumerator => enumerator.Value)) : null;
    }

    /// <summary>Name of a flag: what follows the prefix.</summary>
    internal string FlagOf(AbiEnumerator enumerator)
    {
        string name = enumerator.Name[Prefix.Length..];
        return char.IsAsciiDigit(name[0]) ? "_" + name : name == ReservedNames.EnumValue ? name + "_" : NamePolicy.Identifier(name);
    }
}
