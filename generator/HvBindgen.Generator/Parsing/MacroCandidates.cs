using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>The macros of a set's own headers, sorted by what is worth asking the compiler about them.</summary>
internal sealed class MacroCandidates
{
    // Each parameter is varied in turn, so questions grow with their square; no request has as many.
    private const int MaxSampledParameters = 16;

    // By name too: headers of one name, one of which includes the next, have lines of the same numbers.
    private readonly Dictionary<(string Header, int Line, string Name), MacroDefinition> byPlace = [];
    private readonly HashSet<(string Header, int Line, string Name)> ambiguous = [];
    private readonly HashSet<string> readHeaders = new(StringComparer.Ordinal);
    private readonly HashSet<string> hidden = new(StringComparer.Ordinal);
    private HeaderMacros? all;

    /// <summary>Object-like macros whose body can be an expression.</summary>
    internal HashSet<string> Constants { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Those of them that come to an expression of integer literals wherever they are defined, and that no branch takes back: when the
    /// compiler has said what they are replaced by, their types and values are known.
    /// </summary>
    internal HashSet<string> Arithmetic { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Those of <see cref="Constants"/> that could be string literals: they hold one, or nothing but names that may stand for some.
    /// </summary>
    internal HashSet<string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them that could be ioctl requests: they call a macro or are another name of one.</summary>
    internal HashSet<string> MaybeIoctls { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that look like requests by their own text and are none by that of others.</summary>
    internal HashSet<string> NoIoctls { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Function-like macros that could be ioctl requests, by what their bodies call, with the numbers of parameters that their definitions
    /// have.
    /// </summary>
    internal Dictionary<string, SortedSet<int>> FunctionRequests { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Macros that hold <c>::</c> or come to it by way of others. Behind a parenthesis clang waits for ever for what it begins, so nothing
    /// is asked about them.
    /// </summary>
    internal HashSet<string> TwoColons { get; } = new(StringComparer.Ordinal);

    /// <summary>Macros that may evaluate a part of their text or not: in a part that is not evaluated nothing is undefined.</summary>
    internal HashSet<string> Choosing { get; } = new(StringComparer.Ordinal);

    /// <summary>Macros whose text is no constant of C, and one to compilers, if any, by rules of their own.</summary>
    internal HashSet<string> BeyondConstants { get; } = new(StringComparer.Ordinal);

    /// <summary>Macros that some branch takes back: the compiler names their definitions, but they may not be in force.</summary>
    internal HashSet<string> Undefined { get; } = new(StringComparer.Ordinal);

    internal static MacroCandidates From(Dictionary<string, SourceText> sources)
    {
        MacroCandidates candidates = new();
        foreach ((string header, SourceText source) in sources)
        {
            candidates.readHeaders.Add(header);
            candidates.Undefined.UnionWith(source.Undefined);
            foreach (MacroDefinition macro in source.Macros)
            {
                candidates.Place(header, macro);
                if (macro.IsFunctionLike || macro.Body.Trim('(', ')', ' ') != macro.Name)
                {
                    candidates.hidden.Add(macro.Name);
                }

                if (!macro.IsFunctionLike && macro.IsSelfContained())
                {
                    candidates.Constants.Add(macro.Name);
                    if (CallsOrNames(macro.Body))
                    {
                        candidates.MaybeIoctls.Add(macro.Name);
                    }

                    if (macro.Body.Contains('"', StringComparison.Ordinal) || HasOnlyNames(macro.Body))
                    {
                        candidates.Texts.Add(macro.Name);
                    }
                }
            }
        }

        MacroUsers users = new(candidates.byPlace.Values);
        candidates.TwoColons.UnionWith(users.WithUsers(candidates.NamesOf(macro => macro.HoldsTwoColons())));
        candidates.BeyondConstants.UnionWith(users.WithUsers(candidates.NamesOf(macro => macro.ExceedsConstants())));
        candidates.Choosing.UnionWith(users.WithUsers(candidates.NamesOf(macro => macro.MayChoose())));
        candidates.FindFunctionRequests();

        // A name that some branch defines with an unbalanced body would break the probe if that branch were in force.
        foreach (MacroDefinition macro in candidates.byPlace.Values)
        {
            bool isWhole = macro.IsFunctionLike || macro.Body.Length == 0 || macro.IsSelfContained();
            if (!isWhole || candidates.TwoColons.Contains(macro.Name))
            {
                candidates.Constants.Remove(macro.Name);
                candidates.MaybeIoctls.Remove(macro.Name);
                candidates.Texts.Remove(macro.Name);
            }
        }

        return candidates;
    }

    /// <summary>
    /// Finds those that the text of all headers says more of: <see cref="Arithmetic"/>, and of <see cref="MaybeIoctls"/> those that come to
    /// no request.
    /// </summary>
    /// <param name="read">Reads that text, where there is anything to find.</param>
    internal void SetAside(Func<HeaderMacros> read)
    {
        if (Constants.Count == 0)
        {
            return;
        }

        all = read();
        ArithmeticMacros arithmetic = new(all);
        Arithmetic.UnionWith(Constants.Where(arithmetic.Has));
        Arithmetic.ExceptWith(Undefined);
        Texts.ExceptWith(Arithmetic);
        if (MaybeIoctls.Count > 0)
        {
            RequestMacros requests = new(all);
            NoIoctls.UnionWith(MaybeIoctls.Where(macro => !requests.MayBeRequest(macro)));
            MaybeIoctls.ExceptWith(NoIoctls);
        }
    }

    /// <summary>Whether the compiler saw a definition that the text of the headers does not show: it was not reckoned with.</summary>
    internal bool IsOverlooked(SourceLocation definition) => all is not null && !all.HasSeen(definition);

    /// <summary>Passes when no macro multiplies into more than a compiler bears.</summary>
    /// <exception cref="HeaderParseException">One does.</exception>
    internal void RequireBounded(ParseRequest request)
    {
        MacroWeights weights = new(byPlace.Values);
        foreach (((string header, int line, _), MacroDefinition macro) in byPlace)
        {
            if (weights.Of(macro.Name) > MacroWeights.Most)
            {
                throw new HeaderParseException(
                    request.Set, request.Target.Name,
                    [
                        new HeaderFault(
                            HeaderFiles.Find(header, request.IncludePaths) ?? header,
                            line,
                            1,
                            $"macro {macro.Name} expands to more than {MacroWeights.Most} words"),
                    ]);
            }
        }
    }

    /// <summary>The questions that a first probe asks.</summary>
    internal ProbeQuestions Questions => new()
    {
        Values = [.. Constants.Where(macro => !Arithmetic.Contains(macro))],
        Arithmetic = Arithmetic,
        Texts = Texts,
        Requests = MaybeIoctls,
        Samples = FunctionRequests.Where(macro => macro.Value.Count == 1)
            .ToDictionary(macro => macro.Key, macro => (IReadOnlyList<string>)SampleArguments(macro.Value.Min), StringComparer.Ordinal),
        Choosing = Choosing,
    };

    /// <summary>
    /// The argument lists that function-like macros are asked for whose branches differ in their parameters: those of the definitions in
    /// force.
    /// </summary>
    /// <param name="inForce">Where macros are defined.</param>
    internal Dictionary<string, IReadOnlyList<string>> SamplesOf(IReadOnlyDictionary<string, (SourceLocation Location, bool)> inForce)
    {
        Dictionary<string, IReadOnlyList<string>> samples = new(StringComparer.Ordinal);
        foreach ((string name, SortedSet<int> counts) in FunctionRequests)
        {
            if (counts.Count > 1 && inForce.TryGetValue(name, out (SourceLocation Location, bool) macro)
                && At(macro.Location, name) is { IsFunctionLike: true } definition
                && counts.Contains(definition.ParameterCount()))
            {
                samples.Add(name, SampleArguments(definition.ParameterCount()));
            }
        }

        return samples;
    }

    /// <summary>Object-like macros whose text names one of the given identifiers.</summary>
    internal IEnumerable<string> Naming(IReadOnlyCollection<string> identifiers) =>
        byPlace.Values.Where(
            macro =>
                Constants.Contains(macro.Name) && ExpressionNames.In(macro.Body).Exists(identifiers.Contains)).Select(macro => macro.Name);

    /// <summary>Whether a macro of that name stands, in some branch, for something else than the identifier of that name.</summary>
    internal bool Hides(string identifier) => hidden.Contains(identifier);

    /// <summary>
    /// The definition at a place the compiler named; null when the text there was not read, or where two could be meant.
    /// </summary>
    internal MacroDefinition? At(SourceLocation location, string name) =>
        (location.Header, location.Line, name) is var place && !ambiguous.Contains(place) ? byPlace.GetValueOrDefault(place) : null;

    /// <summary>
    /// Whether a header was read as text. Those of the tool's own were not, nor what only the probe includes, for requests to be known by.
    /// </summary>
    internal bool HasRead(string header) => readHeaders.Contains(header);

    private void Place(string header, MacroDefinition macro)
    {
        if (!byPlace.TryAdd((header, macro.Line, macro.Name), macro) && byPlace[(header, macro.Line, macro.Name)] != macro)
        {
            ambiguous.Add((header, macro.Line, macro.Name));
        }
    }

    private IEnumerable<string> NamesOf(Func<MacroDefinition, bool> isMeant) =>
        byPlace.Values.Where(isMeant).Select(macro => macro.Name);

    private static bool CallsOrNames(string body)
    {
        int word = 0;
        foreach (char character in body)
        {
            if (IsOfName(character))
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

        return IsName(body);
    }

    // A body that calls a macro that calls _IOC is a request too.
    private void FindFunctionRequests()
    {
        List<MacroDefinition> open =
        [
            .. byPlace.Values.Where(macro =>
                macro.IsFunctionLike && macro.IsSelfContained() && !TwoColons.Contains(macro.Name)
                && macro.Parameters.AsSpan().Count(',') < MaxSampledParameters),
        ];
        int found;
        do
        {
            found = open.RemoveAll(macro =>
            {
                bool isRequest = ExpressionNames.In(macro.Body).Exists(
                    name => RequestMacros.Makers.Contains(name) || FunctionRequests.ContainsKey(name));
                if (isRequest)
                {
                    (FunctionRequests.TryGetValue(macro.Name, out SortedSet<int>? counts) ? counts : FunctionRequests[macro.Name] = [])
                        .Add(macro.ParameterCount());
                }

                return isRequest;
            });
        }
        while (found > 0);
    }

    private static string[] SampleArguments(int parameters) =>
        [.. RequestSamples.Of(parameters).Select(static arguments => string.Join(", ", arguments))];

    // #define NAME (PREFIX SUFFIX): string literals beside each other are one.
    private static bool HasOnlyNames(string body)
    {
        string names = body.Trim('(', ')', ' ');
        return names.Length > 0 && names.Split(' ').All(IsName);
    }

    private static bool IsName(string body) =>
        body.Length > 0 && !char.IsAsciiDigit(body[0]) && body.All(IsOfName);

    private static bool IsOfName(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '$' or > '\x7f';
}
