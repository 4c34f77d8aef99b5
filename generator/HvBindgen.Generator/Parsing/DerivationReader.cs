using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Collects what values are made of, from the text of the set's own headers: the syntax tree has lost the names of macros.
/// </summary>
internal sealed class DerivationReader(IReadOnlyDictionary<string, SourceText> sources)
{
    private readonly SortedDictionary<string, (List<string> Names, string Operators)> found = new(StringComparer.Ordinal);

    private readonly Dictionary<string, string> makers = new(StringComparer.Ordinal);

    /// <summary>An enumerator, whose value may follow its name.</summary>
    internal void ReadEnumerator(string name, SourceLocation location) => Read(name, name, location, ExpressionNames.InitializerAt);

    /// <summary>A member that is an array.</summary>
    /// <param name="owner">Record around it, in C's spelling.</param>
    /// <param name="name">The member.</param>
    /// <param name="location">Where its name stands.</param>
    internal void ReadBounds(string owner, string name, SourceLocation location) =>
        Read($"{owner}.{name}", name, location, ExpressionNames.BoundsAt);

    /// <summary>A record or a member. Where its name does not stand at its place, a macro made it.</summary>
    /// <param name="key">The record in C's spelling, with the member behind a dot.</param>
    /// <param name="name">Its name.</param>
    /// <param name="location">Where it stands: for what a macro made, where the macro is used.</param>
    internal void ReadMaker(string key, string name, SourceLocation location)
    {
        if (sources.TryGetValue(location.Header, out SourceText? source)
            && source.OffsetOf(location.Line, location.Column) is { } start
            && ExpressionNames.NameAt(source.Text, start) is { Length: > 0 } maker && !maker.SequenceEqual(name))
        {
            makers[key] = maker.ToString();
        }
    }

    /// <summary>A macro in force.</summary>
    internal void ReadMacro(MacroDefinition macro)
    {
        List<string> parameters = ExpressionNames.In(macro.Parameters);
        Add(macro.Name, macro.Body, parameters);
    }

    /// <summary>What was found, sorted, of names that the model declares.</summary>
    internal EquatableArray<AbiDerivation> Among(AbiModel model)
    {
        HashSet<string> declared = NamesOf(model);
        List<AbiDerivation> derivations = [];
        HashSet<string> macros = new(model.Macros.Select(macro => macro.Name), StringComparer.Ordinal);
        foreach ((string key, string maker) in makers.Where(made => macros.Contains(made.Value)))
        {
            found.TryAdd(key, ([maker], ""));
        }

        foreach ((string name, (List<string> names, string operators)) in found)
        {
            string[] known = [.. names.Where(declared.Contains)];
            if (known.Length > 0)
            {
                derivations.Add(new AbiDerivation(name, EquatableArray.From(known)) { Operators = operators });
            }
        }

        return EquatableArray.From(derivations);
    }

    /// <summary>The own headers with those that each includes.</summary>
    internal EquatableArray<AbiInclusion> Inclusions() => EquatableArray.From(sources
        .OrderBy(source => source.Key, StringComparer.Ordinal)
        .Select(source => new AbiInclusion(source.Key, EquatableArray.From(source.Value.IncludedNames))));

    /// <summary>The own headers whose declarations depend on the compiler.</summary>
    internal EquatableArray<AbiCondition> Conditions() => EquatableArray.From(sources
        .Where(source => source.Value.CompilerMacros.Count > 0).OrderBy(source => source.Key, StringComparer.Ordinal)
        .Select(source => new AbiCondition(source.Key, EquatableArray.From(source.Value.CompilerMacros))));

    private delegate ReadOnlySpan<char> ExpressionFinder(string text, int start);

    private void Read(string key, string name, SourceLocation location, ExpressionFinder find)
    {
        // A name that a macro made does not stand there; nothing is known of it then.
        if (sources.TryGetValue(location.Header, out SourceText? source)
            && source.OffsetOf(location.Line, location.Column) is { } start && ExpressionNames.IsAt(source.Text, start, name))
        {
            Add(key, find(source.Text, start + name.Length), []);
        }
    }

    private void Add(string name, ReadOnlySpan<char> expression, List<string> parameters)
    {
        List<string> names = ExpressionNames.In(expression);
        names.RemoveAll(parameters.Contains);
        if (names.Count > 0)
        {
            found[name] = (names, ExpressionNames.OperatorsIn(expression));
        }
    }

    private static HashSet<string> NamesOf(AbiModel model) => new(
        [
            .. model.Declarations.Select(declaration => declaration.CName),
            .. model.Enums.SelectMany(@enum => @enum.Enumerators).Select(enumerator => enumerator.Name),
        ],
        StringComparer.Ordinal);
}
