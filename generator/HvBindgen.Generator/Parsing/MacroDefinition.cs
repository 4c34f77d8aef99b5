using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>A <c>#define</c> as it stands in a header's text; whether it is in force only the compiler knows.</summary>
/// <param name="Name">Name of the macro.</param>
/// <param name="Parameters">Parameter list such as <c>(x, y)</c>; empty for an object-like macro.</param>
/// <param name="Body">Tokens separated by single spaces, without comments.</param>
/// <param name="Line">Line of the definition, from 1.</param>
internal sealed record MacroDefinition(string Name, string Parameters, string Body, int Line)
{
    internal bool IsFunctionLike => Parameters.Length > 0;

    /// <summary>How many parameters have a name, whatever letters that has.</summary>
    internal int ParameterCount() => RequestSamples.ParametersOf(Parameters);

    /// <summary>Whether the body may stand in parentheses without swallowing or breaking what follows it.</summary>
    internal bool IsSelfContained()
    {
        int depth = 0;
        int braces = 0;
        for (int position = 0; position < Body.Length; position++)
        {
            switch (Body[position])
            {
                case '"' or '\'':
                    position = SourceText.EndOfLiteral(Body, position) - 1;
                    break;
                case '{' when depth > 0:
                    // A type that is defined within: sizeof(struct { int a; }).
                    braces++;
                    depth++;
                    break;
                case '}' when braces > 0:
                    braces--;
                    depth--;
                    break;
                case ';' when braces > 0:
                    break;
                case '(' or '[':
                    depth++;
                    break;
                case ')' or ']':
                    if (--depth < 0)
                    {
                        return false;
                    }

                    break;
                case '{' or '}' or ';' or '#':
                    return false;
            }
        }

        return depth == 0 && Body.Length > 0;
    }

    /// <summary>Whether the body has an operator that leaves one of its operands alone.</summary>
    internal bool MayChoose() =>
        Body.Contains('?', StringComparison.Ordinal) || Body.Contains("&&", StringComparison.Ordinal)
        || Body.Contains("||", StringComparison.Ordinal) || Body.Contains("choose_expr", StringComparison.Ordinal)
        || Body.Contains("_Generic", StringComparison.Ordinal);

    /// <summary>
    /// Whether the body has what C11, 6.6 leaves out of constants and compilers take for some each in their own way: a compound literal,
    /// <c>(int){7}</c>, or a text as an operand of a cast, <c>(long)"abc"</c>.
    /// </summary>
    internal bool ExceedsConstants()
    {
        char before = ' ';
        for (int position = 0; position < Body.Length; position++)
        {
            if (before == ')' && (Body[position] is '{' or '"'))
            {
                return true;
            }

            before = Body[position] == ' ' ? before : Body[position];
            if (Body[position] is '"' or '\'')
            {
                position = SourceText.EndOfLiteral(Body, position) - 1;
            }
        }

        return false;
    }

    /// <summary>Whether the body has <c>::</c>, a token of attributes and no part of any expression.</summary>
    internal bool HoldsTwoColons()
    {
        for (int position = 0; position + 1 < Body.Length; position++)
        {
            if (Body[position] is '"' or '\'')
            {
                position = SourceText.EndOfLiteral(Body, position) - 1;
            }
            else if (Body[position] == ':' && Body[position + 1] == ':')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Where each entry of a list ends, whose body is nothing but calls of its parameters: <c>X(a) X(b)</c>, with or without a separator.
    /// Empty for any other body, and for a list of one.
    /// </summary>
    private List<int> EntryEnds()
    {
        List<string> parameters = ExpressionNames.In(Parameters);
        List<(int Entry, int Separator)> ends = [];
        int position = 0;
        while (position < Body.Length)
        {
            ReadOnlySpan<char> called = ExpressionNames.NameAt(Body, position);
            position = AfterSpace(position + called.Length);
            if (called.IsEmpty || !parameters.Contains(called.ToString()) || position >= Body.Length || Body[position] != '(')
            {
                return [];
            }

            int end = EndOfGroup(position);
            position = AfterSpace(end);
            bool isSeparated = position < Body.Length && Body[position] is ',' or ';';
            ends.Add((end, isSeparated ? position + 1 : end));
            position = AfterSpace(isSeparated ? position + 1 : end);
        }

        // Whoever ends the list with a separator ended a shorter one so, too.
        return ends.Count < 2 ? []
            : ends[^1].Entry == ends[^1].Separator ? ends.ConvertAll(static end => end.Entry)
            : ends.ConvertAll(static end => end.Separator);
    }

    /// <summary>The first 64 bits of the body's SHA-256 in hexadecimal; empty for an empty body.</summary>
    internal string Digest() => MacroDigest.Of(Body);

    /// <summary>Digests of the body up to each entry of the list that it is but the last, see <see cref="AbiMacro.Prefixes"/>.</summary>
    internal EquatableArray<string> Prefixes() => EntryEnds() is { Count: > 1 } ends
        ? EquatableArray.From([.. MacroDigest.OfBeginnings(Body, [.. ends.Take(ends.Count - 1)])])
        : [];

    private int AfterSpace(int position) => position < Body.Length && Body[position] == ' ' ? position + 1 : position;

    private int EndOfGroup(int open)
    {
        int depth = 0;
        int position = open;
        do
        {
            depth += Body[position] switch { '(' => 1, ')' => -1, _ => 0 };
            position = Body[position] is '"' or '\'' ? SourceText.EndOfLiteral(Body, position) : position + 1;
        }
        while (depth > 0 && position < Body.Length);
        return position;
    }
}
