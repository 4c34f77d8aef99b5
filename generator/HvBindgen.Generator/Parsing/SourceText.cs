using System.Buffers;
using System.Globalization;
using System.Text;

namespace HvBindgen.Generator.Parsing;

/// <summary>Reads the directives of a C source as text: macro definitions and includes, each with its line.</summary>
/// <remarks>
/// Conditions are not evaluated: every branch is read. The compiler is asked afterwards which definitions are in force, so
/// reading too much costs nothing and lets one parse serve for declarations and macro values.
/// </remarks>
internal sealed class SourceText
{
    // What C has between the tokens of a line.
    private const string Blanks = " \t\v\f\r\0";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private List<MacroDefinition> macros;
    private readonly List<IncludeDirective> includes;
    private List<string> undefined;
    private List<(int Line, char Letter)> hidden;
    private List<LayoutWord> layoutWords;
    private readonly CompilerConditions conditions;
    private List<int>? lineStarts;

    private SourceText(string text)
    {
        (Text, Texts) = (text, [text]);
        (macros, includes, undefined, hidden, layoutWords, conditions) = ([], [], [], [], [], new CompilerConditions());
    }

    private SourceText(SourceText read)
    {
        (Text, Texts) = (read.Text, read.Texts);
        (macros, includes, undefined, hidden, layoutWords, conditions) =
            (read.macros, read.includes, read.undefined, read.hidden, read.layoutWords, read.conditions);
    }

    /// <summary>The whole text as it stands in the file, where line feeds end all lines.</summary>
    internal string Text { get; }

    /// <summary>It, and those of other headers of the same name.</summary>
    internal IReadOnlyList<string> Texts { get; private set; }

    /// <summary>Definitions in order, one for each <c>#define</c>.</summary>
    internal IReadOnlyList<MacroDefinition> Macros => macros;

    /// <summary>Each <c>#include</c> that names a header.</summary>
    internal IReadOnlyList<IncludeDirective> Includes => includes;

    /// <summary>The headers included, by the names under which a parse found them, sorted.</summary>
    internal SortedSet<string> IncludedNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of each <c>#undef</c>.</summary>
    internal IReadOnlyList<string> Undefined => undefined;

    /// <summary>Letters outside of comments and literals that nobody sees and that change how others are seen. C takes some of them for
    /// parts of names.</summary>
    internal IReadOnlyList<(int Line, char Letter)> Hidden => hidden;

    /// <summary>Words that say how records are laid out and that not every compiler knows (<see cref="LayoutWords"/>).</summary>
    internal IReadOnlyList<LayoutWord> LayoutWords => layoutWords;

    /// <summary>Macros of compilers in conditions around declarations.</summary>
    internal IReadOnlyCollection<string> CompilerMacros => conditions.Found;

    internal static SourceText Read(string text)
    {
        SourceText source = new(LineFolding.WithLineFeeds(text));
        LineFolding folded = LineFolding.Of(source.Text);
        LayoutWords? words = Parsing.LayoutWords.AreIn(folded.Text) ? new LayoutWords(source.layoutWords) : null;
        StringBuilder logical = new();
        int position = 0;

        while (position < folded.Text.Length)
        {
            int start = position;
            int firstLine = folded.LineAt(start);
            position = ReadLogicalLine(folded.Text, start, logical);
            string content = WithNumberSign(logical.ToString());
            source.FindHidden(content, firstLine);
            source.conditions.Read(content);
            int defined = source.macros.Count;
            source.ReadDirective(content.AsSpan().TrimStart(Blanks), folded, start);
            words?.Read(content, firstLine, source.macros.Count > defined ? source.macros[^1] : null);
        }

        return source;
    }

    /// <summary>Takes in what another header of the same name has, which is included by <c>#include_next</c>.</summary>
    internal void Join(SourceText other)
    {
        Texts = [.. Texts, .. other.Texts];
        (macros, undefined) = ([.. macros, .. other.macros], [.. undefined, .. other.undefined]);
        (hidden, layoutWords) = ([.. hidden, .. other.hidden], [.. layoutWords, .. other.layoutWords]);
    }

