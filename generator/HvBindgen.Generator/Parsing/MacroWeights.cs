namespace HvBindgen.Generator.Parsing;

/// <summary>How many words macros become when they are expanded, macros in them included.</summary>
/// <remarks>
/// Each may name others several times: nine lines of four uses each make a quarter of a million words, on which compilers overflow their
/// stacks. Arguments of function-like macros are not counted.
/// </remarks>
internal sealed class MacroWeights
{
    internal const long Most = 100_000;

    private readonly Dictionary<string, List<MacroDefinition>> definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<MacroDefinition>>.AlternateLookup<ReadOnlySpan<char>> byWord;
    private readonly Dictionary<string, long> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> knownByWord;

    internal MacroWeights(IEnumerable<MacroDefinition> macros)
    {
        foreach (MacroDefinition macro in macros)
        {
            if (!definitions.TryGetValue(macro.Name, out List<MacroDefinition>? same))
            {
                definitions.Add(macro.Name, same = []);
            }

            same.Add(macro);
        }

        (byWord, knownByWord) =
            (definitions.GetAlternateLookup<ReadOnlySpan<char>>(), known.GetAlternateLookup<ReadOnlySpan<char>>());
    }

    /// <summary>Words of the longest definition of a name; 1 for a name that is no macro.</summary>
    internal long Of(string name)
    {
        // Depth first with a stack of its own: chains of macros are as long as their author likes.
        Stack<(string Name, bool IsReady)> waiting = new([(name, false)]);
        while (waiting.TryPop(out (string Name, bool IsReady) next))
        {
            if (next.IsReady)
            {
                known[next.Name] = definitions[next.Name].Max(macro => Math.Clamp(Sum(macro.Body), 1, Most + 1));
            }
            else if (known.TryAdd(next.Name, 1) && definitions.TryGetValue(next.Name, out List<MacroDefinition>? own))
            {
                // A macro that names itself, also in a round, is not expanded again.
                waiting.Push((next.Name, true));
                foreach (MacroDefinition macro in own)
                {
                    Await(macro.Body, waiting);
                }
            }
        }

        return known[name];
    }

    // Words that are no macros stand for themselves.
    private void Await(string body, Stack<(string Name, bool IsReady)> waiting)
    {
        int position = 0;
        for (ReadOnlySpan<char> word; (word = MacroUsers.NextWord(body, ref position)).Length > 0;)
        {
            if (!knownByWord.ContainsKey(word) && byWord.TryGetValue(word, out string? name, out _))
            {
                waiting.Push((name, false));
            }
        }
    }

    private long Sum(string body)
    {
        long sum = 0;
        int position = 0;
        for (ReadOnlySpan<char> word; (word = MacroUsers.NextWord(body, ref position)).Length > 0;)
        {
            sum += knownByWord.TryGetValue(word, out long weight) ? weight : 1;
        }

        return sum;
    }
}
