namespace HvBindgen.Generator.Parsing;

/// <summary>Finds the names in the text of an expression: what a value is made of, whatever the operators do with it.</summary>
internal static class ExpressionNames
{
    /// <summary>
    /// Names in an expression, each once, in order; a type by its tag with the keyword before it, as in <c>struct foo</c>.
    /// </summary>
    internal static List<string> In(ReadOnlySpan<char> expression)
    {
        List<string> names = [];
        string keyword = "";
        int position = 0;
        while (position < expression.Length)
        {
            int next = EndOfToken(expression, position);
            ReadOnlySpan<char> token = expression[position..next];
            if (IsNameStart(token[0]))
            {
                if (token is "struct" or "union" or "enum")
                {
                    keyword = $"{token} ";
                }
                else
                {
                    string name = $"{keyword}{token}";
                    keyword = "";
                    if (!names.Contains(name))
                    {
                        names.Add(name);
                    }
                }
            }

            position = next;
        }

        return names;
    }

    /// <summary>Operators in an expression, each once, in order: <c>|</c>, <c>-</c>; literals and comments have none.</summary>
    internal static string OperatorsIn(ReadOnlySpan<char> expression)
    {
        List<string> operators = [];
        int position = 0;
        while (position < expression.Length)
        {
            int next = EndOfToken(expression, position);
            bool isShift = expression[position] is '<' or '>' && next < expression.Length && expression[next] == expression[position];
            if (next == position + 1 && "|&^~+-*/%<>".Contains(expression[position], StringComparison.Ordinal))
            {
                string found = isShift ? expression.Slice(position, 2).ToString() : expression[position].ToString();
                if (!operators.Contains(found))
                {
                    operators.Add(found);
                }
            }

            position = isShift ? next + 1 : next;
        }

        return string.Join(' ', operators);
    }

    /// <summary>What stands behind <c>=</c> after a place, up to the comma or brace that ends it; empty without <c>=</c>.</summary>
    internal static ReadOnlySpan<char> InitializerAt(string text, int start)
    {
        int begin = SkipSpace(text, start);
        if (begin >= text.Length || text[begin] != '=')
        {
            return [];
        }

        int depth = 0;
        int position = begin + 1;
        while (position < text.Length && !(depth == 0 && text[position] is ',' or '}'))
        {
            depth += text[position] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            position = EndOfToken(text, position);
        }

        return text.AsSpan(begin + 1, Math.Min(position, text.Length) - begin - 1);
    }

    /// <summary>The brackets that follow a place: the bounds of an array.</summary>
    internal static ReadOnlySpan<char> BoundsAt(string text, int start)
    {
        int begin = SkipSpace(text, start);
        int position = begin;
        int depth = 0;
        while (position < text.Length && (depth > 0 || text[position] == '['))
        {
            depth += text[position] switch { '[' => 1, ']' => -1, _ => 0 };
            position = EndOfToken(text, position);
            position = depth == 0 ? SkipSpace(text, position) : position;
        }

        return text.AsSpan(begin, Math.Min(position, text.Length) - begin);
    }

    /// <summary>Whether a name stands at a place in a text, whole.</summary>
    internal static bool IsAt(string text, int start, string name) =>
        string.CompareOrdinal(text, start, name, 0, name.Length) == 0
        && (start + name.Length >= text.Length || !IsNamePart(text[start + name.Length]));

    /// <summary>The name that stands at a place; empty where none does.</summary>
    internal static ReadOnlySpan<char> NameAt(string text, int start)
    {
        int end = start;
        while (end < text.Length && IsNamePart(text[end]))
        {
            end++;
        }

        return end > start && IsNameStart(text[start]) ? text.AsSpan(start..end) : default;
    }

    private static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character is '_' or '$' or > '\x7f';

    private static bool IsNamePart(char character) => IsNameStart(character) || char.IsAsciiDigit(character);

    private static int SkipSpace(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && (char.IsWhiteSpace(text[position]) || StartsComment(text, position)))
        {
            position = EndOfToken(text, position);
        }

        return position;
    }

    private static bool StartsComment(ReadOnlySpan<char> text, int position) =>
        text[position] == '/' && position + 1 < text.Length && text[position + 1] is '*' or '/';

    // A comment, a literal, a name or number as a whole; anything else character by character.
    private static int EndOfToken(ReadOnlySpan<char> text, int position)
    {
        if (StartsComment(text, position))
        {
            bool isBlock = text[position + 1] == '*';
            int length = text[(position + 2)..].IndexOf(isBlock ? "*/" : "\n");
            return length < 0 ? text.Length : position + 2 + length + (isBlock ? 2 : 1);
        }

        if (text[position] is '"' or '\'')
        {
            return SourceText.EndOfLiteral(text, position);
        }

        int end = position + 1;
        while (IsNamePart(text[position]) && end < text.Length && IsNamePart(text[end]))
        {
            end++;
        }

        return end;
    }
}
