using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>How the value of a macro or an enumerator changed.</summary>
internal enum ValueChange
{
    /// <summary>It is the same, or one side has none.</summary>
    None,

    /// <summary>A set of bits got further ones.</summary>
    Widened,

    /// <summary>A set of bits lost some.</summary>
    Narrowed,

    /// <summary>The end of a list lies elsewhere.</summary>
    EndMarker,

    /// <summary>The headers say that they are a later version.</summary>
    Version,

    /// <summary>It follows the size of a record.</summary>
    Size,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>Tells the ways apart in which values change, by what they are made of.</summary>
internal sealed class ValueChanges
{
    private readonly Derivations derivations;
    private readonly HashSet<string> markers = new(StringComparer.Ordinal);

    internal ValueChanges(AbiModel before, AbiModel after, Derivations derivations)
    {
        this.derivations = derivations;
        HashSet<string> wereMarkers = new(StringComparer.Ordinal);
        foreach (AbiEnum @enum in before.Enums)
        {
            wereMarkers.UnionWith(EndMarkers.Of(@enum, derivations.Before));
        }

        foreach (AbiEnum @enum in after.Enums)
        {
            foreach (string marker in EndMarkers.Of(@enum, derivations.After))
            {
                if (wereMarkers.Contains(marker) || derivations.ValueBefore(marker) is null)
                {
                    markers.Add(marker);
                }
            }
        }
    }

    /// <summary>Whether an enumerator marks the end of its list on both sides.</summary>
    internal bool IsMarker(string enumerator) => markers.Contains(enumerator);

    internal ValueChange Of(ConstantPair pair)
    {
        if (!pair.HasBoth(out AbiConstant before, out AbiConstant after) || before.Value.Equals(after.Value))
        {
            return ValueChange.None;
        }

        if (before.Value is IntegerValue old && after.Value is IntegerValue now)
        {
            return Versions.IsVersion(pair.Name) && now.Value > old.Value ? ValueChange.Version : Of(pair.Name, old.Value, now.Value);
        }

        return Versions.IsVersion(pair.Name) ? ValueChange.Version : ValueChange.Other;
    }

    internal ValueChange Of(EnumeratorPair pair) =>
        pair is not { Before: { } old, After: { } now } || old.Value == now.Value ? ValueChange.None : Of(now.Name, old.Value, now.Value);

    internal static string Describe(AbiConstant constant) =>
        constant.Value is IntegerValue { Value: var value } && (value > 255 || value < -255)
        ? $"{value} (0x{(value >= 0 ? value : value >= int.MinValue ? (uint)(int)value : (ulong)(long)value):x})"
        : constant.Value.ToString();

    private ValueChange Of(string name, Int128 old, Int128 now)
    {
        if (IsMarker(name) || FollowsMarker(name) || IsLastOfOthers(name))
        {
            return IsLowMask(old) && IsLowMask(now) && !IsMarker(name) && !EndMarkers.IsNamedSo(name)
                ? now > old ? ValueChange.Widened : ValueChange.Narrowed
                : ValueChange.EndMarker;
        }

        bool isUnion = IsUnion(old, derivations.Before(name), derivations.ValueBefore, out bool wasInverted)
            & IsUnion(now, derivations.After(name), derivations.ValueAfter, out bool isInverted);
        if (isUnion && wasInverted == isInverted)
        {
            (Int128 had, Int128 has) = isInverted ? (~old, ~now) : (old, now);
            return (had & ~has) != 0 ? ValueChange.Narrowed : ValueChange.Widened;
        }

        if (IsLiteralMask(name, old, now))
        {
            return (old & ~now) != 0 ? ValueChange.Narrowed : ValueChange.Widened;
        }

        List<string> sources = derivations.ChangedSources(name);
        return sources.Count > 0 && sources.TrueForAll(IsType) ? ValueChange.Size : ValueChange.Other;
    }

    private static bool IsType(string key) =>
        key.Contains(' ', StringComparison.Ordinal) && !key.StartsWith("enumerator ", StringComparison.Ordinal);

    // MAX = __MAX - 1, MASK = (1 << COUNT) - 1: made of markers and nothing else that changed.
    private bool FollowsMarker(string name)
    {
        List<string> sources = derivations.ChangedSources(name);
        return sources.Count > 0 && sources.TrueForAll(source => IsMarkerKey(source, 0));
    }

    private bool IsMarkerKey(string key, int depth)
    {
        if (key == Derivations.EnumeratorKey(key[(key.IndexOf(' ', StringComparison.Ordinal) + 1)..]))
        {
            return IsMarker(key[(key.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }

        const int LongestChain = 16;
        List<string> sources = depth < LongestChain ? derivations.ChangedSources(key) : [];
        return sources.Count > 0 && sources.TrueForAll(source => IsMarkerKey(source, depth + 1));
    }

    // #define FOO_MAX FOO_B becomes FOO_C: another name of a value, or one beside it, that stands for the last of a list.
    private bool IsLastOfOthers(string name) =>
        EndMarkers.IsNamedSo(name) && derivations.Before(name) is [var last] && derivations.After(name) is [var newLast] && last != newLast
        && derivations.ValueBefore(last) is { } old && derivations.ValueAfter(newLast) is { } now && now > old
        && derivations.ValueBefore(newLast) is null && derivations.ValueAfter(last) == old;

    // At least two names, or the value with all bits turned: a set of flags, as (A | B) or ~(A | B).
    private static bool IsUnion(Int128 value, IReadOnlyList<string> names, Func<string, Int128?> valueOf, out bool isInverted)
    {
        isInverted = false;
        Int128 union = 0;
        foreach (string name in names)
        {
            if (valueOf(name) is not { } part)
            {
                return false;
            }

            union |= part;
        }

        isInverted = names.Count > 0 && (value == ~union || value == (uint)~(uint)(ulong)(UInt128)union || value == ~(ulong)(UInt128)union);
        return isInverted || (names.Count > 1 && value == union);
    }

    // A number of its own that is called a mask, and of the two the wider one has all bits below a power of two: flags are counted
    // from the lowest.
    private bool IsLiteralMask(string name, Int128 old, Int128 now) =>
        name.EndsWith("_MASK", StringComparison.OrdinalIgnoreCase)
        && ((IsLowMask(old) && (now & ~old) == 0) || (IsLowMask(now) && (old & ~now) == 0))
        && derivations.Before(name).Count == 0 && derivations.After(name).Count == 0;

    // 0b111: all bits below a power of two.
    private static bool IsLowMask(Int128 value) => value > 0 && (value & (value + 1)) == 0;
}
