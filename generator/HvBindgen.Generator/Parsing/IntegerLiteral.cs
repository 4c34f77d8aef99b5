using System.Globalization;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Integer literals to which C gives one type and one value, by nothing but their spelling and the size of <c>long</c> (C11, 6.4.4.1).
/// </summary>
internal static class IntegerLiteral
{
    /// <summary>Reads a literal.</summary>
    /// <param name="literal">Its text.</param>
    /// <param name="longBytes">Size of <c>long</c>.</param>
    /// <returns>
    /// Null for all other text, for extensions such as <c>0b1</c> and <c>1'000</c>, and for what is larger than every type that C allows.
    /// </returns>
    internal static IntegerNumber? Read(ReadOnlySpan<char> literal, int longBytes)
    {
        int end = literal.TrimEnd("uUlL").Length;
        if (SuffixOf(literal[end..]) is not { } suffix || ValueOf(literal[..end]) is not { } value)
        {
            return null;
        }

        // The first of the types, from the suffix's rank on, that holds the value. A decimal literal is unsigned only where it says so.
        bool isDecimal = literal[0] != '0';
        for (int rank = suffix.Rank * 2; rank < IntegerNumber.Ranks.Count; rank++)
        {
            bool isUnsigned = IntegerNumber.IsUnsignedRank(rank);
            bool isAllowed = isUnsigned ? suffix.IsUnsigned || !isDecimal : !suffix.IsUnsigned;
            if (isAllowed && value <= ulong.MaxValue >> (64 - IntegerNumber.BitsOf(rank, longBytes) + (isUnsigned ? 0 : 1)))
            {
                return new IntegerNumber(rank, longBytes, value);
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
