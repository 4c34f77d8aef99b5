namespace HvBindgen.Generator.Parsing;

/// <summary>Which macros name which in their text.</summary>
/// <param name="macros">The definitions, of each branch.</param>
internal sealed class MacroUsers(IReadOnlyCollection<MacroDefinition> macros)
{
    private readonly Dictionary<string, List<string>> users = new(StringComparer.Ordinal);
    private bool isRead;

    /// <summary>Macros, and those that come to them by way of others.</summary>
    /// <param name="names">The macros, whether there is a definition of them or not.</param>
    internal HashSet<string> WithUsers(IEnumerable<string> names)
    {
        Stack<string> found = new(names);
        HashSet<string> all = new(StringComparer.Ordinal);
        if (found.Count > 0)
        {
            Read(found);
        }

        while (found.TryPop(out string? name))
        {
            if (all.Add(name) && users.TryGetValue(name, out List<string>? of))
            {
                of.ForEach(found.Push);
            }
        }

        return all;
    }

    // Once: what is asked for first names all that has no definition.
    private void Read(Stack<string> undefined)
    {
        if (isRead)
        {
            return;
        }

        isRead = true;
        foreach (string name in macros.Select(macro => macro.Name).Concat(undefined))
        {
            users.TryAdd(name, []);
        }

        Dictionary<string, List<string>>.AlternateLookup<ReadOnlySpan<char>> byWord = users.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (MacroDefinition macro in macros)
        {
            int position = 0;
            for (ReadOnlySpan<char> word; (word = NextWord(macro.Body, ref position)).Length > 0;)
            {
                if (byWord.TryGetValue(word, out List<string>? of))
                {
                    of.Add(macro.Name);
                }
            }
        }
    }

    /// <summary>The next identifier or number of a text; empty at its end.</summary>
    /// <param name="body">The text.</param>
    /// <param name="position">Where to look from; behind the word afterwards.</param>
    internal static ReadOnlySpan<char> NextWord(string body, scoped ref int position)
    {
        while (position < body.Length && !IsOfWord(body[position]))
        {
            position++;
        }

        int start = position;
        while (position < body.Length && IsOfWord(body[position]))
        {
            position++;
        }

        return body.AsSpan(start, position - start);
    }

    private static bool IsOfWord(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$' or > '\x7f';
}
