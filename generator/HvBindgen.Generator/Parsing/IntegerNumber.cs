using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>A number of one of C's integer types from <c>int</c> on, and what operators make of it (C11, 6.3.1.8 and 6.5).</summary>
/// <param name="Rank">Which of <see cref="Ranks"/> its type is.</param>
/// <param name="LongBytes">Size of <c>long</c>.</param>
/// <param name="Value">The number, which the type holds.</param>
internal readonly record struct IntegerNumber(int Rank, int LongBytes, Int128 Value)
{
    /// <summary>The types, each with its unsigned one behind it.</summary>
    internal static IReadOnlyList<PrimitiveKind> Ranks { get; } =
    [
        PrimitiveKind.Int, PrimitiveKind.UInt, PrimitiveKind.Long, PrimitiveKind.ULong, PrimitiveKind.LongLong, PrimitiveKind.ULongLong,
    ];

    /// <summary>Its type.</summary>
    internal PrimitiveKind Kind => Ranks[Rank];

    private bool IsUnsigned => IsUnsignedRank(Rank);

    private int Bits => BitsOf(Rank, LongBytes);

    /// <summary>Width of a type in bits.</summary>
    internal static int BitsOf(int rank, int longBytes) => 8 * (rank / 2) switch { 0 => sizeof(int), 1 => longBytes, _ => sizeof(long) };

    /// <summary>Whether a type is unsigned.</summary>
    internal static bool IsUnsignedRank(int rank) => rank % 2 == 1;

    /// <summary>What an operator before it makes of it; null where C leaves that open, or has no such operator.</summary>
    internal IntegerNumber? Behind(ReadOnlySpan<char> @operator) => @operator switch
    {
        "+" => this,
        "-" => Of(Rank, -Value),
        "~" => Of(Rank, ~Value),
        "!" => new IntegerNumber(0, LongBytes, Value == 0 ? 1 : 0),
        _ => null,
    };

    /// <summary>What an operator between two makes of them; null where C leaves that open, or has no such operator.</summary>
    internal IntegerNumber? With(ReadOnlySpan<char> @operator, IntegerNumber right)
    {
        if (@operator is "<<" or ">>")
        {
            return Shifted(@operator is "<<", right.Value);
        }

        int common = CommonRank(right);
        Int128 first = Converted(common);
        Int128 second = right.Converted(common);
        return @operator switch
        {
            "+" => Of(common, first + second),
            "-" => Of(common, first - second),

            // Two numbers of 64 bits without a sign come to more than a signed one of 128 holds.
            "*" => Of(common, IsUnsignedRank(common) ? (ulong)first * (ulong)second : first * second),
            "/" when second != 0 => Of(common, first / second),
            "%" when second != 0 && Of(common, first / second) is not null => Of(common, first % second),
            "&" => Of(common, first & second),
            "^" => Of(common, first ^ second),
            "|" => Of(common, first | second),
            _ => null,
        };
    }

    // A bit that is shifted into the sign is one to both compilers; what is shifted beyond it, or is negative, is nothing to C.
    private IntegerNumber? Shifted(bool isLeft, Int128 count)
    {
        if (count < 0 || count >= Bits)
        {
            return null;
        }

        if (!isLeft)
        {
            return this with { Value = Value >> (int)count };
        }

        UInt128 shifted = (UInt128)Value << (int)count;
        return IsUnsigned ? Of(Rank, (Int128)(ulong)shifted)
            : Value < 0 || shifted >> Bits != 0 ? null
            : this with { Value = Signed((ulong)shifted) };
    }

    private Int128 Signed(ulong bits) => Bits == 32 ? (int)(uint)bits : (long)bits;

    // Of an operand without a sign the result has none either, unless its type has a bit more.
    private int CommonRank(IntegerNumber other)
    {
        int larger = Math.Max(Rank / 2, other.Rank / 2);
        int bits = BitsOf(larger * 2, LongBytes);
        return (larger * 2) + ((IsUnsigned && Bits == bits) || (other.IsUnsigned && other.Bits == bits) ? 1 : 0);
    }

    private Int128 Converted(int rank) => IsUnsignedRank(rank) ? Wrapped(Value, BitsOf(rank, LongBytes)) : Value;

    private IntegerNumber? Of(int rank, Int128 exact)
    {
        int bits = BitsOf(rank, LongBytes);
        if (IsUnsignedRank(rank))
        {
            return new IntegerNumber(rank, LongBytes, Wrapped(exact, bits));
        }

        Int128 limit = Int128.One << (bits - 1);
        return exact >= -limit && exact < limit ? new IntegerNumber(rank, LongBytes, exact) : null;
    }

    private static Int128 Wrapped(Int128 value, int bits) => value & ((Int128.One << bits) - 1);
}
