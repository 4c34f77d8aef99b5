using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Walks the top level of a translation unit and hands each declaration of the set's own headers to its reader.</summary>
internal sealed class OwnDeclarations
{
    /// <summary>Macros in force at the end, by name.</summary>
    internal Dictionary<string, (SourceLocation Location, bool IsFunctionLike)> Macros { get; } = new(StringComparer.Ordinal);

    /// <summary>Where macros are defined, in any header.</summary>
    internal List<SourceLocation> Definitions { get; } = [];

    /// <summary>What the first probe answered about them.</summary>
    internal required MacroReader Answers { get; init; }

    /// <summary>Declarations that bindings have no place for.</summary>
    internal List<OmittedDeclaration> Omitted { get; } = [];

    /// <exception cref="HeaderParseException">A header ends inside a declaration.</exception>
    internal static OwnDeclarations Read(
        ProbeSession session, ProbedUnit probed, ParseScope scope, DeclarationReader declarations, MacroReader macros)
    {
        OwnDeclarations own = new() { Answers = macros };

        // Headers, from the first, that clang saw the end of outside every declaration.
        int endedHeaders = 0;
        foreach (ClangCursor cursor in probed.Unit.Root.Children())
        {
            CXCursorKind kind = cursor.Kind;
            if (kind is CXCursorKind.CXCursor_MacroExpansion or CXCursorKind.CXCursor_InclusionDirective)
            {
                continue;
            }

            (SourceLocation location, bool isOwn) = scope.Locate(cursor);
            if (kind == CXCursorKind.CXCursor_MacroDefinition && location.Header.Length > 0)
            {
                own.Definitions.Add(location);
            }

            if (location.Header == ProbeSession.FileName)
            {
                if (kind == CXCursorKind.CXCursor_VarDecl)
                {
                    macros.ReadVariable(cursor, probed.FaultyLines.GetValueOrDefault(location.Line));
                }
                else if (kind == CXCursorKind.CXCursor_FunctionDecl)
                {
                    endedHeaders++;
                }
            }
            else if (isOwn)
            {
                own.Read(cursor, kind, location, declarations);
            }
        }

        session.RequireEnds(endedHeaders);
        return own;
    }

    private void Read(ClangCursor cursor, CXCursorKind kind, SourceLocation location, DeclarationReader declarations)
    {
        switch (kind)
        {
            case CXCursorKind.CXCursor_MacroDefinition:
                Macros[cursor.Spelling] = (location, cursor.IsMacroFunctionLike);
                break;
            case CXCursorKind.CXCursor_FunctionDecl:
                Omitted.Add(
                    new OmittedDeclaration(
                        cursor.Spelling, "function", location, "a header's function is C code, not an interface of the kernel"));
                break;
            case CXCursorKind.CXCursor_VarDecl:
                Omitted.Add(
                    new OmittedDeclaration(
                        cursor.Spelling, "variable", location, "a header's variable belongs to the program that includes it"));
                break;
            default:
                declarations.ReadOwn(cursor, location);
                break;
        }
    }
}
