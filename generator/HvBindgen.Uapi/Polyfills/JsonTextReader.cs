using System.Globalization;
using System.Text;

namespace HvBindgen.Uapi.Polyfills;

/// <summary>Reads JSON, RFC 8259, from UTF-8.</summary>
/// <param name="bytes">The text.</param>
/// <param name="maxDepth">How many arrays and objects may be inside each other.</param>
internal sealed class JsonTextReader(byte[] bytes, int maxDepth)
{
    private int position;
    private int depth;

    /// <summary>Reads the one value of the text.</summary>
    /// <exception cref="JsonException">There is none, or something besides.</exception>
    internal JsonElement Read()
    {
        JsonElement value = Value();
        return Next() == -1 ? value : throw Fault("there is something behind the end");
    }

    private JsonElement Value() => Next() switch
    {
        '{' => Nested(Object),
        '[' => Nested(Array),
        '"' => new JsonElement(JsonValueKind.String, Text()),
        't' => Word("true", JsonValueKind.True),
        'f' => Word("false", JsonValueKind.False),
        'n' => Word("null", JsonValueKind.Null),
        '-' or (>= '0' and <= '9') => Number(),
        -1 => throw Fault("the text ends where a value is expected"),
        _ => throw Fault("no value begins like this"),
    };

    private JsonElement Nested(Func<JsonElement> read)
    {
        if (++depth > maxDepth)
        {
            throw Fault($"more than {maxDepth} arrays and objects are inside each other");
        }

        position++;
        JsonElement value = read();
        depth--;
        return value;
    }

    private JsonElement Object()
    {
        Dictionary<string, JsonElement> properties = new(StringComparer.Ordinal);
        if (Skips('}'))
        {
            return new JsonElement(properties);
        }

        do
        {
            if (Next() != '"')
            {
                throw Fault("the name of a property is expected");
            }

            string name = Text();
            Expect(':');
            properties[name] = Value();
        }
        while (Skips(','));
        Expect('}');
        return new JsonElement(properties);
    }

    private JsonElement Array()
    {
        List<JsonElement> items = [];
        if (Skips(']'))
        {
            return new JsonElement(items);
        }

        do
        {
            items.Add(Value());
        }
        while (Skips(','));
        Expect(']');
        return new JsonElement(items);
    }

    private JsonElement Word(string word, JsonValueKind kind)
    {
        foreach (char letter in word)
        {
            Expect(letter, skipsBlanks: false);
        }

        return new JsonElement(kind, word);
    }

    private JsonElement Number()
    {
        int start = position;
        position += Here == '-' ? 1 : 0;
        if (Here == '0')
        {
            position++;
        }
        else
        {
            Digits();
        }

        if (Here == '.')
        {
            position++;
            Digits();
        }

        if (Here is 'e' or 'E')
        {
            position++;
            position += Here is '+' or '-' ? 1 : 0;
            Digits();
        }

        return new JsonElement(JsonValueKind.Number, Encoding.ASCII.GetString(bytes, start, position - start));
    }

    private void Digits()
    {
        if (Here is not (>= '0' and <= '9'))
        {
            throw Fault("a digit is expected");
        }

        while (Here is >= '0' and <= '9')
        {
            position++;
        }
    }

    private string Text()
    {
        StringBuilder text = new();
        position++;
        int start = position;
        while (Here != '"')
        {
            if (Here < ' ')
            {
                throw Fault(Here == -1 ? "the text ends within a string" : "a string has a control character");
            }

            if (Here == '\\')
            {
                text.Append(Decode(start));
                position++;
                text.Append(Escaped());
                start = position;
            }
            else
            {
                position++;
            }
        }

        text.Append(Decode(start));
        position++;
        return text.ToString();
    }

    private char Escaped()
    {
        int letter = Here;
        int at = "\"\\/bfnrt".IndexOf((char)Math.Max(letter, 0));
        if (at >= 0)
        {
            position++;
            return "\"\\/\b\f\n\r\t"[at];
        }

        string digits = letter == 'u' && position + 5 <= bytes.Length ? Encoding.ASCII.GetString(bytes, position + 1, 4) : "";
        if (!ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
        {
            throw Fault("a string has an escape that JSON does not know");
        }

        position += 5;
        return (char)code;
    }

    private string Decode(int start) => Encoding.UTF8.GetString(bytes, start, position - start);

    private void Expect(char letter, bool skipsBlanks = true)
    {
        if ((skipsBlanks ? Next() : Here) != letter)
        {
            throw Fault($"'{letter}' is expected");
        }

        position++;
    }

    private bool Skips(char letter)
    {
        bool isThere = Next() == letter;
        position += isThere ? 1 : 0;
        return isThere;
    }

    // The next letter that is no blank; -1 at the end.
    private int Next()
    {
        while (Here is ' ' or '\t' or '\r' or '\n')
        {
            position++;
        }

        return Here;
    }

    private int Here => position < bytes.Length ? bytes[position] : -1;

    private JsonException Fault(string message)
    {
        int line = 0;
        int start = 0;
        for (int at = 0; at < position; at++)
        {
            if (bytes[at] == '\n')
            {
                line++;
                start = at + 1;
            }
        }

        return new JsonException(message, line, position - start);
    }
}