    /// <summary>The same, for one parse to say which headers its includes found.</summary>
    internal SourceText ForOneParse() => new(this);

    /// <summary>Where a place that clang named stands in the text; null where the text has no such place.</summary>
    /// <param name="line">Line from 1.</param>
    /// <param name="column">Column from 1, in bytes; a line with other characters than ASCII before it is not found.</param>
    internal int? OffsetOf(int line, int column)
    {
        if (lineStarts is null)
        {
            lineStarts = [0];
            for (int end = Text.IndexOf('\n', StringComparison.Ordinal); end >= 0; end = Text.IndexOf('\n', end + 1))
            {
                lineStarts.Add(end + 1);
            }
        }

        return line >= 1 && line <= lineStarts.Count && column >= 1 && lineStarts[line - 1] + column - 1 is var offset
            && offset < Text.Length
            ? offset
            : null;
    }

    /// <summary>The index after a string or character literal that starts at <paramref name="start"/>.</summary>
    internal static int EndOfLiteral(ReadOnlySpan<char> text, int start)
    {
        int position = start + 1;
        while (position < text.Length && text[position] != text[start] && text[position] != '\n')
        {
            position += text[position] == '\\' ? 2 : 1;
        }

        return Math.Min(position + 1, text.Length);
    }

    private void FindHidden(ReadOnlySpan<char> content, int line)
    {
        if (!content.ContainsAnyExceptInRange('\0', '\x7f'))
        {
            return;
        }

        for (int position = 0; position < content.Length;)
        {
            if (content[position] is '"' or '\'')
            {
                position = EndOfLiteral(content, position);
                continue;
            }

            if (!char.IsAscii(content[position]) && VisibleText.IsHidden(content[position]))
            {
                hidden.Add((line, content[position]));
            }

            position++;
        }
    }

    // Phase 3 of translation: makes a space of every comment. Lines are joined already.
    private static int ReadLogicalLine(string text, int position, StringBuilder logical)
    {
        logical.Clear();
        while (position < text.Length)
        {
            char character = text[position];
            if (character == '\n')
            {
                return position + 1;
            }

            if (character == '/' && position + 1 < text.Length && text[position + 1] == '*')
            {
                position = EndOfComment(text, position);
                logical.Append(' ');
            }
            else if (character == '/' && position + 1 < text.Length && text[position + 1] == '/')
            {
                int end = text.IndexOf('\n', position);
                position = end < 0 ? text.Length : end;
            }
            else if (character is '"' or '\'')
            {
                int end = EndOfLiteral(text, position);
                end -= text[end - 1] == '\n' ? 1 : 0;
                logical.Append(text, position, end - position);
                position = end;
            }
            else
            {
                logical.Append(character == '\r' ? ' ' : character);
                position++;
            }
        }

        return position;
    }

