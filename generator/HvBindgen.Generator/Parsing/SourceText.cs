using System.Text;

namespace HvBindgen.Generator.Parsing;

/// <summary>Reads the directives of a C source as text: macro definitions and includes, each with its line.</summary>
/// <remarks>
/// Conditions are not evaluated: every branch is read. The compiler is asked afterwards which definitions are in force, so
/// reading too much costs nothing and lets one parse serve for declarations and macro values.
/// </remarks>
internal sealed class SourceText
{
    private readonly List<MacroDefinition> macros;
    private readonly List<IncludeDirective> includes;
    private readonly List<string> undefined;
    private readonly List<(int Line, char Letter)> hidden;
    private readonly List<LayoutWord> layoutWords;
    private readonly CompilerConditions conditions;
    private List<int>? lineStarts;

    private SourceText(string text)
    {
        Text = text;
        (macros, includes, undefined, hidden, layoutWords, conditions) = ([], [], [], [], [], new CompilerConditions());
    }

    private SourceText(SourceText read)
    {
        Text = read.Text;
        (macros, includes, undefined, hidden, layoutWords, conditions) =
            (read.macros, read.includes, read.undefined, read.hidden, read.layoutWords, read.conditions);
    }

    /// <summary>The whole text as it stands in the file, where line feeds end all lines.</summary>
    internal string Text { get; }

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
            string content = logical.ToString();
            source.FindHidden(content, firstLine);
            source.conditions.Read(content);
            int defined = source.macros.Count;
            source.ReadDirective(content.AsSpan().TrimStart(), firstLine);
            words?.Read(content, firstLine, source.macros.Count > defined ? source.macros[^1] : null);
        }

        return source;
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

    private void ReadDirective(ReadOnlySpan<char> line, int number)
    {
        if (line.Length == 0 || line[0] != '#')
        {
            return;
        }

        line = line[1..].TrimStart();
        if (line.StartsWith("define"))
        {
            ReadMacro(line["define".Length..], number);
        }
        else if (line.StartsWith("undef"))
        {
            undefined.Add(line["undef".Length..].Trim().ToString());
        }
        else if (line.StartsWith("include"))
        {
            line = line["include".Length..].Trim();
            int end = line.Length > 1 ? line[1..].IndexOfAny('>', '"') : -1;
            if (end > 0 && line[0] is '<' or '"')
            {
                includes.Add(new IncludeDirective(line.Slice(1, end).ToString(), line[0] == '"'));
            }
        }
    }

    private void ReadMacro(ReadOnlySpan<char> text, int line)
    {
        if (text.Length == 0 || text[0] is not (' ' or '\t'))
        {
            return;
        }

        text = text.TrimStart();
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or '$'))
        {
            length++;
        }

        if (length == 0)
        {
            return;
        }

        string name = text[..length].ToString();
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

    // Every run of white space outside literals becomes one space: a change of layout is no change of the macro.
    private static string Normalize(ReadOnlySpan<char> text)
    {
        text = text.Trim();
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
            else if (char.IsWhiteSpace(character))
            {
                result.Append(' ');
                while (position < text.Length && char.IsWhiteSpace(text[position]))
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
internal readonly record struct IncludeDirective(string Name, bool IsQuoted);
