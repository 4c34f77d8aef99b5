namespace HvBindgen.Generator.Parsing;

/// <summary>The macros of a set's own headers, sorted by what is worth asking the compiler about them.</summary>
internal sealed class MacroCandidates
{
    private readonly Dictionary<(string Header, int Line), MacroDefinition> byPlace = [];

    /// <summary>Object-like macros whose body can be an expression.</summary>
    internal HashSet<string> Constants { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them that could be ioctl requests: they call a macro or are another name of one.</summary>
    internal HashSet<string> MaybeIoctls { get; } = new(StringComparer.Ordinal);

    internal static MacroCandidates From(Dictionary<string, SourceText> sources)
    {
        MacroCandidates candidates = new();
        foreach ((string header, SourceText source) in sources)
        {
            foreach (MacroDefinition macro in source.Macros)
            {
                candidates.byPlace[(header, macro.Line)] = macro;
                if (!macro.IsFunctionLike && macro.IsSelfContained())
                {
                    candidates.Constants.Add(macro.Name);
                    if (CallsOrNames(macro.Body))
                    {
                        candidates.MaybeIoctls.Add(macro.Name);
                    }
                }
            }
        }

        // A name that some branch defines with an unbalanced body would break the probe if that branch were in force.
        foreach (MacroDefinition macro in candidates.byPlace.Values)
        {
            if (!macro.IsFunctionLike && macro.Body.Length > 0 && !macro.IsSelfContained())
            {
                candidates.Constants.Remove(macro.Name);
                candidates.MaybeIoctls.Remove(macro.Name);
            }
        }

        return candidates;
    }

    /// <summary>The definition at a place the compiler named; null when the text there was not read.</summary>
    internal MacroDefinition? At(string header, int line) => byPlace.GetValueOrDefault((header, line));

    private static bool CallsOrNames(string body)
    {
        int word = 0;
        foreach (char character in body)
        {
            if (char.IsAsciiLetterOrDigit(character) || character == '_')
            {
                word++;
            }
            else if (character == '(' && word > 0)
            {
                return true;
            }
            else if (character != ' ')
            {
                word = 0;
            }
        }

        return word == body.Length && !char.IsAsciiDigit(body[0]);
    }
}
