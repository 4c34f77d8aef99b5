using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Model;

/// <summary>Writes types as C abstract declarators and reads them back: <c>struct foo *[4]</c>, <c>int (*)(void *)</c>.</summary>
/// <remarks>A record without a name is written as <c>struct</c> or <c>union</c> alone; its fields stand elsewhere.</remarks>
public static class AbiTypeText
{
    // __typeof__ is what gcc and clang take for a type of any spelling; the comment carries what the spelling does not say.
    internal const string OpaqueWord = "__typeof__";
    internal const string MeaningStart = "/* ";
    internal const string MeaningEnd = " */";
    internal const string OpaqueSize = " /* ";
    internal const string OpaqueEnd = " bytes */";
    internal const string AttributeWord = "__attribute__";
    internal const string AttributeStart = AttributeWord + "((";
    internal const string AttributeEnd = "))";

    private static readonly (TypeQualifiers Qualifier, string Word)[] Qualifiers =
    [
        (TypeQualifiers.Const, "const "), (TypeQualifiers.Volatile, "volatile "), (TypeQualifiers.Restrict, "restrict "),
        (TypeQualifiers.Atomic, "_Atomic "),
    ];

    /// <summary>The C spelling of a type.</summary>
    /// <param name="type">Any type of the model.</param>
    /// <returns>The same words on every machine.</returns>
    public static string Write(AbiType type) => Declare(type, "");

    /// <summary>The C declaration of a name.</summary>
    /// <param name="type">Any type of the model.</param>
    /// <param name="name">What is declared; empty for the type alone.</param>
    /// <returns>For example <c>struct foo *name[4]</c> or <c>int (*name)(void *)</c>.</returns>
    public static string Declare(AbiType type, string name) => Declare(type, name, isForCompiler: false);

    /// <summary>
    /// The type as a C compiler has to read it: with qualifiers, and without a parameter list where the declaration has none.
    /// </summary>
    internal static string ForCompiler(AbiType type) => Declare(type, "", isForCompiler: true);

    private static string Declare(AbiType type, string name, bool isForCompiler, TypeQualifiers qualifiers = TypeQualifiers.None)
    {
        StringBuilder declarator = new(name);
        string specifier = Wrap(type, declarator, isForCompiler, qualifiers);
        bool separate = declarator.Length > 0 && declarator[0] != '[';
        return separate ? $"{specifier} {declarator}" : specifier + declarator;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="text">The C spelling.</param>
    /// <param name="inlineRecord">Definition that a bare <c>struct</c> or <c>union</c> stands for; null where none may stand.</param>
    /// <returns>The type.</returns>
    /// <exception cref="FormatException">The text is no type; the message says where it stops making sense.</exception>
    public static AbiType Read(string text, AbiRecord? inlineRecord = null) => new AbiTypeParser(text, inlineRecord).ReadAll();

    // Wraps the declarator from the inside out, as C's grammar does, and gives the specifier that remains.
    private static string Wrap(AbiType type, StringBuilder declarator, bool isForCompiler, TypeQualifiers qualifiers)
    {
        bool isBehindPointer = false;
        while (true)
        {
            switch (type)
            {
                case AbiPointer pointer:
                    Qualify(declarator, ref qualifiers);
                    declarator.Insert(0, '*');
                    if (pointer.Target is AbiFunction { Convention.Length: > 0 } called)
                    {
                        declarator.Insert(0, $"{Attribute(called)} ");
                    }

                    if (pointer.Target is AbiArray or AbiFunction)
                    {
                        declarator.Insert(0, '(').Append(')');
                    }

                    qualifiers = isForCompiler ? pointer.TargetQualifiers : TypeQualifiers.None;
                    isBehindPointer = true;
                    type = pointer.Target;
                    continue;
                case AbiArray array:
                    declarator.Append('[').Append(array.Count?.ToString(CultureInfo.InvariantCulture)).Append(']');
                    type = array.Element;
                    break;
                case AbiFunction function:
                    declarator.Append('(').Append(ParameterList(function, isForCompiler)).Append(')');
                    if (function.Convention.Length > 0 && !isBehindPointer)
                    {
                        declarator.Insert(0, $"{Attribute(function)} ");
                    }

                    qualifiers = isForCompiler ? function.ResultQualifiers : TypeQualifiers.None;
                    type = function.Result;
                    break;
                default:
                    // Before the specifier: int _Atomic (void) would be an atomic type of void.
                    StringBuilder specifier = new(Specifier(type));
                    Qualify(specifier, ref qualifiers);
                    return specifier.ToString();
            }

            isBehindPointer = false;
        }
    }

    private static string Specifier(AbiType type) => type switch
    {
        AbiPrimitive primitive => primitive.Kind.ToC(),
        AbiTypedefRef typedef => typedef.Name,
        AbiRecordRef record => $"{record.Kind.ToC()} {record.Name}",
        AbiEnumRef @enum => $"enum {@enum.Name}",
        AbiInlineRecord inline => inline.Definition.Kind.ToC(),
        AbiOpaque opaque => string.Create(
            CultureInfo.InvariantCulture, $"{OpaqueWord}({WordsOf(opaque)}{OpaqueSize}{opaque.SizeBytes}{OpaqueEnd})"),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type.GetType().Name, "not a type of the model"),
    };

    private static string WordsOf(AbiOpaque opaque) =>
        opaque.Meaning.Length > 0 ? $"{MeaningStart}{opaque.Meaning}{MeaningEnd}" : opaque.Spelling;

    // Qualifiers of an array are its elements', so they wait until its element is reached.
    private static void Qualify(StringBuilder declarator, ref TypeQualifiers qualifiers)
    {
        foreach ((TypeQualifiers qualifier, string word) in Qualifiers)
        {
            if (qualifiers.HasFlag(qualifier))
            {
                declarator.Insert(0, word);
            }
        }

        qualifiers = TypeQualifiers.None;
    }

    private static string Attribute(AbiFunction function) => $"{AttributeStart}{function.Convention}{AttributeEnd}";

    private static string ParameterList(AbiFunction function, bool isForCompiler)
    {
        if (function.Parameters.Count == 0)
        {
            return function.IsVariadic ? isForCompiler ? "" : "..." : "void";
        }

        EquatableArray<TypeQualifiers> qualifiers = isForCompiler ? function.ParameterQualifiers : [];
        string list = string.Join(
            ", ",
            function.Parameters.Select((parameter, index) =>
                Declare(parameter, "", isForCompiler, index < qualifiers.Count ? qualifiers[index] : TypeQualifiers.None)));
        return function.IsVariadic ? list + ", ..." : list;
    }
}
