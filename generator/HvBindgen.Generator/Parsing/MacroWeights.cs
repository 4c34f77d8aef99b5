namespace HvBindgen.Generator.Parsing;

/// <summary>How many words macros become when they are expanded, macros in them included.</summary>
/// <remarks>
/// Each may name others several times: nine lines of four uses each make a quarter of a million words, on which compilers overflow their
/// stacks. Arguments of function-like macros are not counted.
/// </remarks>
internal sealed class MacroWeights
{
    internal const long Most = 100_000;

    private readonly ILookup<string, MacroDefinition> definitions;
    private readonly Dictionary<string, long> known = new(StringComparer.Ordinal);

    internal MacroWeights(IEnumerable<MacroDefinition> macros) =>
        definitions = macros.ToLookup(macro => macro.Name, StringComparer.Ordinal);

    /// <summary>Words of the longest definition of a name; 1 for a name that is no macro.</summary>
    internal long Of(string name)
    {
        // Depth first with a stack of its own: chains of macros are as long as their author likes.
        Stack<(string Name, bool IsReady)> waiting = new([(name, false)]);
        while (waiting.TryPop(out (string Name, bool IsReady) next))
        {
            if (!next.IsReady)
            {
                // A macro that names itself, also in a round, is not expanded again.
                if (known.TryAdd(next.Name, 1) && definitions.Contains(next.Name))
                {
                    waiting.Push((next.Name, true));
                    foreach (string word in definitions[next.Name].SelectMany(macro => MacroCandidates.Words(macro.Body)))
                    {
                        if (!known.ContainsKey(word))
                        {
                            waiting.Push((word, false));
                        }
                    }
                }

                continue;
            }

            known[next.Name] = definitions[next.Name].Max(
                macro => Math.Min(Most + 1, Math.Max(1, MacroCandidates.Words(macro.Body).Sum(known.GetValueOrDefault))));
        }

        return known[name];
    }
}
