using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Model;

/// <summary>Writes types as C abstract declarators and reads them back: <c>struct foo *[4]</c>, <c>int (*)(void *)</c>.</summary>
/// <remarks>A record without a name is written as <c>struct</c> or <c>union</c> alone; its fields stand elsewhere.</remarks>
public static class AbiTypeText
{
    /// <summary>The C spelling of a type.</summary>
    /// <param name="type">Any type of the model.</param>
    /// <returns>The same words on every machine.</returns>
    public static string Write(AbiType type) => Declare(type, "");

    /// <summary>The C declaration of a name.</summary>
    /// <param name="type">Any type of the model.</param>
    /// <param name="name">What is declared; empty for the type alone.</param>
    /// <returns>For example <c>struct foo *name[4]</c> or <c>int (*name)(void *)</c>.</returns>
    public static string Declare(AbiType type, string name)
    {
        StringBuilder declarator = new(name);
        string specifier = Wrap(type, declarator);
        bool separate = declarator.Length > 0 && declarator[0] != '[';
        return separate ? $"{specifier} {declarator}" : specifier + declarator;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="text">The C spelling.</param>
    /// <param name="inlineRecord">Definition that a bare <c>struct</c> or <c>union</c> stands for; null where none may stand.</param>
    /// <returns>The type.</returns>
    /// <exception cref="FormatException">The text is no type; the message says where it stops making sense.</exception>
    public static AbiType Read(string text, AbiRecord? inlineRecord = null) => new Reader(text, inlineRecord).ReadAll();

    // Wraps the declarator from the inside out, as C's grammar does, and gives the specifier that remains.
    private static string Wrap(AbiType type, StringBuilder declarator)
    {
        while (true)
        {
            switch (type)
            {
                case AbiPointer pointer:
                    declarator.Insert(0, '*');
                    if (pointer.Target is AbiArray or AbiFunction)
                    {
                        declarator.Insert(0, '(').Append(')');
                    }

                    type = pointer.Target;
                    break;
                case AbiArray array:
                    declarator.Append('[').Append(array.Count?.ToString(CultureInfo.InvariantCulture)).Append(']');
                    type = array.Element;
                    break;
                case AbiFunction function:
                    declarator.Append('(').Append(ParameterList(function)).Append(')');
                    type = function.Result;
                    break;
                case AbiPrimitive primitive:
                    return primitive.Kind.ToC();
                case AbiTypedefRef typedef:
                    return typedef.Name;
                case AbiRecordRef record:
                    return $"{record.Kind.ToC()} {record.Name}";
                case AbiEnumRef @enum:
                    return $"enum {@enum.Name}";
                case AbiInlineRecord inline:
                    return inline.Definition.Kind.ToC();
                default:
                    throw new ArgumentOutOfRangeException(nameof(type), type.GetType().Name, "not a type of the model");
            }
        }
    }

    private static string ParameterList(AbiFunction function)
    {
        if (function.Parameters.Count == 0)
        {
            return function.IsVariadic ? "..." : "void";
        }

        string list = string.Join(", ", function.Parameters.Select(Write));
        return function.IsVariadic ? list + ", ..." : list;
    }

    // Far above what C compilers bear; types are walked through by recursion.
    private const int MaxParts = 1024;

    private ref struct Reader(string text, AbiRecord? inlineRecord)
    {
        private readonly string text = text;
        private readonly AbiRecord? inlineRecord = inlineRecord;
        private int position;
        private int parts;

        internal AbiType ReadAll()
        {
            AbiType type = ReadType();
            SkipSpaces();
            return position == text.Length ? type : throw Fault("end of the type");
        }

        private void CountPart()
        {
            if (++parts > MaxParts)
            {
                throw new FormatException($"a type of more than {MaxParts} pointers, arrays and functions is not supported");
            }
        }

        private AbiType ReadType()
        {
            CountPart();
            AbiType specifier = ReadSpecifier();
            return ReadDeclarator(specifier);
        }

        private AbiType ReadSpecifier()
        {
            string first = ReadWord();
            switch (first)
            {
                case "struct" or "union":
                    RecordKind kind = first == "struct" ? RecordKind.Struct : RecordKind.Union;
                    SkipSpaces();
                    if (position < text.Length && IsWordCharacter(text[position]))
                    {
                        return new AbiRecordRef(kind, ReadWord());
                    }

                    return inlineRecord is not null && inlineRecord.Kind == kind ? new AbiInlineRecord(inlineRecord) : throw Fault("a tag");
                case "enum":
                    return new AbiEnumRef(ReadWord());
                default:
                    return ReadPrimitive(first) is { } primitive ? new AbiPrimitive(primitive) : new AbiTypedefRef(first);
            }
        }

        // Takes as many words as still make a primitive type: unsigned, unsigned long, unsigned long long.
        private PrimitiveKind? ReadPrimitive(string words)
        {
            PrimitiveKind? found = PrimitiveKinds.Find(words);
            while (words is "unsigned" or "signed" or "unsigned long" or "long")
            {
                int before = position;
                SkipSpaces();
                string next = position < text.Length && IsWordCharacter(text[position]) ? ReadWord() : "";
                if (next.Length == 0 || PrimitiveKinds.Find($"{words} {next}") is not { } longer)
                {
                    position = before;
                    break;
                }

                words = $"{words} {next}";
                found = longer;
            }

            return found;
        }

        private AbiType ReadDeclarator(AbiType inner)
        {
            SkipSpaces();
            while (TryTake('*'))
            {
                CountPart();
                inner = new AbiPointer(inner);
                SkipSpaces();
            }

            // "(*" opens a nested declarator; its own text is read after the suffixes that bind more tightly.
            if (position + 1 < text.Length && text[position] == '(' && text[position + 1] == '*')
            {
                CountPart();
                int nestedStart = position + 1;
                position = MatchingParenthesis(position);
                AbiType whole = ReadSuffixes(inner);
                int end = position;
                position = nestedStart;
                AbiType nested = ReadDeclarator(whole);
                if (!TryTake(')'))
                {
                    throw Fault(")");
                }

                position = end;
                return nested;
            }

            return ReadSuffixes(inner);
        }

        private AbiType ReadSuffixes(AbiType inner)
        {
            if (TryTake('('))
            {
                return ReadFunction(inner);
            }

            List<long?> counts = [];
            while (TryTake('['))
            {
                CountPart();
                int start = position;
                while (position < text.Length && char.IsAsciiDigit(text[position]))
                {
                    position++;
                }

                counts.Add(
                    position == start ? null
                    : long.TryParse(text.AsSpan(start, position - start), CultureInfo.InvariantCulture, out long count) ? count
                    : throw Fault("a smaller number"));
                if (!TryTake(']'))
                {
                    throw Fault("]");
                }
            }

            for (int index = counts.Count - 1; index >= 0; index--)
            {
                inner = new AbiArray(inner, counts[index]);
            }

            return inner;
        }

        private AbiFunction ReadFunction(AbiType result)
        {
            List<AbiType> parameters = [];
            bool variadic = false;
            do
            {
                SkipSpaces();
                if (text.AsSpan(position).StartsWith("..."))
                {
                    position += 3;
                    variadic = true;
                }
                else
                {
                    parameters.Add(ReadType());
                }

                SkipSpaces();
            }
            while (TryTake(','));

            if (!TryTake(')'))
            {
                throw Fault(")");
            }

            bool none = parameters is [AbiPrimitive { Kind: PrimitiveKind.Void }];
            return new AbiFunction(result, none ? [] : EquatableArray.From(parameters), variadic);
        }

        private readonly int MatchingParenthesis(int open)
        {
            int depth = 0;
            for (int index = open; index < text.Length; index++)
            {
                depth += text[index] switch { '(' => 1, ')' => -1, _ => 0 };
                if (depth == 0)
                {
                    return index + 1;
                }
            }

            throw Fault(")");
        }

        private string ReadWord()
        {
            SkipSpaces();
            int start = position;
            while (position < text.Length && IsWordCharacter(text[position]))
            {
                position++;
            }

            return position > start ? text[start..position] : throw Fault("a name");
        }

        private bool TryTake(char expected)
        {
            if (position < text.Length && text[position] == expected)
            {
                position++;
                return true;
            }

            return false;
        }

        private void SkipSpaces()
        {
            while (position < text.Length && text[position] == ' ')
            {
                position++;
            }
        }

        private static bool IsWordCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '$';

        private readonly FormatException Fault(string expected) =>
            new($"\"{text}\" is not a C type: expected {expected} at character {position + 1}");
    }
}
