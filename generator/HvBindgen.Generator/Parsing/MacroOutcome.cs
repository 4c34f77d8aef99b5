using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>The macros in force, sorted into constants, ioctl requests and those without a value.</summary>
internal sealed class MacroOutcome
{
    internal List<AbiConstant> Constants { get; } = [];

    internal List<AbiIoctl> Ioctls { get; } = [];

    internal List<AbiMacro> Macros { get; } = [];

    internal List<OmittedDeclaration> Omitted { get; } = [];

    /// <exception cref="HeaderParseException">Of a macro without a value there is no text that could be compared.</exception>
    internal static MacroOutcome Sort(
        SettledMacros settled,
        MacroCandidates candidates,
        ParseRequest request,
        DerivationReader derivations)
    {
        MacroReader macros = settled.Answers;
        MacroOutcome outcome = new();
        List<HeaderFault> faults = [];
        foreach ((string name, (SourceLocation location, _)) in settled.InForce)
        {
            MacroDefinition? definition = candidates.At(location, name);
            bool isTakenBack = candidates.Undefined.Contains(name) && candidates.Constants.Contains(name) && !macros.WasProbed(name);
            if (isTakenBack || Glob.MatchesAny(request.Block, name))
            {
                continue;
            }

            if (definition is not null)
            {
                derivations.ReadMacro(definition);
            }

            if (macros.IoctlOf(name, location) is { } ioctl)
            {
                outcome.Ioctls.Add(ioctl);
            }
            else if (macros.ConstantOf(name, location) is { } constant)
            {
                outcome.Add(constant, macros);
            }
            else if (definition is null && candidates.HasRead(location.Header))
            {
                faults.Add(new HeaderFault(
                    HeaderFiles.Find(location.Header, request.IncludePaths) ?? location.Header, location.Line, location.Column,
                    $"the text of macro {name} was not found: changes of it would not be seen"));
            }
            else
            {
                MacroDefinition text = definition ?? new MacroDefinition(name, "", "", location.Line);
                AbiMacro macro = new(name, text.Parameters, text.Digest(), location) { Prefixes = text.Prefixes() };
                int parameters = text.ParameterCount();
                EquatableArray<uint> samples = candidates.FunctionRequests.ContainsKey(name)
                    ? RequestSamples.Kept(
                        macro, parameters, macros.SamplesOf(name, RequestSamples.Of(parameters).Count), request.Target)
                    : [];
                if (samples.Count > 0)
                {
                    macro = macro with
                    {
                        Samples = samples,
                        Argument = macros.ArgumentOfFunction(name, samples[0], location),
                        Descriptors = macros.DescriptorsOf(name),
                    };
                }

                outcome.Macros.Add(macro);
                outcome.Omitted.Add(
                    new OmittedDeclaration(name, "macro", location, samples.Count > RequestSamples.Basic(parameters)
                        ? "its request number is no sum of multiples of its arguments"
                        : definition is null ? "its text was not found"
                        : ReasonFor(
                            name, definition, macros, settled.Faults.GetValueOrDefault(name), candidates.TwoColons.Contains(name))));
            }
        }

        return faults.Count == 0 ? outcome : throw new HeaderParseException(request.Set, request.Target.Name, faults);
    }

    /// <summary>Adds the enumerators that the request calls ioctl requests.</summary>
    internal void AddRequestsAmong(IEnumerable<AbiEnum> enums, MacroReader macros)
    {
        HashSet<string> known = new(Ioctls.Select(ioctl => ioctl.Name), StringComparer.Ordinal);
        foreach (AbiEnum @enum in enums)
        {
            Ioctls.AddRange(
                ((IEnumerable<AbiEnumerator>)@enum.Enumerators).Where(enumerator => !known.Contains(enumerator.Name))
                    .Select(enumerator => macros.NumberAsIoctl(enumerator.Name, enumerator.Value, @enum.Location)).OfType<AbiIoctl>());
        }
    }

    private void Add(AbiConstant constant, MacroReader macros)
    {
        if (constant.Value is IntegerValue number && macros.NumberAsIoctl(constant.Name, number.Value, constant.Location) is { } ioctl)
        {
            Ioctls.Add(ioctl);
        }
        else
        {
            Constants.Add(constant);
        }
    }

    private static string ReasonFor(
        string name, MacroDefinition definition, MacroReader macros, string? words, bool comesToColons) =>
        definition switch
        {
            { IsFunctionLike: true } => "a function-like macro has no value of its own",
            { Body.Length: 0 } => "it is empty",
            _ when words is null && (!definition.IsSelfContained() || definition.HoldsTwoColons()) =>
                "it is no expression: it holds a brace, a semicolon, a '#' or '::', or does not close what it opens",
            _ when words is null && comesToColons => "it is no expression: macros that it names hold '::'",
            _ when words is not null && VaryingMacros.NamedIn(words) is { } varying =>
                $"it comes to {varying}, which is something else at each place or time",
            _ when words is not null => $"it is no constant expression (clang: {words})",
            _ when macros.Quads.Contains(name) => "it is of type __float128, which C# lacks",
            _ when macros.IsUnheld(name) => "it is no number that a double holds",
            _ when macros.IsAddress(name) => "it is an address, not a number or a text",
            _ => "it is no constant expression",
        };
}
