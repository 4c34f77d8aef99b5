using System.Globalization;

namespace HvBindgen.Generator.Model;

/// <summary>Reads the C spelling of a type, as <see cref="AbiTypeText"/> writes it.</summary>
internal ref struct AbiTypeParser(string text, AbiRecord? inlineRecord)
{
    // Far above what C compilers bear; types are walked through by recursion.
    private const int MaxParts = 1024;

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
            case AbiTypeText.OpaqueWord:
                return ReadOpaque();
            default:
                return ReadPrimitive(first) is { } primitive ? new AbiPrimitive(primitive) : new AbiTypedefRef(first);
        }
    }

    // __typeof__(_Complex double /* 16 bytes */)
    private AbiOpaque ReadOpaque()
    {
        int start = position;
        if (!TryTake('('))
        {
            throw Fault("(");
        }

        position = MatchingParenthesis(start);
        ReadOnlySpan<char> inside = text.AsSpan((start + 1)..(position - 1));
        int size = inside.LastIndexOf(AbiTypeText.OpaqueSize);
        return size >= 0 && inside.EndsWith(AbiTypeText.OpaqueEnd)
            && long.TryParse(
                inside[(size + AbiTypeText.OpaqueSize.Length)..^AbiTypeText.OpaqueEnd.Length], CultureInfo.InvariantCulture, out long bytes)
            && bytes >= 0
            ? Opaque(inside[..size], bytes)
            : throw Fault("the size of the type inside");
    }

    private static AbiOpaque Opaque(ReadOnlySpan<char> words, long bytes) =>
        words.StartsWith(AbiTypeText.MeaningStart) && words.EndsWith(AbiTypeText.MeaningEnd)
            && words.Length > AbiTypeText.MeaningStart.Length + AbiTypeText.MeaningEnd.Length
            ? new AbiOpaque("", bytes)
            {
                Meaning = words[AbiTypeText.MeaningStart.Length..^AbiTypeText.MeaningEnd.Length].ToString(),
            }
            : new AbiOpaque(words.ToString(), bytes);

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
        ReadOnlySpan<char> rest = text.AsSpan(position);
        if (rest.StartsWith("(*") || rest.StartsWith("(" + AbiTypeText.AttributeStart))
        {
            CountPart();
            int nestedStart = position + 1;
            position = MatchingParenthesis(position);
            AbiType whole = ReadSuffixes(inner);
            int end = position;
            position = nestedStart;
            AbiType nested = ReadDeclarator(WithConvention(whole, ReadConvention()));
            if (!TryTake(')'))
            {
                throw Fault(")");
            }

            position = end;
            return nested;
        }

        string convention = ReadConvention();
        return WithConvention(ReadSuffixes(inner), convention);
    }

    // __attribute__((ms_abi)) before the parameters of a function, or before the '*' that points to one.
    private string ReadConvention()
    {
        if (!text.AsSpan(position).StartsWith(AbiTypeText.AttributeStart))
        {
            return "";
        }

        int start = position + AbiTypeText.AttributeStart.Length;
        position = MatchingParenthesis(position + AbiTypeText.AttributeWord.Length);
        int end = position - AbiTypeText.AttributeEnd.Length;
        SkipSpaces();
        return end > start ? text[start..end] : throw Fault("the name of a calling convention");
    }

    private readonly AbiType WithConvention(AbiType type, string convention) => (type, convention) switch
    {
        (_, "") => type,
        (AbiFunction function, _) => function with { Convention = convention },
        _ => throw Fault("a function to be called that way"),
    };

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
