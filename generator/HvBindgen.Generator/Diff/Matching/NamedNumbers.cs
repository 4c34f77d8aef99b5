using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>The names of one side that stand for numbers: macros and enumerators.</summary>
internal static class NamedNumbers
{
    internal static Dictionary<string, Int128> Of(AbiModel model)
    {
        Dictionary<string, Int128> numbers = new(StringComparer.Ordinal);
        foreach (AbiConstant constant in model.Constants)
        {
            if (constant.Value is IntegerValue integer)
            {
                numbers[constant.Name] = integer.Value;
            }
        }

        foreach (AbiEnum @enum in model.Enums)
        {
            foreach (AbiEnumerator enumerator in @enum.Enumerators)
            {
                numbers[enumerator.Name] = enumerator.Value;
            }
        }

        return numbers;
    }
}
