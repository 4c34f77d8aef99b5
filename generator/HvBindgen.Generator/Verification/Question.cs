using System.Globalization;
using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>One fact as C that puts the compiler's answer into constant data.</summary>
/// <param name="Fact">The fact in words, for reports.</param>
/// <param name="Expected">The model's answer, in the words that <see cref="Answer"/> uses.</param>
internal abstract record Question(string Fact, string Expected)
{
    /// <summary>
    /// Whether it is about what a macro expands to. Some expressions that compute have no place in constant data, so a refusal of
    /// such a question says nothing about the fact.
    /// </summary>
    internal bool IsMacro { get; init; }

    /// <summary>Whether a compiler that gives enumerators the type of their enum may rightly answer something else.</summary>
    internal bool IsOfEnumerators { get; init; }

    /// <summary>Whether the compiler agrees by refusing the question.</summary>
    internal virtual bool RefusalAgrees => false;

    /// <summary>The declaration, on one line, that makes the compiler answer.</summary>
    internal abstract string Declare(string symbol);

    /// <summary>The compiler's answer.</summary>
    internal abstract string Answer(byte[] data, ObjectFile file);

    private protected static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>Asks for a size, an offset or the like.</summary>
internal sealed record NumberQuestion(string Fact, string Expression, long Number) : Question(Fact, Text(Number))
{
    internal override string Declare(string symbol) => $"const unsigned long long {symbol} = ({Expression});";

    internal override string Answer(byte[] data, ObjectFile file) => Text(file.Number(data));
}

/// <summary>Asks for an integer of any type: its 64 bits, and whether it is negative.</summary>
internal sealed record IntegerQuestion(string Fact, string Expression, Int128 Value) : Question(Fact, Text(Value))
{
    internal override string Declare(string symbol) =>
        $"const unsigned long long {symbol}[2] = {{ (unsigned long long)({Expression}), ({Expression}) < 0 }};";

    internal override string Answer(byte[] data, ObjectFile file)
    {
        ulong bits = file.Number(data.AsSpan(0, 8));
        return file.Number(data.AsSpan(8)) != 0 ? Text((long)bits) : Text(bits);
    }
}

/// <summary>Asks for an integer of a 128-bit type: both halves, and whether it is negative.</summary>
internal sealed record WideIntegerQuestion(string Fact, string Expression, string Number) : Question(Fact, Number)
{
    internal override string Declare(string symbol) =>
        $"const unsigned long long {symbol}[3] = {{ (unsigned long long)({Expression}), (unsigned long long)(({Expression}) >> 64), "
        + $"({Expression}) < 0 }};";

    internal override string Answer(byte[] data, ObjectFile file)
    {
        UInt128 bits = new(file.Number(data.AsSpan(8, 8)), file.Number(data.AsSpan(0, 8)));
        return file.Number(data.AsSpan(16)) != 0 ? Text((Int128)bits) : Text(bits);
    }
}

/// <summary>Asks for a floating-point number; equal only when every bit is.</summary>
internal sealed record FloatingQuestion(string Fact, string Expression, double Value) : Question(Fact, Words(Value))
{
    internal override string Declare(string symbol) => $"const double {symbol} = (double)({Expression});";

    internal override string Answer(byte[] data, ObjectFile file) => Words(BitConverter.UInt64BitsToDouble(file.Number(data)));

    // The shortest text that reads back to the same number; -0 keeps its sign.
    private static string Words(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Asks for the bytes of a string literal.</summary>
internal sealed record TextQuestion(string Fact, string Macro, string Value) : Question(Fact, $"\"{Value}\"")
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    internal override string Declare(string symbol) => $"const char {symbol}[] = {Macro};";

    internal override string Answer(byte[] data, ObjectFile file)
    {
        ReadOnlySpan<byte> text = data.AsSpan(0, Math.Max(data.Length - 1, 0));
        try
        {
            return $"\"{Strict.GetString(text)}\"";
        }
        catch (DecoderFallbackException)
        {
            return $"\"{Encoding.Latin1.GetString(text)}\"";
        }
    }
}

/// <summary>Asks which of the language's types an expression has.</summary>
internal sealed record TypeQuestion(string Fact, string Expression, PrimitiveKind Kind) : Question(Fact, Kind.ToC())
{
    /// <summary>The macro that gives the number of a type; it has to stand before the first question.</summary>
    internal static string Definition { get; } = Define();

