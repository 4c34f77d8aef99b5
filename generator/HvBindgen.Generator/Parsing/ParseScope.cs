using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>What the readers of one parse share: places, faults, and the declarations that others refer to.</summary>
internal sealed class ParseScope(TranslationUnit unit, HeaderFiles files, TargetInfo target, DerivationReader derivations)
{
    private readonly Dictionary<string, ClangCursor> referenced = new(StringComparer.Ordinal);

    internal TargetInfo Target { get; } = target;

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
