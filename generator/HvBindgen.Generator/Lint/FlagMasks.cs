using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Lint;

/// <summary>Finds masks by what they are made of: several values or-combined, or the number of an enum's bits.</summary>
internal sealed class FlagMasks
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Int128> values;
    private readonly HashSet<string> lastEnumerators = new(StringComparer.Ordinal);

    internal FlagMasks(LintedModel target)
    {
        values = new Dictionary<string, Int128>(
            target.Model.Constants.Count + target.Model.Enums.Sum(@enum => @enum.Enumerators.Count), StringComparer.Ordinal);
        foreach (AbiEnum @enum in target.Model.Enums)
        {
            foreach (AbiEnumerator enumerator in @enum.Enumerators)
            {
                values[enumerator.Name] = enumerator.Value;
            }

            if (@enum.Enumerators is [.., var last])
            {
                lastEnumerators.Add(last.Name);
            }
        }

        foreach (AbiConstant constant in target.Model.Constants)
        {
            if (constant.Value is IntegerValue integer)
            {
                values[constant.Name] = integer.Value;
            }
        }

        foreach (AbiConstant constant in target.Model.Constants)
        {
            if (constant.Value is IntegerValue integer && IsMask(integer.Value, target.NamesOf(constant.Name)))
            {
                counts[constant.Location.Header] = CountIn(constant.Location.Header) + 1;
            }
        }

        foreach (AbiEnum @enum in target.Model.Enums)
        {
            int masks = @enum.Enumerators.Count(enumerator => IsMask(enumerator.Value, target.NamesOf(enumerator.Name)));
            counts[@enum.Location.Header] = CountIn(@enum.Location.Header) + masks;
        }
    }

    /// <summary>How many masks a header defines.</summary>
    internal int CountIn(string header) => counts.GetValueOrDefault(header);

    private bool IsMask(Int128 value, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return false;
        }

        string[] valued = [.. names.Where(values.ContainsKey)];
        if (valued is [var only])
        {
            // ((1 << FOO_BIT_COUNT) - 1)
            return lastEnumerators.Contains(only) && values[only] > 0 && values[only] <= 64
                && value == (Int128.One << (int)values[only]) - 1;
        }

        Int128 combined = 0;
        foreach (string name in valued)
        {
            combined |= values[name];
        }

        return valued.Length > 1 && combined == value && Int128.PopCount(value) > 1;
    }
}
