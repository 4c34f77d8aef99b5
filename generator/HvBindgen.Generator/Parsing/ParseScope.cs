using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>What the readers of one parse share: places, faults, and the declarations that others refer to.</summary>
internal sealed class ParseScope(ProbedUnit probed, HeaderFiles files, ParseRequest request, DerivationReader derivations)
{
    private const string DeclaresNothing = "declaration does not declare anything";
    private const string IsOfParameters = "will not be visible outside of this function";

    private readonly TranslationUnit unit = probed.Unit;
    private readonly Dictionary<string, ClangCursor> referenced = new(StringComparer.Ordinal);
    private HashSet<ClangPlace>? hidden;

    internal TargetInfo Target => request.Target;

    internal List<HeaderFault> Faults { get; } = [];

    /// <summary>Takes in what values are made of.</summary>
    internal DerivationReader Derivations { get; } = derivations;

    /// <summary>Declarations met in types and not yet read, in the order they were met.</summary>
    internal Queue<ClangCursor> Waiting { get; } = new();

    /// <summary>Where a declaration stands, and whether that is one of the set's own headers.</summary>
    internal (SourceLocation Location, bool IsOwn) Locate(ClangCursor cursor)
    {
        ClangPlace place = unit.PlaceOf(cursor);
        (string name, bool isOwn) = files.Identify(place.File);
        return (new SourceLocation(name, place.Line, place.Column), isOwn);
    }

    /// <summary>Whether a declaration of that name is left out.</summary>
    internal bool IsBlocked(string name) => request.Block.Count > 0 && name.Length > 0 && Glob.MatchesAny(request.Block, name);

    /// <summary>Whether a record of that name is known by its size alone.</summary>
    internal bool IsOpaque(string name) => request.Opaque.Count > 0 && name.Length > 0 && Glob.MatchesAny(request.Opaque, name);

    /// <summary>
    /// The record that C drops where a member was meant, <c>struct outer { struct inner { int a; }; };</c>, of those tagged in another one;
    /// <c>struct inner;</c> is one where it is defined before, and else says that there will be such a record.
    /// </summary>
    internal IEnumerable<ClangCursor> DroppedAmong(IEnumerable<ClangCursor> tags)
    {
        foreach (HeaderFault warning in probed.Warnings)
        {
            if (warning.Message != DeclaresNothing)
            {
                continue;
            }

            // The warning stands at the beginning of the declaration, the record at its tag.
            IEnumerable<ClangCursor> behind = tags.Where(tag =>
                unit.PlaceOf(tag) is var place && place.File == warning.File && place.Line == warning.Line
                    && place.Column >= warning.Column);
            if (behind.OrderBy(tag => unit.PlaceOf(tag).Column).Select(tag => (ClangCursor?)tag).FirstOrDefault() is { } dropped
                && dropped.Kind != CXCursorKind.CXCursor_EnumDecl && !IsDefinedBehind(dropped))
            {
                yield return dropped;
            }
        }
    }

    private bool IsDefinedBehind(ClangCursor tag)
    {
        if (tag.Type.SizeBytes < 0)
        {
            return true;
        }

        (ClangPlace place, ClangPlace definition) = (unit.PlaceOf(tag), unit.PlaceOf(tag.Definition));
        return place.File == definition.File && (definition.Line, definition.Column).CompareTo((place.Line, place.Column)) > 0;
    }

    /// <summary>Whether a function's parameters declare a tag, which nothing outside of them can name then: clang warns of each.</summary>
    internal bool IsHidden(ClangCursor tag)
    {
        hidden ??=
        [
            .. probed.Warnings.Where(warning => warning.Message.EndsWith(IsOfParameters, StringComparison.Ordinal))
                .Select(warning => new ClangPlace(warning.File, warning.Line, warning.Column)),
        ];
        return hidden.Count > 0 && hidden.Contains(unit.PlaceOf(tag));
    }

    /// <summary>Whether a declaration is the compiler's own, in no header.</summary>
    internal bool IsBuiltIn(ClangCursor declaration) => unit.PlaceOf(declaration).File.Length == 0;

    /// <summary>Asks for a declaration that a type names, wherever it stands.</summary>
    internal void Refer(string cName, ClangCursor declaration)
    {
        if (referenced.TryAdd(cName, declaration))
        {
            Waiting.Enqueue(declaration);
        }
    }

    /// <summary>Records that a declaration cannot be held by the model.</summary>
    internal void Fault(ClangCursor cursor, string message)
    {
        ClangPlace place = unit.PlaceOf(cursor);
        Faults.Add(new HeaderFault(place.File, place.Line, place.Column, message));
    }
}
