using HvBindgen.Generator.Clang;

namespace HvBindgen.Generator.Parsing;

/// <summary>Parses one header set for one target into a model.</summary>
public static class HeaderParser
{
    /// <summary>Parses a header set. libclang must have been loaded (<see cref="LibClangLocator"/>).</summary>
    /// <param name="request">What to parse.</param>
    /// <returns>The model, with what the headers declare beside it.</returns>
    /// <exception cref="HeaderParseException">clang reports an error, or a declaration cannot be held by the model.</exception>
    public static ParsedHeaders Parse(ParseRequest request)
    {
        HeaderFiles files = new(request.IncludePaths, request.OwnHeaders, request.OwnsQuotedIncludes);
        Dictionary<string, SourceText> sources = files.ReadOwnSources(request.Headers, request.IncludePaths);
        MacroCandidates candidates = MacroCandidates.From(sources);
        using ProbeSession session = new(request);
        ProbedUnit probed = session.Parse(candidates.Questions);
        ParseScope scope = new(probed.Unit, files, request.Target, new DerivationReader(sources));
        DeclarationReader declarations = new(scope, request.Block);
        MacroReader macros = new(declarations.Types, request);
        OwnDeclarations own = OwnDeclarations.Read(probed, scope, declarations, macros);
        session.RequireEnds(own.EndedHeaders);
        declarations.ReadReferenced();
        new MacroInquiry(session, candidates, macros).AskAgain(own, declarations.Enums);
        MacroOutcome outcome = MacroOutcome.Sort(own, candidates, macros, probed.MacroFaults, request, scope.Derivations);
        declarations.ReadReferenced();

        return scope.Faults.Count > 0
            ? throw new HeaderParseException(request.Set, request.Target.Name, scope.Faults) { IsUnsupported = true }
            : new ParsedHeaders(
                ModelAssembly.Assemble(request, declarations, outcome, scope.Derivations),
                [.. own.Omitted, .. outcome.Omitted],
                files.DigestOf(probed.Unit.IncludedFiles()))
            {
                Warnings = probed.Warnings,
            };
    }
}
