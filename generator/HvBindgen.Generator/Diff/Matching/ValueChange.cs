using System.IO.Enumeration;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>How the value of a macro or an enumerator changed.</summary>
internal enum ValueChange
{
    /// <summary>It is the same, or one side has none.</summary>
    None,

    /// <summary>A set of bits got further ones.</summary>
    Widened,

    /// <summary>A number that looks like a mask got further bits, and no flags are there that would be those bits.</summary>
    PerhapsWidened,

    /// <summary>A set of bits lost some.</summary>
    Narrowed,

    /// <summary>The end of a list lies elsewhere.</summary>
    EndMarker,

    /// <summary>The start of a list lies lower.</summary>
    StartMarker,

    /// <summary>The headers say that they are a later version.</summary>
    Version,

    /// <summary>The oldest version that is still served is a later one.</summary>
    VersionFloor,

    /// <summary>It follows the size of a record.</summary>
    Size,

    /// <summary>A limit of its own is higher: what was within it still is.</summary>
    LimitRaised,

    /// <summary>No program sends it to the kernel, as <see cref="UnsentValues"/> knows.</summary>
    Unsent,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>Tells the ways apart in which values change, by what they are made of.</summary>
internal sealed class ValueChanges
{
    private readonly Derivations derivations;
    private readonly IReadOnlyList<string> declared;
    private readonly LiteralMarkers literals;
    private readonly LiteralMasks masks;
    private readonly HashSet<string> markers = new(StringComparer.Ordinal);
    private readonly HashSet<string> wereMarkers = new(StringComparer.Ordinal);
    private readonly HashSet<string> versions = new(StringComparer.Ordinal);

