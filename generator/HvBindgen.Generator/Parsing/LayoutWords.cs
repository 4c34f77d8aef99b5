using System.Text.RegularExpressions;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Attributes and pragmas by which one compiler lays records out and another, which does not know them, goes on without: no layout is
/// right for both. An instance reads one header, line by line, and finds them wherever they may be used as such.
/// </summary>
/// <remarks>
/// Whether a macro's parameter ends up in an attribute is not followed: a word that an argument list begins with, or that stands behind a
/// comma in one, may. Members and variables of that name are none.
/// </remarks>
internal sealed class LayoutWords
{
    private const string StorageOrder = "scalar_storage_order";
    private const string MicrosoftLayout = "ms_struct";
    private const string MicrosoftPragma = "pragma ms_struct";

    private readonly List<LayoutWord> found;

    // Of declarations, over their lines.
    private string before = "";
    private int depth;

    /// <summary>Begins with a header.</summary>
    /// <param name="found">What is found is added here.</param>
    internal LayoutWords(List<LayoutWord> found) => this.found = found;

    /// <summary>Whether a text has such a word at all.</summary>
    internal static bool AreIn(string text) =>
        text.Contains(StorageOrder, StringComparison.Ordinal) || text.Contains(MicrosoftLayout, StringComparison.Ordinal);

    /// <summary>Whether a macro is used anywhere in texts; what asks only whether it is defined does not use it.</summary>
    internal static bool IsUsed(string macro, IEnumerable<string> texts)
    {
        string use = @"(?<!\b(?:define|undef|(?:el)?ifn?def|defined)\s*\(?\s*)(?<![\w$])" + Regex.Escape(macro) + @"(?![\w$])";
        return texts.Any(text => Regex.IsMatch(text, use, RegexOptions.CultureInvariant));
    }

    /// <summary>What clang says of an attribute that it does not know, where it is one of these; null of anything else.</summary>
    /// <remarks>So the words are found that macros make, or those of headers that are not looked through.</remarks>
    internal static string? IgnoredIn(string warning) =>
        warning.StartsWith("unknown attribute '", StringComparison.Ordinal) && warning.Contains(StorageOrder, StringComparison.Ordinal)
            ? StorageOrder
            : null;

    /// <summary>Takes a line in, joined and without comments.</summary>
    /// <param name="content">The line.</param>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="macro">The macro that it defines; null for another line.</param>
    internal void Read(string content, int line, MacroDefinition? macro)
    {
        ReadOnlySpan<char> text = content.AsSpan().TrimStart();
        if (macro is not null)
        {
            // What a macro's text stands in is not seen here.
            (string Before, int Depth) outside = (before, depth);
            (before, depth) = ("", 1);
            ReadTokens(macro.Body, line, macro);
            (before, depth) = outside;
        }
        else if (text is not ['#', ..])
        {
            ReadTokens(text, line, null);
        }
        else if (text[1..].TrimStart().StartsWith("pragma"))
        {
            ReadPragma(text, line, null);
        }
    }

    /// <summary>Why compilers for a target do not agree about a word; null where they do.</summary>
    internal static string? FaultOf(string word, TargetInfo target) => word switch
    {
        StorageOrder => $"gcc lays records out by {word} and clang ignores it",
        MicrosoftPragma => $"clang lays records out by #{word} and gcc ignores it",
        MicrosoftLayout when target.Name is not ("x86_64" or "i686" or "ppc64le") =>
            $"clang lays records out by {word} and gcc ignores it on {target.Name}",
        _ => null,
    };

    // The words of #pragma, or of the text of a _Pragma. "off" and "reset" say what holds without them.
    private void ReadPragma(ReadOnlySpan<char> text, int line, string? macro)
    {
        List<string> names = ExpressionNames.In(text);
        if (names.Exists(name => name.Trim('_') == StorageOrder))
        {
            found.Add(new LayoutWord(line, StorageOrder, macro));
        }
        else if (names.Contains(MicrosoftLayout) && !names.Contains("off") && !names.Contains("reset"))
        {
            found.Add(new LayoutWord(line, MicrosoftPragma, macro));
        }
    }

    private void ReadTokens(ReadOnlySpan<char> text, int line, MacroDefinition? macro)
    {
        int position = 0;
        while (position < text.Length)
        {
            if (text[position] is '"' or '\'')
            {
                int end = SourceText.EndOfLiteral(text, position);
                if (before is "_Pragma(" && end > position + 1)
                {
                    ReadPragma(text[(position + 1)..(end - 1)], line, macro?.Name);
                }

                (before, position) = ("\"", end);
                continue;
            }

            ReadOnlySpan<char> name = NameAt(text, position);
            if (name.Length > 0)
            {
                string word = name.Trim('_').ToString();
                position += name.Length;
                if (word is StorageOrder or MicrosoftLayout && MayBeAttribute(word, text[position..])
                    && macro?.Parameters.Contains(word, StringComparison.Ordinal) != true)
                {
                    bool isPragma = word == MicrosoftLayout && NameAt(text[position..].TrimStart(), 0) is "on";
                    found.Add(new LayoutWord(line, isPragma ? MicrosoftPragma : word, macro?.Name));
                }

                bool isPrefix = position < text.Length && text[position] == '"';
                before = isPrefix ? before : name.ToString();
                continue;
            }

            ReadMark(text[position++], isDeclaration: macro is null);
        }
    }

    private void ReadMark(char mark, bool isDeclaration)
    {
        if (mark is ' ' or '\t')
        {
            return;
        }

        // Where a branch closes what another one has opened too the count is right again after the declaration.
        depth = mark == ';' && isDeclaration ? 0 : Math.Max(0, depth + mark switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 });
        before = (mark, before) is ('(', "_Pragma" or "__has_attribute") or ('[', "[") ? before + mark : mark.ToString();
    }

    private bool MayBeAttribute(string word, ReadOnlySpan<char> behind) =>
        before is not ("__has_attribute(" or "." or ">")
        && ((depth > 0 && before is "(" or "," or "[[" or ":" or "#" or "") || (word == StorageOrder && behind.TrimStart() is ['(', ..]));

    private static ReadOnlySpan<char> NameAt(ReadOnlySpan<char> text, int start)
    {
        int end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '$'))
        {
            end++;
        }

        return text[start..end];
    }
}

/// <summary>A word of <see cref="LayoutWords"/> in a header.</summary>
/// <param name="Line">Line from 1.</param>
/// <param name="Word">Which.</param>
/// <param name="Macro">The macro whose text has it; null where it stands among declarations.</param>
internal readonly record struct LayoutWord(int Line, string Word, string? Macro);
