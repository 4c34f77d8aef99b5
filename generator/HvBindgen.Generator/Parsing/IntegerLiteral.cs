using System.Globalization;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Integer literals to which C gives one type and one value, by nothing but their spelling and the size of <c>long</c> (C11, 6.4.4.1).
/// </summary>
internal static class IntegerLiteral
{
    private static readonly PrimitiveKind[] Ranks =
    [
        PrimitiveKind.Int, PrimitiveKind.UInt, PrimitiveKind.Long, PrimitiveKind.ULong, PrimitiveKind.LongLong, PrimitiveKind.ULongLong,
    ];

    /// <summary>Whether the text is one, at any size of <c>long</c>.</summary>
    internal static bool IsOne(string text) => Read(text, sizeof(long)) is not null;

    /// <summary>Reads a literal, alone or in one pair of parentheses.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="longBytes">Size of <c>long</c>.</param>
    /// <returns>
    /// Null for all other text, for extensions such as <c>0b1</c> and <c>1'000</c>, and for what is larger than every type that C allows.
    /// </returns>
    internal static (PrimitiveKind Kind, ulong Value)? Read(string text, int longBytes)
    {
        ReadOnlySpan<char> literal = text is ['(', .., ')'] ? text.AsSpan(1, text.Length - 2) : text;
        int end = literal.TrimEnd("uUlL").Length;
        if (SuffixOf(literal[end..]) is not { } suffix || ValueOf(literal[..end]) is not { } value)
        {
            return null;
        }

        // The first of the types, from the suffix's rank on, that holds the value. A decimal literal is unsigned only where it says so.
        bool isDecimal = literal[0] != '0';
        for (int index = suffix.Rank * 2; index < Ranks.Length; index++)
        {
            bool isUnsigned = index % 2 == 1;
            bool isAllowed = isUnsigned ? suffix.IsUnsigned || !isDecimal : !suffix.IsUnsigned;
            int bits = 8 * (index / 2) switch { 0 => sizeof(int), 1 => longBytes, _ => sizeof(long) };
            if (isAllowed && value <= ulong.MaxValue >> (64 - bits + (isUnsigned ? 0 : 1)))
            {
                return (Ranks[index], value);
            }
        }

        return null;
    }

    // u and l or ll, in any order and case; both letters of ll are of one case.
    private static (bool IsUnsigned, int Rank)? SuffixOf(ReadOnlySpan<char> suffix)
    {
        bool isUnsigned = suffix is ['u' or 'U', ..] or [.., 'u' or 'U'];
        ReadOnlySpan<char> length = !isUnsigned ? suffix : suffix[0] is 'u' or 'U' ? suffix[1..] : suffix[..^1];
        return length switch
        {
            "" => (isUnsigned, 0),
            "l" or "L" => (isUnsigned, 1),
            "ll" or "LL" => (isUnsigned, 2),
            _ => null,
        };
    }

    private static ulong? ValueOf(ReadOnlySpan<char> digits) => digits switch
    {
        ['0', 'x' or 'X', .. { Length: > 0 } rest] =>
            ulong.TryParse(rest, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) ? value : null,
        ['0', .. { } rest] => OctalOf(rest),
        [>= '1' and <= '9', ..] =>
            ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null,
        _ => null,
    };

    private static ulong? OctalOf(ReadOnlySpan<char> digits)
    {
        ulong value = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7' || value >> 61 != 0)
            {
                return null;
            }

            value = (value << 3) + (ulong)(digit - '0');
        }

        return value;
    }
}
