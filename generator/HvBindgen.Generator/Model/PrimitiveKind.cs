namespace HvBindgen.Generator.Model;

/// <summary>The types of the C language, and the extended ones that gcc and clang share.</summary>
public enum PrimitiveKind
{
    /// <summary><c>void</c></summary>
    Void,

    /// <summary><c>_Bool</c></summary>
    Bool,

    /// <summary><c>char</c>, signed or not as the target says.</summary>
    Char,

    /// <summary><c>signed char</c></summary>
    SChar,

    /// <summary><c>unsigned char</c></summary>
    UChar,

    /// <summary><c>short</c></summary>
    Short,

    /// <summary><c>unsigned short</c></summary>
    UShort,

    /// <summary><c>int</c></summary>
    Int,

    /// <summary><c>unsigned int</c></summary>
    UInt,

    /// <summary><c>long</c>: as wide as a pointer.</summary>
    Long,

    /// <summary><c>unsigned long</c>: as wide as a pointer.</summary>
    ULong,

    /// <summary><c>long long</c></summary>
    LongLong,

    /// <summary><c>unsigned long long</c></summary>
    ULongLong,

    /// <summary><c>__int128</c></summary>
    Int128,

    /// <summary><c>unsigned __int128</c></summary>
    UInt128,

    /// <summary><c>float</c></summary>
    Float,

    /// <summary><c>double</c></summary>
    Double,

    /// <summary><c>long double</c></summary>
    LongDouble,
}

/// <summary>Spelling, size and signedness of <see cref="PrimitiveKind"/>.</summary>
public static class PrimitiveKinds
{
    private static readonly (PrimitiveKind Kind, string Name)[] Names =
    [
        (PrimitiveKind.Void, "void"),
        (PrimitiveKind.Bool, "_Bool"),
        (PrimitiveKind.Char, "char"),
        (PrimitiveKind.SChar, "signed char"),
        (PrimitiveKind.UChar, "unsigned char"),
        (PrimitiveKind.Short, "short"),
        (PrimitiveKind.UShort, "unsigned short"),
        (PrimitiveKind.Int, "int"),
        (PrimitiveKind.UInt, "unsigned int"),
        (PrimitiveKind.Long, "long"),
        (PrimitiveKind.ULong, "unsigned long"),
        (PrimitiveKind.LongLong, "long long"),
        (PrimitiveKind.ULongLong, "unsigned long long"),
        (PrimitiveKind.Int128, "__int128"),
        (PrimitiveKind.UInt128, "unsigned __int128"),
        (PrimitiveKind.Float, "float"),
        (PrimitiveKind.Double, "double"),
        (PrimitiveKind.LongDouble, "long double"),
    ];

    internal static IEnumerable<PrimitiveKind> All => Names.Select(static one => one.Kind);

    /// <summary>The C keyword or keywords.</summary>
    /// <param name="kind">The type.</param>
    /// <returns>For example <c>unsigned long</c>.</returns>
    public static string ToC(this PrimitiveKind kind) => Names[(int)kind].Name;

    /// <summary>Finds a type by its C spelling.</summary>
    /// <param name="name">Spelling as <see cref="ToC"/> gives it.</param>
    /// <returns>The type, or null when the words name none.</returns>
    public static PrimitiveKind? Find(ReadOnlySpan<char> name)
    {
        foreach ((PrimitiveKind kind, string spelling) in Names)
        {
            if (name.SequenceEqual(spelling))
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>Size on a target.</summary>
    /// <param name="kind">The type.</param>
    /// <param name="target">The machine.</param>
    /// <returns>Bytes; 0 for <c>void</c>.</returns>
    public static int SizeBytes(this PrimitiveKind kind, TargetInfo target) => kind switch
    {
        PrimitiveKind.Void => 0,
        PrimitiveKind.Bool or PrimitiveKind.Char or PrimitiveKind.SChar or PrimitiveKind.UChar => 1,
        PrimitiveKind.Short or PrimitiveKind.UShort => 2,
        PrimitiveKind.Int or PrimitiveKind.UInt or PrimitiveKind.Float => 4,
        PrimitiveKind.Long or PrimitiveKind.ULong => target.PointerBytes,
        PrimitiveKind.LongLong or PrimitiveKind.ULongLong or PrimitiveKind.Double => 8,
        PrimitiveKind.LongDouble => target.LongDoubleBytes,
        _ => 16,
    };

    /// <summary>Whether values can be negative.</summary>
    /// <param name="kind">An integer type.</param>
    /// <param name="target">The machine: it decides for plain <c>char</c>.</param>
    /// <returns>True for signed types.</returns>
    public static bool IsSigned(this PrimitiveKind kind, TargetInfo target) => kind switch
    {
        PrimitiveKind.Char => target.CharIsSigned,
        PrimitiveKind.SChar or PrimitiveKind.Short or PrimitiveKind.Int or PrimitiveKind.Long
            or PrimitiveKind.LongLong or PrimitiveKind.Int128 => true,
        _ => false,
    };

    /// <summary>Whether the type holds integers.</summary>
    /// <param name="kind">The type.</param>
    /// <returns>True for integers, characters and booleans.</returns>
    public static bool IsInteger(this PrimitiveKind kind) => kind is >= PrimitiveKind.Bool and <= PrimitiveKind.UInt128;
}
