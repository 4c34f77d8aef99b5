namespace HvBindgen.Generator.Parsing;

/// <summary>What macros that name a header in an <c>#include</c> may stand for, wherever they are defined.</summary>
/// <remarks>As <see cref="IncludeNames"/> does, it finds too much rather than too little: conditions are not evaluated.</remarks>
internal sealed class IncludeMacros
{
    private const string Define = "define";

    private readonly List<string> texts;

    /// <summary>Looks through texts and through what the compiler's command line defines.</summary>
    /// <param name="texts">All that the compiler may have read, as it stands in the files.</param>
    /// <param name="defines">NAME or NAME=value each.</param>
    internal IncludeMacros(IEnumerable<string> texts, IEnumerable<string> defines)
    {
        this.texts = [.. texts.Select(IncludeNames.JoinLines).Where(text => text.Contains(Define, StringComparison.Ordinal))];
        foreach (string define in defines)
        {
            int value = define.IndexOf('=', StringComparison.Ordinal);
            this.texts.Add(value < 0 ? $"#define {define} 1" : $"#define {define[..value]} {define[(value + 1)..]}");
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
            bool isDefined = false;
            foreach ((string text, int body) in BodiesOf(next))
            {
                isDefined = true;
                if (IncludeNames.EndsLine(text, body))
                {
                    continue;
                }

                if (ReadName(text, body) is { } name)
                {
                    names.Add(name);
                }
                else if (ReadWord(text, body) is { } word)
                {
                    if (seen.Add(word))
                    {
                        waiting.Enqueue(word);
                    }
                }
                else
                {
                    return null;
                }
            }

            // The compiler's own, __FILE__ among them, have no definition in any text.
            if (!isDefined && next.StartsWith('_'))
            {
                return null;
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
        return isQuoted || !WordsOf(name).Exists(word => BodiesOf(word).Any()) ? new IncludeDirective(name, isQuoted) : null;
    }

    private static string? ReadWord(string text, int start) =>
        IncludeNames.WordAt(text, start) is { Length: > 0 } word && IncludeNames.EndsLine(text, start + word.Length) ? word : null;

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

    // Where the definitions of an object-like macro begin, behind its name. One with parameters is not expanded without arguments.
    private IEnumerable<(string Text, int Start)> BodiesOf(string macro)
    {
        foreach (string text in texts)
        {
            for (int at = 0; (at = text.IndexOf(Define, at, StringComparison.Ordinal)) >= 0; at += Define.Length)
            {
                int name = IncludeNames.SkipBlanks(text, at + Define.Length);
                if (name > at + Define.Length && IncludeNames.StartsDirective(text, at) && IncludeNames.WordAt(text, name) == macro
                    && !text.AsSpan(name + macro.Length).StartsWith("("))
                {
                    yield return (text, IncludeNames.SkipBlanks(text, name + macro.Length));
                }
            }
        }
    }
}
