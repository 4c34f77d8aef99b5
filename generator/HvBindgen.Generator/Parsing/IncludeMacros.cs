using System.Text;

namespace HvBindgen.Generator.Parsing;

/// <summary>What macros that name a header in an <c>#include</c> may stand for, wherever they are defined.</summary>
/// <remarks>As <see cref="IncludeNames"/> does, it finds too much rather than too little: conditions are not evaluated.</remarks>
internal sealed class IncludeMacros
{
    private const string Define = "define";

    // Where the definitions of each object-like macro go on behind its name. One with parameters is not expanded without arguments.
    private readonly Dictionary<string, List<(string Text, int Start)>> bodies = new(StringComparer.Ordinal);

    /// <summary>Looks through what the compiler's command line defines.</summary>
    /// <param name="defines">NAME or NAME=value each.</param>
    internal IncludeMacros(IEnumerable<string> defines)
    {
        foreach (string define in defines)
        {
            int value = define.IndexOf('=', StringComparison.Ordinal);
            Add(value < 0 ? $"#define {define} 1" : $"#define {define[..value]} {define[(value + 1)..]}");
        }
    }

    /// <summary>Looks through a text that the compiler may read.</summary>
    /// <param name="text">The text as it stands in its file.</param>
    internal void Add(string text)
    {
        string plain = IncludeNames.JoinLines(text);
        for (int at = 0; (at = plain.IndexOf(Define, at, StringComparison.Ordinal)) >= 0; at += Define.Length)
        {
            int name = IncludeNames.SkipBlanks(plain, at + Define.Length);
            if (name == at + Define.Length || !IncludeNames.StartsDirective(plain, at)
                || IncludeNames.WordAt(plain, name) is not { Length: > 0 } macro || plain.AsSpan(name + macro.Length).StartsWith("("))
            {
                continue;
            }

            if (!bodies.TryGetValue(macro, out List<(string Text, int Start)>? found))
            {
                bodies.Add(macro, found = []);
            }

            found.Add((plain, IncludeNames.SkipBlanks(plain, name + macro.Length)));
        }
    }

    /// <summary>The headers that a macro, or another one that it is a name of, may stand for.</summary>
    /// <param name="macro">Its name.</param>
    /// <returns>One for each definition; none where nothing defines it. Null when only the compiler could tell.</returns>
    internal List<IncludeDirective>? NamesOf(string macro)
    {
        List<IncludeDirective> names = [];
        HashSet<string> seen = new(StringComparer.Ordinal) { macro };
        Queue<string> waiting = new([macro]);
        while (waiting.TryDequeue(out string? next))
        {
            // The compiler's own, __FILE__ among them, have no definition in any text.
            List<(string Text, int Start)>? found = bodies.GetValueOrDefault(next);
            if (found is null && next.StartsWith('_'))
            {
                return null;
            }

            foreach ((string text, int body) in found ?? [])
            {
                if (IncludeNames.EndsLine(text, body))
                {
                    continue;
                }

                if (ReadName(text, body) is { } name)
                {
                    names.Add(name);
                }
                else if (ReadWord(text, body) is not { } word)
                {
                    return null;
                }
                else if (seen.Add(word))
                {
                    waiting.Enqueue(word);
                }
            }
        }

        return names;
    }

    // Between brackets words are expanded once more: <linux/x.h> is <1/x.h> where linux is 1.
    private IncludeDirective? ReadName(string text, int start)
    {
        if (text[start] is not ('"' or '<'))
        {
            return null;
        }

        bool isQuoted = text[start] == '"';
        int length = text.AsSpan(start + 1).IndexOfAny(isQuoted ? '"' : '>', '\n');
        if (length < 0 || text[start + 1 + length] == '\n' || !IncludeNames.EndsLine(text, start + length + 2))
        {
            return null;
        }

        string name = text.Substring(start + 1, length);
        return isQuoted || !WordsOf(name).Exists(bodies.ContainsKey) ? new IncludeDirective(name, isQuoted) : null;
    }

    private static string? ReadWord(string text, int start) =>
        IncludeNames.WordAt(text, start) is { Length: > 0 } word && Ascii.IsValid(word) && IncludeNames.EndsLine(text, start + word.Length)
            ? word
            : null;

    private static List<string> WordsOf(string name)
    {
        List<string> words = [];
        for (int at = 0; at < name.Length; at++)
        {
            if (IncludeNames.WordAt(name, at) is { Length: > 0 } word)
            {
                words.Add(word);
                at += word.Length;
            }
        }

        return words;
    }
}
