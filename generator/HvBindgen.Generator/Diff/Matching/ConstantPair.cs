using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Two generations of a constant.</summary>
internal sealed class ConstantPair(AbiConstant? before, AbiConstant? after, MatchContext context, IReadOnlyList<string> origins)
    : DeclarationPair<AbiConstant>((after ?? before)!.Name, (after ?? before)!.Name, before, after, context)
{
    /// <summary>Enums and records that the value follows: the number of enumerators, the size of a record.</summary>
    internal override IReadOnlyList<string> Dependencies => origins;

    /// <summary>Both values, where both are integers and differ.</summary>
    internal bool HasChangedInteger(out Int128 old, out Int128 now)
    {
        (old, now) = (0, 0);
        if (Before?.Value is IntegerValue one && After?.Value is IntegerValue other && one.Value != other.Value)
        {
            (old, now) = (one.Value, other.Value);
            return true;
        }

        return false;
    }

    /// <summary>Whether the value is a set of bits by its name.</summary>
    internal bool IsMask => Name.Contains("MASK", StringComparison.OrdinalIgnoreCase) || Name.Contains("FLAGS", StringComparison.OrdinalIgnoreCase)
        || Name.EndsWith("_ALL", StringComparison.OrdinalIgnoreCase) || Name.Contains("VALID", StringComparison.OrdinalIgnoreCase);
}