    /// <summary>Finds the end markers of both sides.</summary>
    /// <param name="before">The old generation.</param>
    /// <param name="after">The new generation.</param>
    /// <param name="derivations">What values are made of.</param>
    /// <param name="declared">Patterns of constants that are end markers by declaration.</param>
    internal ValueChanges(AbiModel before, AbiModel after, Derivations derivations, IReadOnlyList<string> declared)
    {
        this.derivations = derivations;
        this.declared = declared;
        (NamedNumbers old, NamedNumbers now) = (new NamedNumbers(before), new NamedNumbers(after));
        literals = new LiteralMarkers(old, now);
        masks = new LiteralMasks(old, now);
        foreach (AbiEnum @enum in before.Enums)
        {
            wereMarkers.UnionWith(EndMarkers.Of(@enum, derivations.Before));
        }

        foreach (AbiEnum @enum in after.Enums)
        {
            // Among other enumerators a version is one of a list: a command, an attribute.
            if (@enum.Enumerators.AsSpan().ToArray() is var all && Array.TrueForAll(all, static one => Versions.IsVersion(one.Name)))
            {
                versions.UnionWith(all.Select(static one => one.Name));
            }

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

    /// <summary>Whether an enumerator marked the end of its list and a macro of its name stands for the marker now.</summary>
    internal bool IsStillMarker(string name) =>
        wereMarkers.Contains(name) && derivations.After(name) is [var marker] && (markers.Contains(marker) || EndMarkers.IsNamedSo(marker));

    /// <summary>Whether two values have the same 64 bits and no further ones, as -1 and its unsigned counterpart have.</summary>
    internal static bool HaveSameBits(Int128 old, Int128 now) =>
        old == now || (FitsWord(old) && FitsWord(now) && unchecked((ulong)old == (ulong)now));

    /// <summary>Whether two constants have the same bits: in 128 where one has so many, in 64, or in the 32 that both have.</summary>
    internal static bool HaveSameBits(AbiConstant before, AbiConstant after) =>
        IsWide(before.Type) || IsWide(after.Type)
            ? BitsOf(before) is { } bits && BitsOf(after) == bits
            : before.Value is IntegerValue old && after.Value is IntegerValue now
                && (HaveSameBits(old.Value, now.Value) || HaveSameWord(before, after));

    /// <summary>Whether both constants are of 32 bits, and those are the same.</summary>
    internal static bool HaveSameWord(AbiConstant before, AbiConstant after) =>
        IsWord(before.Type) && IsWord(after.Type) && before.Value is IntegerValue old && after.Value is IntegerValue now
        && unchecked((uint)old.Value == (uint)now.Value);

    /// <summary>Whether two constants are the same number or text, whatever their types are: 2 and 2.0 too.</summary>
    internal static bool AreTheSame(AbiConstant before, AbiConstant after) =>
        before.Value.Equals(after.Value) || HaveSameBits(before, after) || IsWhole(before.Value, after.Value)
        || IsWhole(after.Value, before.Value);

    // Exactly: a double rounds integers of more than 53 bits.
    private static bool IsWhole(ConstantValue real, ConstantValue whole) =>
        real is FloatingValue { Value: var number } && whole is IntegerValue integer && double.IsInteger(number)
        && Math.Abs(number) < Math.ScaleB(1, 126) && (Int128)number == integer.Value;

    private static bool IsWord(AbiType type) => type is AbiPrimitive { Kind: PrimitiveKind.Int or PrimitiveKind.UInt };

    private static bool FitsWord(Int128 value) => value >= long.MinValue && value <= ulong.MaxValue;

    private static UInt128? BitsOf(AbiConstant constant) => constant.Value switch
    {
        IntegerValue integer => unchecked((UInt128)integer.Value),
        WideValue wide => wide.Value,
        _ => null,
    };

    private static bool IsWide(AbiType type) => type is AbiPrimitive { Kind: PrimitiveKind.Int128 or PrimitiveKind.UInt128 };

    internal ValueChange Of(ConstantPair pair)
    {
        if (!pair.HasBoth(out AbiConstant before, out AbiConstant after) || AreTheSame(before, after))
        {
            return ValueChange.None;
        }

        if (before.Value is IntegerValue old && after.Value is IntegerValue now)
        {
            return Versions.IsRaised(pair.Name, old.Value, now.Value) ? ValueChange.Version
                : Versions.IsFloorRaised(pair.Name, old.Value, now.Value) ? ValueChange.VersionFloor
                : Of(pair.Name, old.Value, now.Value) is var change and not ValueChange.Other ? change
                : UnsentValues.ReasonOf(pair.Name) is not null ? ValueChange.Unsent
                : IsLimitRaised(pair.Name, old.Value, now.Value) || FollowsLimit(pair.Name) ? ValueChange.LimitRaised
                : ValueChange.Other;
        }

        return Versions.IsVersion(pair.Name) ? ValueChange.Version : ValueChange.Other;
    }

    internal ValueChange Of(EnumeratorPair pair) =>
        pair is not { Before: { } old, After: { } now } || old.Value == now.Value
            ? ValueChange.None
            : versions.Contains(now.Name) && Versions.IsRaised(now.Name, old.Value, now.Value) ? ValueChange.Version
            : Of(now.Name, old.Value, now.Value) is var change and not ValueChange.Other ? change
            : UnsentValues.ReasonOf(now.Name) is not null ? ValueChange.Unsent
            : ValueChange.Other;

    internal static string Describe(AbiConstant constant) =>
        constant.Value is IntegerValue { Value: var value } && (value > 255 || value < -255)
        ? $"{value} (0x{(value >= 0 || value < long.MinValue ? value : value >= int.MinValue ? (uint)(int)value : (ulong)(long)value):x})"
        : constant.Value.ToString();

    private ValueChange Of(string name, Int128 old, Int128 now)
    {
        if (IsDeclaredMarker(name) || IsMarker(name) || IsLastOfOthers(name) || literals.Moved(name, old, now))
        {
            return ValueChange.EndMarker;
        }

        if (IsFirstOfOthers(name))
        {
            return ValueChange.StartMarker;
        }

        // What else is made of a marker is a value of its own: FIRST_PRIVATE = __MAX + 1 is compiled into programs.
        if (FollowsMarker(name, 0) && (EndMarkers.IsNamedSo(name) || IsCountedMask(name, old, now)))
        {
            return EndMarkers.IsNamedSo(name) ? ValueChange.EndMarker : now > old ? ValueChange.Widened : ValueChange.Narrowed;
        }

        if (Combination(name, derivations.Before(name), derivations.ValueBefore, old) is { } was
            && Combination(name, derivations.After(name), derivations.ValueAfter, now) is { } isNow && was.IsInverted == isNow.IsInverted
            && Math.Max(was.Parts, isNow.Parts) > 1 && !derivations.IsArithmetic(name))
        {
            (Int128 had, Int128 has) = was.IsInverted ? (~old, ~now) : (old, now);
            return (had & ~has) != 0 ? ValueChange.Narrowed : ValueChange.Widened;
        }

        if (FollowsWidenedMask(name, old, now) || GainsNames(name, old, now))
        {
            return ValueChange.Widened;
        }

        if (OfWrittenOut(name, old, now) is var written and not ValueChange.Other)
        {
            return written;
        }

        if (IsNumber(name) && masks.Of(name, old, now) is var change and not ValueChange.Other)
        {
            return change;
        }

        List<CauseKey> sources = derivations.ChangedSources(name);
        return sources.Count > 0 && sources.TrueForAll(derivations.IsRecord) ? ValueChange.Size : ValueChange.Other;
    }

    // 0xf, or what a macro such as GENMASK makes of numbers: no name is worth anything, and none changed.
    private bool IsNumber(string name) =>
        derivations.Before(name).All(part => derivations.ValueBefore(part) is null) && derivations.ChangedSources(name).Count == 0;

    // TEE_MAX_ARG_SIZE 1024 becomes 4096: a number of its own. What it is made of would tell why it moved.
    private bool IsLimitRaised(string name, Int128 old, Int128 now) =>
        now > old && old > 0 && Array.Exists(name.Split('_'), static word => word == "MAX")
        && derivations.Before(name).Count == 0 && derivations.After(name).Count == 0;

    // KEY_CNT = KEY_MAX + 1: made of a limit that was raised, and called as one.
    private bool FollowsLimit(string name) =>
        EndMarkers.IsNamedSo(name) && derivations.CausesOf(name) is { Count: > 0 } sources && sources.TrueForAll(source =>
            derivations.ValueBefore(source.Name) is { } old && derivations.ValueAfter(source.Name) is { } now
            && IsLimitRaised(source.Name, old, now));

    // MAX = __MAX - 1, MASK = (1 << COUNT) - 1: made of end markers, and of nothing else that changed.
    private bool FollowsMarker(string name, int depth)
    {
        const int LongestChain = 16;
        List<CauseKey> sources = depth < LongestChain ? derivations.ChangedSources(name) : [];
        return sources.Count > 0 && sources.TrueForAll(source => IsMarkerSource(source.Name, depth));
    }

    private bool IsDeclaredMarker(string name) =>
        declared.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    private bool IsMarkerSource(string name, int depth) =>
        IsMarker(name) || IsDeclaredMarker(name) || IsLastOfOthers(name) || FollowsMarker(name, depth + 1)
        || (derivations.ValueBefore(name) is { } old && derivations.ValueAfter(name) is { } now && literals.Moved(name, old, now));

    // #define FOO_MAX FOO_B becomes FOO_C: another name of a value, or one beside it, that stands for the last of a list.
    private bool IsLastOfOthers(string name) =>
        (EndMarkers.IsNamedSo(name) || Versions.IsNewest(name))
        && derivations.Before(name) is [var last] && derivations.After(name) is [var newLast] && last != newLast
        && derivations.ValueBefore(last) is { } old && derivations.ValueAfter(newLast) is { } now && now > old
        && derivations.ValueBefore(newLast) is null && derivations.ValueAfter(last) == old;

    // #define FOO_MIN FOO_B becomes FOO_A, which is new and lies before it.
    private bool IsFirstOfOthers(string name) =>
        Array.Exists(name.Split('_'), static word => word is "MIN" or "FIRST" or "START" or "BEGIN")
        && derivations.Before(name) is [var first] && derivations.After(name) is [var newFirst]
        && derivations.ValueBefore(first) is { } old && derivations.ValueAfter(newFirst) is { } now && now < old
        && derivations.ValueBefore(newFirst) is null && derivations.ValueAfter(first) == old;

    // (A | B), (1 << A | 1 << B) or ~(A | B): a set of the values of its names, or of the bits that they number. No name is no bit.
    private static (int Parts, bool IsInverted)? Combination(
        string name, IReadOnlyList<string> names, Func<string, Int128?> valueOf, Int128 value)
    {
        List<Int128> parts = [];
        foreach (string part in names)
        {
            if (part != name && valueOf(part) is { } known)
            {
                parts.Add(known);
            }
        }

        if (parts.Count == 0)
        {
            return value == 0 ? (0, false) : null;
        }

        Int128 union = parts.Aggregate(Int128.Zero, static (bits, part) => bits | part);
        const int Bits = 64;
        Int128 shifted = parts.TrueForAll(static part => part >= 0 && part < Bits)
            ? parts.Aggregate(Int128.Zero, static (bits, part) => bits | (Int128.One << (int)part))
            : -1;
        return HaveSameBits(value, union) || HaveSameBits(value, shifted) ? (parts.Count, false)
            : HaveSameBits(value, ~union) || value == unchecked((uint)~union) ? (parts.Count + 1, true)
            : null;
    }

    // (A | B) becomes 7, or 3 becomes (A | B | C): a set of bits on the side that names them, and a number on the other.
    private ValueChange OfWrittenOut(string name, Int128 old, Int128 now)
    {
        bool wasNumber = derivations.Before(name).Count == 0;
        if (wasNumber == (derivations.After(name).Count == 0) || derivations.IsArithmetic(name)
            || (wasNumber
                ? Combination(name, derivations.After(name), derivations.ValueAfter, now)
                : Combination(name, derivations.Before(name), derivations.ValueBefore, old)) is not { Parts: > 1, IsInverted: false })
        {
            return ValueChange.Other;
        }

        return (old & ~now) != 0 ? ValueChange.Narrowed
            : wasNumber || masks.AreFlags(name, old ^ now) ? ValueChange.Widened
            : ValueChange.PerhapsWidened;
    }

    // (A | 2) becomes (A | 2 | B): all bits that came are those of the names that came.
    private bool GainsNames(string name, Int128 old, Int128 now) =>
        (old & ~now) == 0 && derivations.IsCombined(name)
        && derivations.After(name).Except(derivations.Before(name)).Select(derivations.ValueAfter)
            .Aggregate(Int128.Zero, static (bits, value) => bits | (value ?? 0)) is var added
        && (now & ~old & ~added) == 0;

    // (ALL_BITS << 1): made of a set of bits that got further ones, and has all it had.
    private bool FollowsWidenedMask(string name, Int128 old, Int128 now)
    {
        List<CauseKey> sources = derivations.ChangedSources(name);
        return (old & ~now) == 0 && sources.Count > 0 && sources.ConvertAll(static source => source.Name).TrueForAll(source =>
            source != name && derivations.ValueBefore(source) is { } was && derivations.ValueAfter(source) is { } isNow
            && Combination(source, derivations.Before(source), derivations.ValueBefore, was) is { } one
            && Combination(source, derivations.After(source), derivations.ValueAfter, isNow) is { } other
            && Math.Max(one.Parts, other.Parts) > 1 && !derivations.IsArithmetic(source)
            && (was & ~isNow) == 0);
    }

    // (1 << COUNT) - 1, LAST | (LAST - 1), or what a macro such as GENMASK makes of COUNT.
    private bool IsCountedMask(string name, Int128 old, Int128 now) => IsLowMask(old) && IsLowMask(now) && derivations.IsOfBits(name);

    // 0b111: all bits below a power of two.
    private static bool IsLowMask(Int128 value) => value > 0 && (value & (value + 1)) == 0;
}
