using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>How the value of a constant changed.</summary>
internal enum ValueChange
{
    /// <summary>It is the same, or one side has none.</summary>
    None,

    /// <summary>A set of bits got further ones.</summary>
    Widened,

    /// <summary>A set of bits lost some.</summary>
    Narrowed,

    /// <summary>The end of a list lies further on.</summary>
    EndMarker,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>Tells the ways apart in which values of constants change.</summary>
internal static class ValueChanges
{
    internal static ValueChange Of(ConstantPair pair)
    {
        if (!pair.HasBoth(out AbiConstant before, out AbiConstant after) || before.Value.Equals(after.Value))
        {
            return ValueChange.None;
        }

        if (!pair.HasChangedInteger(out Int128 old, out Int128 now))
        {
            return ValueChange.Other;
        }

        if (pair.IsMask || (IsLowMask(old) && IsLowMask(now) && pair.Dependencies.Count > 0))
        {
            return (old & ~now) != 0 ? ValueChange.Narrowed : ValueChange.Widened;
        }

        return Sentinels.Contains(pair.Name) && now > old ? ValueChange.EndMarker : ValueChange.Other;
    }

    internal static string Describe(AbiConstant constant) => constant.Value is IntegerValue { Value: var value } && (value > 255 || value < -255)
        ? $"{value} (0x{value:x})"
        : constant.Value.ToString();

    // 0b111: all bits below a power of two.
    private static bool IsLowMask(Int128 value) => value > 0 && (value & (value + 1)) == 0;
}