    private static int EndOfComment(string text, int start)
    {
        int end = text.IndexOf("*/", start + 2, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + 2;
    }

    // %: is another spelling of '#'.
    private static string WithNumberSign(string line)
    {
        ReadOnlySpan<char> text = line.AsSpan().TrimStart(Blanks);
        return text.StartsWith("%:") ? $"#{text[2..]}" : line;
    }

    private void ReadDirective(ReadOnlySpan<char> line, LineFolding folded, int start)
    {
        if (line.Length == 0 || line[0] != '#')
        {
            return;
        }

        line = line[1..].TrimStart(Blanks);
        ReadOnlySpan<char> word = line[..LengthOfName(line)];
        line = line[word.Length..].TrimStart(Blanks);
        switch (word)
        {
            case "define":
                ReadMacro(line, folded.LineAt(PlaceBehind(word, folded.Text, start)));
                break;
            case "undef":
                undefined.Add(NameIn(line));
                break;
            case "include" or "include_next" or "import" or "__include_macros":
                // As it stands there: in a name // begins no comment.
                line = folded.Text.AsSpan(PlaceBehind(word, folded.Text, start));
                int end = line.Length > 1 ? line[1..].IndexOfAny(line[0] == '<' ? '>' : '"', '\n') : -1;
                if (end > 0 && line[0] is '<' or '"' && line[end + 1] != '\n')
                {
                    includes.Add(new IncludeDirective(line.Slice(1, end).ToString(), line[0] == '"', word is "include_next"));
                }

                break;
        }
    }

    // Where in the joined text that stands which follows the word of a directive.
    private static int PlaceBehind(ReadOnlySpan<char> word, string text, int start)
    {
        int position = SkipBlanks(text, start);
        position = SkipBlanks(text, position + (text[position] == '#' ? 1 : 2));
        return SkipBlanks(text, position + word.Length);
    }

    private static int SkipBlanks(string text, int position)
    {
        while (position < text.Length)
        {
            if (Blanks.Contains(text[position]))
            {
                position++;
            }
            else if (string.CompareOrdinal(text, position, "/*", 0, 2) == 0)
            {
                position = EndOfComment(text, position);
            }
            else
            {
                break;
            }
        }

        return position;
    }

    private void ReadMacro(ReadOnlySpan<char> text, int line)
    {
        int length = LengthOfName(text);
        if (length == 0)
        {
            return;
        }

        string name = NameIn(text);
        text = text[length..];
        string parameters = "";
        if (text.Length > 0 && text[0] == '(')
        {
            int close = text.IndexOf(')');
            if (close < 0)
            {
                return;
            }

            parameters = Normalize(text[..(close + 1)]);
            text = text[(close + 1)..];
        }

        macros.Add(new MacroDefinition(name, parameters, Normalize(text), line));
    }

    // All letters beyond ASCII are taken for such as names have: clang says which are none.
    private static int LengthOfName(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length)
        {
            int escaped = text[length] == '\\' ? LengthOfEscape(text[length..]) : 1;
            bool isLetter = char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or '$' || text[length] > '\x7f';
            if (!isLetter && escaped < 2)
            {
                break;
            }

            length += escaped;
        }

        return length;
    }

    // \u00fc and \U000000fc stand for a letter; 0 for another backslash.
    private static int LengthOfEscape(ReadOnlySpan<char> text)
    {
        int digits = text.Length < 2 ? 0 : text[1] switch { 'u' => 4, 'U' => 8, _ => 0 };
        return digits > 0 && text.Length >= 2 + digits && !text.Slice(2, digits).ContainsAnyExcept(HexDigits) ? 2 + digits : 0;
    }

    // The name at the beginning as clang gives it, with letters for escapes.
    private static string NameIn(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> name = text[..LengthOfName(text)];
        if (!name.Contains('\\'))
        {
            return name.ToString();
        }

        StringBuilder letters = new();
        for (int position = 0; position < name.Length;)
        {
            int length = name[position] == '\\' ? LengthOfEscape(name[position..]) : 0;
            ReadOnlySpan<char> digits = name.Slice(position + Math.Min(length, 2), Math.Max(0, length - 2));
            if (uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number)
                && Rune.TryCreate(number, out Rune rune))
            {
                letters.Append(rune.ToString());
                position += length;
            }
            else
            {
                letters.Append(name[position++]);
            }
        }

        return letters.ToString();
    }

    // Every run of white space outside literals becomes one space: a change of layout is no change of the macro.
    private static string Normalize(ReadOnlySpan<char> text)
    {
        text = text.Trim(Blanks);
        StringBuilder result = new(text.Length);
        int position = 0;
        while (position < text.Length)
        {
            char character = text[position];
            if (character is '"' or '\'')
            {
                int end = EndOfLiteral(text, position);
                result.Append(text[position..end]);
                position = end;
            }
            else if (Blanks.Contains(character))
            {
                result.Append(' ');
                while (position < text.Length && Blanks.Contains(text[position]))
                {
                    position++;
                }
            }
            else
            {
                result.Append(character);
                position++;
            }
        }

        return result.ToString();
    }
}

/// <summary>An <c>#include</c> that names a header.</summary>
/// <param name="Name">What stands between the quotes or brackets.</param>
/// <param name="IsQuoted">Whether quotes ask for the header beside this one first.</param>
/// <param name="IsNext">Whether another header than this one is meant, of those with that name.</param>
internal readonly record struct IncludeDirective(string Name, bool IsQuoted, bool IsNext = false);
