using ClangSharp.Interop;
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
        HeaderFiles files = new(request.IncludePaths, request.OwnHeaders);
        MacroCandidates candidates = MacroCandidates.From(files.ReadOwnSources(request.Headers, request.IncludePaths));
        using ProbeSession session = new(request);
        TranslationUnit unit = session.Parse(candidates.Constants, candidates.MaybeIoctls);
        ParseScope scope = new(unit, files, request.Target);
        DeclarationReader declarations = new(scope, request.Block);
        MacroReader macros = new(declarations.Types, request);
        OwnDeclarations own = OwnDeclarations.Read(unit, scope, declarations, macros);
        declarations.ReadReferenced();
        ReadMissed(session, own, candidates, macros);
        MacroOutcome outcome = MacroOutcome.Sort(own.Macros, candidates, macros, request);
        declarations.ReadReferenced();

        return scope.Faults.Count > 0
            ? throw new HeaderParseException(request.Set, request.Target.Name, scope.Faults)
            : new ParsedHeaders(
                ModelAssembly.Assemble(request, declarations, outcome), [.. own.Omitted, .. outcome.Omitted], files.DigestOf(unit.IncludedFiles()));
    }

    // A macro that expands to an opening brace swallows the probes after it, and the text scan does not see every definition.
    // Those macros are asked about again, by halves, until each that C accepts has been seen.
    private static void ReadMissed(ProbeSession session, OwnDeclarations own, MacroCandidates candidates, MacroReader macros)
    {
        string[] missed =
        [
            .. own.Macros.Where(macro => !macro.Value.IsFunctionLike && !macros.WasProbed(macro.Key)
                && candidates.At(macro.Value.Location.Header, macro.Value.Location.Line)?.IsSelfContained() != false).Select(macro => macro.Key),
        ];
        if (missed.Length > 0)
        {
            Ask(missed);
        }

        void Ask(ReadOnlySpan<string> names)
        {
            HashSet<string> asked = [.. names];
            TranslationUnit unit = session.Parse(asked, asked);
            foreach (ClangCursor cursor in unit.Root.Children())
            {
                if (cursor.Kind == CXCursorKind.CXCursor_VarDecl && unit.PlaceOf(cursor).File == ProbeSession.FileName)
                {
                    macros.ReadVariable(cursor);
                }
            }

            bool isComplete = asked.All(macros.WasProbed);
            if (!isComplete && names.Length > 1)
            {
                int half = names.Length / 2;
                Ask(names[..half]);
                Ask(names[half..]);
            }
        }
    }
}
