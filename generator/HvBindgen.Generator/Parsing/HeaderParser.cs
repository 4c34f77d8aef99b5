using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Parses one header set for one target into a model.</summary>
public static class HeaderParser
{
    /// <summary>Parses a header set. libclang must have been loaded (<see cref="LibClangLocator"/>).</summary>
    /// <param name="request">What to parse.</param>
    /// <returns>The model, with what the headers declare beside it.</returns>
    /// <exception cref="HeaderParseException">
    /// clang reports an error, a declaration cannot be held by the model, or a header includes what it has no right to.
    /// </exception>
    public static ParsedHeaders Parse(ParseRequest request)
    {
        IncludeGuard guard = new(request);
        guard.RequireBefore();
        HeaderFiles files = new(request.SearchedFolders, request.OwnHeaders, request.OwnsQuotedIncludes);
        Dictionary<string, SourceText> sources = files.ReadOwnSources(
            request.Headers, request.IncludePaths, guard.IncludesOf);
        HeaderFiles.RequireVisible(sources, request);
        MacroCandidates candidates = MacroCandidates.From(sources);
        candidates.RequireBounded(request);
        using ProbeSession session = new(request, guard);
        ProbedUnit probed = session.Parse(candidates.Questions);
        ParseScope scope = new(probed, files, request, new DerivationReader(sources));
        DeclarationReader declarations = new(scope);

        // Each step gives what the next one takes: the headers' own declarations, those that they refer to, macros about which
        // nothing is left to ask, macros by kind, and all of it with what the macros refer to.
        OwnDeclarations own = OwnDeclarations.Read(session, probed, scope, declarations, new MacroReader(declarations.Types, request));
        SettledMacros settled = SettledMacros.Ask(session, candidates, own, declarations.ReadReferenced());
        MacroOutcome macros = MacroOutcome.Sort(settled, candidates, probed.MacroFaults, request, scope.Derivations);
        macros.AddRequestsAmong(declarations.ReadReferenced().Enums, settled.Answers);
        CompleteDeclarations complete = CompleteDeclarations.Read(declarations, macros, scope, request);

        AbiModel model = ModelAssembly.Assemble(request, complete, scope.Derivations);
        HashSet<string> methods = new(model.Index.FunctionRequests.Select(function => function.Macro.Name), StringComparer.Ordinal);
        return new ParsedHeaders(
            model,
            [.. own.Omitted, .. macros.Omitted.Where(macro => !methods.Contains(macro.Name))],
            files.DigestOf(probed.Unit.IncludedFiles()))
        {
            // What clang minds in a C library's headers is nothing that the set's author could mend.
            Warnings = [.. probed.Warnings.Where(warning => files.Identify(warning.File).IsOwn)],
        };
    }
}