    internal override string Declare(string symbol) => $"const unsigned char {symbol} = hvb_type_of({Expression});";

    internal override string Answer(byte[] data, ObjectFile file) =>
        data is [byte kind and not 255] ? ((PrimitiveKind)kind).ToC() : "another type";

    private static string Define()
    {
        StringBuilder text = new();
        text.Append("#ifdef __SIZEOF_INT128__\n#define hvb_wide __int128: ").Append((int)PrimitiveKind.Int128);
        text.Append(", unsigned __int128: ").Append((int)PrimitiveKind.UInt128).Append(",\n#else\n#define hvb_wide\n#endif\n");
        text.Append("#define hvb_type_of(x) _Generic((x), hvb_wide");
        foreach (PrimitiveKind kind in Enum.GetValues<PrimitiveKind>())
        {
            if (kind is not (PrimitiveKind.Void or PrimitiveKind.Int128 or PrimitiveKind.UInt128))
            {
                text.Append(CultureInfo.InvariantCulture, $" {kind.ToC()}: {(int)kind},");
            }
        }

        return text.Append(" default: 255)\n").ToString();
    }
}

/// <summary>Asks whether a macro that the model has no value for is a number after all.</summary>
internal sealed record NoNumberQuestion(string Fact, string Macro) : Question(Fact, "no number")
{
    internal override bool RefusalAgrees => true;

    /// <summary>
    /// A number that no double holds, an infinity or one too large or too small, is none here either: what is left of it after a
    /// subtraction from itself is no zero, or it became one.
    /// </summary>
    internal static string Definition { get; } =
        """
        #define hvb_floating(x) _Generic((x), float: (x), double: (x), long double: (x), default: 1.0)
        #define hvb_is_held(x) ((double)(x) - (double)(x) == 0 && ((double)(x) != 0 || (x) == 0))

        """;

    // A variable's initialiser has to be constant; what else is, is the address of something.
    internal override string Declare(string symbol) =>
        $"__auto_type {symbol}_value = ({Macro}); "
        + $"const unsigned char {symbol} = hvb_is_held(hvb_floating({Macro})) ? hvb_type_of({Macro}) : 255;";

    internal override string Answer(byte[] data, ObjectFile file) =>
        data is [byte kind and not 255] ? $"a constant {((PrimitiveKind)kind).ToC()}" : Expected;
}

/// <summary>Asks whether a macro that the model has no value for is a string literal after all.</summary>
internal sealed record NoTextQuestion(string Fact, string Macro) : Question(Fact, "no text")
{
    internal override bool RefusalAgrees => true;

    // Only string literals and lists in braces can initialise an array, and no list has a size.
    internal override string Declare(string symbol) =>
        $"const char {symbol}[] = {Macro}; const unsigned long {symbol}_size = sizeof({Macro});";

