namespace HvBindgen.Generator.Diff.Matching;

/// <summary>
/// Masks that are written as numbers of their own. A name alone proves nothing: 0x0f that becomes 0xff may be a set of flags or a field
/// that got wider. Flags by the same first words that are just the bits which changed do prove it.
/// </summary>
internal sealed class LiteralMasks
{
    private static readonly HashSet<string> Masks = new(["MASK", "ALLFLAGS"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Reserved = new(["RESERVED", "RSVD"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> ReservedBits = new([.. Masks, .. Reserved, "BITS"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Sets = new(
        ["FLAGS", "ALLOWED", "SUPPORTED", "VALID", "KNOWN", "ALL", "FEATURES"], StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Int128> flagsBefore;
    private readonly Dictionary<string, Int128> flags;

    internal LiteralMasks(NamedNumbers before, NamedNumbers after)
    {
        flagsBefore = FlagsOf(before);
        flags = FlagsOf(after);
    }

    /// <summary>What a number that is made of no names became; <see cref="ValueChange.Other"/> where it is no mask.</summary>
    internal ValueChange Of(string name, Int128 old, Int128 now)
    {
        bool gainsOnly = (old & ~now) == 0;
        bool losesOnly = (now & ~old) == 0;
        if (old < 0 || now < 0 || (!gainsOnly && !losesOnly))
        {
            return ValueChange.Other;
        }

        string[] words = name.Split('_');
        bool isReserved = Array.Exists(words, Reserved.Contains) && ReservedBits.Contains(words[^1]);
        if ((!isReserved && !Masks.Contains(words[^1])) || Int128.PopCount(old | now) <= 1)
        {
            return gainsOnly && Sets.Contains(words[^1]) && !IsChoice(words) && AreAllFlags(name, old, now) ? ValueChange.Widened
                : gainsOnly && IsWideField(old) && IsWideField(now) && Int128.TrailingZeroCount(old) == Int128.TrailingZeroCount(now)
                ? ValueChange.PerhapsWidened
                : ValueChange.Other;
        }

        // What is kept reserved gets fewer bits with every use of one.
        return isReserved && gainsOnly ? ValueChange.Other
            : !isReserved && !gainsOnly ? ValueChange.Narrowed
            : AreFlags(name, old ^ now) ? ValueChange.Widened
            : ValueChange.PerhapsWidened;
    }

    /// <summary>Whether bits are those of flags by the same first words: of FOO_VALID_MASK FOO_VALID_A or FOO_A.</summary>
    internal bool AreFlags(string name, Int128 bits)
    {
        for (int end = name.LastIndexOf('_'); end > 0; end = name.LastIndexOf('_', end - 1))
        {
            string prefix = name[..(end + 1)];
            Int128 found = flags.Where(flag => flag.Key.StartsWith(prefix, StringComparison.Ordinal) && flag.Key != name)
                .Aggregate(Int128.Zero, (all, flag) => all | (flag.Value & bits));
            if (found == bits)
            {
                return true;
            }
        }

        return false;
    }

    // FOO_DEFAULT_FLAGS is what somebody chose, be it all there are.
    private static bool IsChoice(string[] words) => Array.Exists(words, static word => word is "DEFAULT" or "INITIAL" or "INIT");

    // FOO_ALLOWED_FLAGS is all there is of FOO_A, FOO_B on both sides: 1 that becomes 3 because there are two may be a default as well.
    private bool AreAllFlags(string name, Int128 old, Int128 now)
    {
        for (int end = name.LastIndexOf('_'); end > 0; end = name.LastIndexOf('_', end - 1))
        {
            string prefix = name[..(end + 1)];
            if (Int128.PopCount(old) > 1 && Union(flagsBefore, prefix) == old && Union(flags, prefix) == now)
            {
                return true;
            }
        }

        return false;
    }

    private static Int128 Union(Dictionary<string, Int128> flags, string prefix) =>
        flags.Where(flag => flag.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Aggregate(Int128.Zero, static (all, flag) => all | flag.Value);

    private static Dictionary<string, Int128> FlagsOf(NamedNumbers numbers) =>
        numbers.Values.Where(static one => one.Value > 0 && Int128.PopCount(one.Value) == 1)
            .ToDictionary(StringComparer.Ordinal);

    // 0x00fffff0: so many bits in a row, above others, are a field of a register, whatever it is called.
    private static bool IsWideField(Int128 value)
    {
        const int FewestBits = 16;
        int shift = (int)Int128.TrailingZeroCount(value);
        Int128 field = value >> shift;
        return shift > 0 && (field & (field + 1)) == 0 && Int128.PopCount(field) >= FewestBits;
    }
}
