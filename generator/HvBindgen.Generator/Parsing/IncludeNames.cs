using System.Text;
using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Parsing;

/// <summary>One <c>#include</c> of a text.</summary>
/// <param name="Name">What stands between quotes or brackets; null for what is none of both.</param>
/// <param name="IsQuoted">Whether quotes ask for the header beside this one first.</param>
/// <param name="Line">Line from 1, where lines that a backslash joins count as one.</param>
/// <param name="Macro">The macro that stands there alone; null for all else, which only the compiler could expand.</param>
internal sealed record IncludeName(string? Name, bool IsQuoted, int Line, string? Macro = null);

/// <summary>Finds every <c>#include</c> that a C compiler could see in a text, and some that it will not.</summary>
/// <remarks>
/// Conditions are not evaluated and comments are not left out: what looks like a comment to a simple scan need not be one to the
/// compiler (a raw string, a joined line). Whoever writes a header to be read here may know that; too much is found rather than too little.
/// </remarks>
internal static partial class IncludeNames
{
    internal static List<IncludeName> Of(string text)
    {
        List<IncludeName> found = [];
        string plain = JoinLines(text);
        int line = 1;
        int counted = 0;
        foreach (ValueMatch match in Directive().EnumerateMatches(plain))
        {
            int end = match.Index + match.Length;
            if (!StartsDirective(plain, match.Index))
            {
                continue;
            }

            int at = SkipBlanks(plain, end);
            line += plain.AsSpan(counted, match.Index - counted).Count('\n');
            counted = match.Index;
            if (at == plain.Length || (at == end && IsWord(plain[at])))
            {
                continue;
            }

            if (plain[at] is '"' or '<')
            {
                int close = plain.AsSpan(at + 1).IndexOfAny(plain[at] == '<' ? '>' : '"', '\n');
                found.Add(new IncludeName(close < 0 ? plain[(at + 1)..] : plain.Substring(at + 1, close), plain[at] == '"', line));
            }
            else if (IsWord(plain[at]))
            {
                // The other directives look in other places, and a letter beyond ASCII can be spelled in more than one way.
                bool isPlain = plain.AsSpan(match.Index, match.Length) is "include" or "import";
                string word = WordAt(plain, at);
                bool isMacro = isPlain && Ascii.IsValid(word) && EndsLine(plain, at + word.Length);
                found.Add(new IncludeName(null, false, line, isMacro ? word : null));
            }
        }

        return found;
    }

    /// <summary>The text without the ends of lines that a backslash joins to the next.</summary>
    internal static string JoinLines(string text) =>
        text.Contains('\\', StringComparison.Ordinal) ? JoinedLine().Replace(text, "") : text;

    /// <summary>The identifier that begins there; empty where none does.</summary>
    internal static string WordAt(string text, int start)
    {
        int end = start;
        while (end < text.Length && IsWord(text[end]))
        {
            end++;
        }

        return end > start && !char.IsAsciiDigit(text[start]) ? text[start..end] : "";
    }

    /// <summary>Whether nothing but blanks and comments follows in the line.</summary>
    internal static bool EndsLine(string text, int start)
    {
        int at = SkipBlanks(text, start);
        return at == text.Length || text[at] == '\n' || text.AsSpan(at).StartsWith("//");
    }

    /// <summary>
    /// Whether a word can be that of a directive: before it stands '#', the ':' of "%:", the '=' of the trigraph, or the end of a comment
    /// between the two.
    /// </summary>
    internal static bool StartsDirective(string text, int start)
    {
        int at = start - 1;
        while (at >= 0 && text[at] is ' ' or '\t' or '\v' or '\f' or '\0' or '\r')
        {
            at--;
        }

        return at >= 0 && text[at] switch
        {
            '/' => EndsComment(text, at),
            '#' => BeginsLine(text, at),
            ':' => BeginsLine(text, at - 1),
            '=' => BeginsLine(text, at - 2),
            _ => false,
        };
    }

    // A directive is the first of its line, comments aside: prose that speaks of "#include" is none.
    private static bool BeginsLine(string text, int start)
    {
        int at = start - 1;
        while (at >= 0 && text[at] is ' ' or '\t' or '\v' or '\f' or '\0')
        {
            at--;
        }

        return at < 0 || text[at] is '\n' or '\r' or '\ufeff' || EndsComment(text, at);
    }

    // Prose may speak of export/import.
    private static bool EndsComment(string text, int at) => text[at] == '/' && at > 0 && text[at - 1] == '*';

    /// <summary>The place behind blanks and comments, also those over lines.</summary>
    internal static int SkipBlanks(string text, int at)
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\v' or '\f' or '\0' or '\r')
            {
                at++;
            }
            else if (text.AsSpan(at).StartsWith("/*"))
            {
                int end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? text.Length : end + 2;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static bool IsWord(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '$';

    // The compiler joins lines at a backslash that only blanks separate from the line's end.
    [GeneratedRegex(@"\\[ \t\v\f]*\r?\n")]
    private static partial Regex JoinedLine();

    [GeneratedRegex("(?:include_next|include|import|embed|__include_macros)")]
    private static partial Regex Directive();
}
