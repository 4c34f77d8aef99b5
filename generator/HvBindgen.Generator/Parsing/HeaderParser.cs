using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Parses one header set for one target into a model.</summary>
public static class HeaderParser
{
    // A name that can be no header's: clang's messages about the probe's own lines carry it.
    private const string ProbeFile = "<header set>";

    /// <summary>Parses a header set. libclang must have been loaded (<see cref="LibClangLocator"/>).</summary>
    /// <param name="request">What to parse.</param>
    /// <returns>The model, with what the headers declare beside it.</returns>
    /// <exception cref="HeaderParseException">clang reports an error, or a declaration cannot be held by the model.</exception>
    public static ParsedHeaders Parse(ParseRequest request)
    {
        HeaderFiles files = new(request.IncludePaths, request.OwnHeaders);
        Dictionary<string, SourceText> sources = files.ReadOwnSources(request.Headers, request.IncludePaths);
        MacroCandidates candidates = MacroCandidates.From(sources);
        MacroProbe probe = MacroProbe.Write(request.Headers, candidates.Constants, candidates.MaybeIoctls);
        using TranslationUnit unit = ParseUnit(request, probe);
        ParseScope scope = new(unit, files, request.Target);
        DeclarationReader declarations = new(scope, request.Block);
        MacroReader macros = new(declarations.Types, request);
        Dictionary<string, SourceLocation> defined = new(StringComparer.Ordinal);
        List<OmittedDeclaration> omitted = [];

        foreach (ClangCursor cursor in unit.Root.Children())
        {
            ReadTopLevel(cursor, scope, declarations, macros, defined, omitted);
        }

        declarations.ReadReferenced();
        MacroOutcome outcome = MacroOutcome.Sort(defined, candidates, macros, request);
        declarations.ReadReferenced();

        if (scope.Faults.Count > 0)
        {
            throw new HeaderParseException(request.Set, request.Target.Name, scope.Faults);
        }

        omitted.AddRange(outcome.Omitted);
        return new ParsedHeaders(ModelAssembly.Assemble(request, declarations, outcome), omitted);
    }

    private static void ReadTopLevel(
        ClangCursor cursor,
        ParseScope scope,
        DeclarationReader declarations,
        MacroReader macros,
        Dictionary<string, SourceLocation> defined,
        List<OmittedDeclaration> omitted)
    {
        CXCursorKind kind = cursor.Kind;
        if (kind is CXCursorKind.CXCursor_MacroExpansion or CXCursorKind.CXCursor_InclusionDirective)
        {
            return;
        }

        (SourceLocation location, bool isOwn) = scope.Locate(cursor);
        if (location.Header == ProbeFile)
        {
            if (kind == CXCursorKind.CXCursor_VarDecl)
            {
                macros.ReadVariable(cursor);
            }

            return;
        }

        if (!isOwn)
        {
            return;
        }

        switch (kind)
        {
            case CXCursorKind.CXCursor_MacroDefinition:
                defined[cursor.Spelling] = location;
                break;
            case CXCursorKind.CXCursor_FunctionDecl:
                omitted.Add(new OmittedDeclaration(cursor.Spelling, "function", location, "headers give functions no ABI that C# could call"));
                break;
            case CXCursorKind.CXCursor_VarDecl:
                omitted.Add(new OmittedDeclaration(cursor.Spelling, "variable", location, "a variable is storage of a program, not an interface"));
                break;
            default:
                declarations.ReadOwn(cursor, location);
                break;
        }
    }

    private static TranslationUnit ParseUnit(ParseRequest request, MacroProbe probe)
    {
        string fileName = ProbeFile + ".c";
        List<string> arguments =
        [
            "-xc", "-std=gnu11", $"--target={request.Target.Triple}", "-ferror-limit=0", "-nostdinc", "-Wno-everything",
            .. request.Defines.Select(define => $"-D{define}"),
        ];
        foreach (string folder in request.IncludePaths)
        {
            arguments.Add("-isystem");
            arguments.Add(folder);
        }

        TranslationUnit unit = TranslationUnit.Parse(ProbeFile, probe.Source, arguments)
            ?? throw Unparsed(request, fileName, $"clang gave up on the set for {request.Target.Triple}: does this libclang know the target?");
        List<HeaderFault> faults = [];
        foreach (ClangDiagnostic diagnostic in unit.Diagnostics())
        {
            bool isMacroFault = diagnostic.Place.File == ProbeFile && diagnostic.Place.Line >= probe.FirstProbeLine;
            if (diagnostic.IsError && !isMacroFault)
            {
                faults.Add(new HeaderFault(diagnostic.Place.File, diagnostic.Place.Line, diagnostic.Place.Column, diagnostic.Message));
            }
        }

        if (unit.PointerWidthBits != request.Target.PointerBytes * 8)
        {
            faults.Add(new HeaderFault(ProbeFile, 1, 1, $"clang compiled for {unit.PointerWidthBits}-bit pointers, {request.Target.Name} has {request.Target.PointerBytes * 8}-bit ones"));
        }

        if (faults.Count > 0)
        {
            unit.Dispose();
            throw new HeaderParseException(request.Set, request.Target.Name, faults);
        }

        return unit;
    }

    private static HeaderParseException Unparsed(ParseRequest request, string file, string message) =>
        new(request.Set, request.Target.Name, [new HeaderFault(file, 1, 1, message)]);
}