    internal override string Answer(byte[] data, ObjectFile file) => $"a text of {data.Length} characters";
}

/// <summary>Asks whether an expression has the type that the model writes.</summary>
/// <param name="Fact">The fact in words.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Type">The type.</param>
/// <param name="IsOfScalars">
/// Whether it is a number or an array of them: then values are compared, without the <c>_Atomic</c> that clang would compare (a typedef's
/// is dropped likewise), and the dimensions by their sizes.
/// </param>
internal sealed record SameTypeQuestion(string Fact, string Expression, AbiType Type, bool IsOfScalars = false)
    : Question(Fact, Type.ToString())
{
    internal override string Declare(string symbol)
    {
        string expression = Expression;
        AbiType type = Type;
        StringBuilder conditions = new();
        while (IsOfScalars && type is AbiArray array)
        {
            if (array.Count is not null)
            {
                conditions.Append(CultureInfo.InvariantCulture, $"sizeof({expression}) == sizeof({AbiTypeText.ForCompiler(type)}) && ");
            }

            (expression, type) = ($"({expression})[0]", array.Element);
        }

        string value = IsOfScalars ? $"(0, {expression})" : expression;
        string expected = AbiTypeText.ForCompiler(type);
        return $"const unsigned char {symbol} = {conditions}__builtin_types_compatible_p(__typeof__({value}), "
            + (IsOfScalars && type is AbiTypedefRef ? $"__typeof__((0, *({expected} *)0)));" : $"{expected});");
    }

    internal override string Answer(byte[] data, ObjectFile file) => data is [1] ? Expected : "another type";
}

/// <summary>Asks which bits a bit-field occupies: all of its own are set in a record that is zero elsewhere.</summary>
internal sealed record BitsQuestion(string Fact, string RecordType, string Field, long OffsetBits, long WidthBits)
    : Question(Fact, Words(OffsetBits, WidthBits))
{
    internal override string Declare(string symbol) => $"const {RecordType} {symbol} = {{ .{Field} = -1 }};";

    internal override string Answer(byte[] data, ObjectFile file) => Runs(data, file.IsLittleEndian);

    /// <summary>Which bits of a record are set, in words.</summary>
    internal static string Runs(ReadOnlySpan<byte> data, bool isLittleEndian)
    {
        // clang counts from the first byte's low end on little-endian machines, from its high end on big-endian ones.
        StringBuilder runs = new();
        int start = -1;
        for (int bit = 0; bit <= data.Length * 8; bit++)
        {
            int place = isLittleEndian ? bit % 8 : 7 - (bit % 8);
            bool isSet = bit < data.Length * 8 && (data[bit / 8] >> place & 1) != 0;
            if (isSet && start < 0)
            {
                start = bit;
            }
            else if (!isSet && start >= 0)
            {
                runs.Append(runs.Length > 0 ? " and " : "").Append(Words(start, bit - start));
                start = -1;
            }
        }

        return runs.Length > 0 ? runs.ToString() : "no bit";
    }

    /// <summary>The words for one run of bits.</summary>
    internal static string Words(long offset, long width) =>
        string.Create(CultureInfo.InvariantCulture, $"bits {offset} to {offset + width - 1}");
}

/// <summary>Asks whether a bit-field takes negative values.</summary>
internal sealed record BitFieldSignQuestion(string Fact, string Expression, bool IsSigned, bool IsWholeEnum)
    : Question(Fact, Words(IsSigned))
{
    /// <summary>
    /// C has no operator that keeps a bit-field's own type. clang shows the declared type to _Generic; gcc tells whether -1 fits, but for
    /// all bits of an enum, whose type it shows too.
    /// </summary>
    internal static string Definition { get; } =
        """
        #ifdef __SIZEOF_INT128__
        #define hvb_wide_unsigned unsigned __int128: 0,
        #else
        #define hvb_wide_unsigned
        #endif
        #define hvb_unsigned hvb_wide_unsigned unsigned char: 0, unsigned short: 0, unsigned int: 0, unsigned long: 0, unsigned long long: 0
        #define hvb_is_signed_whole(x) _Generic((x), hvb_unsigned, char: (char)-1 < 0, default: 1)
        #ifdef __clang__
        #define hvb_is_signed(x) hvb_is_signed_whole(x)
        #else
        #define hvb_is_signed(x) !__builtin_add_overflow_p(-1, 0, x)
        #endif

        """;

    internal override string Declare(string symbol) =>
        $"const unsigned char {symbol} = {(IsWholeEnum ? "hvb_is_signed_whole" : "hvb_is_signed")}({Expression});";

    internal override string Answer(byte[] data, ObjectFile file) => Words(data is [not 0]);

    private static string Words(bool isSigned) => isSigned ? "signed" : "unsigned";
}
