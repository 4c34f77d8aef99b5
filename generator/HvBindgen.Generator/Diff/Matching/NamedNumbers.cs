using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>The names of one side that stand for numbers.</summary>
internal sealed class NamedNumbers
{
    internal NamedNumbers(AbiModel model)
    {
        Requests = model.Ioctls;
        int enumerators = 0;
        foreach (AbiEnum @enum in model.Enums)
        {
            enumerators += @enum.Enumerators.Count;
        }

        Values = new Dictionary<string, Int128>(model.Constants.Count + enumerators, StringComparer.Ordinal);
        foreach (AbiConstant constant in model.Constants)
        {
            if (constant.Value is IntegerValue integer)
            {
                Values[constant.Name] = integer.Value;
            }
        }

        foreach (AbiEnum @enum in model.Enums)
        {
            foreach (AbiEnumerator enumerator in @enum.Enumerators)
            {
                Values[enumerator.Name] = enumerator.Value;
            }
        }
    }

    /// <summary>Macros and enumerators with their values.</summary>
    internal Dictionary<string, Int128> Values { get; }

    internal EquatableArray<AbiIoctl> Requests { get; }
}
