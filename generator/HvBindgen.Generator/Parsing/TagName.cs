using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>How C names a struct, union or enum: by its tag, by a typedef alone, or not at all.</summary>
/// <remarks>
/// Cursor spellings of unnamed tags differ between versions of libclang (empty until 15, words in parentheses later), and so
/// does Cursor_isAnonymous. The spelling of the canonical type tells the three cases apart in all of them.
/// </remarks>
internal readonly record struct TagName(string Name, bool HasTag, string CName)
{
    internal bool IsUnnamed => Name.Length == 0;

    internal static TagName Of(ClangCursor declaration)
    {
        string spelling = declaration.Type.Canonical.Spelling;
        int space = spelling.IndexOf(' ', StringComparison.Ordinal);
        bool hasTag = space > 0 && spelling.AsSpan(0, space) is "struct" or "union" or "enum";
        string name = hasTag ? spelling[(space + 1)..] : spelling;
        return name.Contains('(', StringComparison.Ordinal) ? new TagName("", false, "") : new TagName(name, hasTag, spelling);
    }

    internal static RecordKind KindOf(ClangCursor declaration) =>
        declaration.Kind == CXCursorKind.CXCursor_UnionDecl ? RecordKind.Union : RecordKind.Struct;
}
