using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ClangSharp.Interop;

namespace HvBindgen.Generator.Clang;

/// <summary>One parse by clang of a text held in memory, and what clang said of it.</summary>
internal sealed unsafe class TranslationUnit : IDisposable
{
    // CXTranslationUnit_KeepGoing: go on after a missing header, so that one run names all that is wrong.
    private const CXTranslationUnit_Flags Options =
        CXTranslationUnit_Flags.CXTranslationUnit_DetailedPreprocessingRecord
        | CXTranslationUnit_Flags.CXTranslationUnit_SkipFunctionBodies
        | CXTranslationUnit_Flags.CXTranslationUnit_KeepGoing;

    private readonly Dictionary<nint, string> fileNames = [];
    private void* index;
    private CXTranslationUnitImpl* unit;

    private TranslationUnit(void* index, CXTranslationUnitImpl* unit)
    {
        this.index = index;
        this.unit = unit;
    }

    /// <summary>The tree's root.</summary>
    internal ClangCursor Root => new(clang.getTranslationUnitCursor(unit));

    /// <summary>Parses a text as C.</summary>
    /// <param name="fileName">Name under which clang knows the text; no such file need exist.</param>
    /// <param name="text">The C source.</param>
    /// <param name="arguments">clang's command line without the file.</param>
    /// <returns>The unit, or null when clang gave up without one; diagnostics are the caller's to look at.</returns>
    internal static TranslationUnit? Parse(string fileName, string text, IReadOnlyList<string> arguments)
    {
        List<nint> strings = [];
        void* index = clang.createIndex(0, 0);
        CXTranslationUnitImpl* unit = null;
        try
        {
            sbyte* Native(string value)
            {
                nint copy = Marshal.StringToCoTaskMemUTF8(value);
                strings.Add(copy);
                return (sbyte*)copy;
            }

            sbyte* name = Native(fileName);
            CXUnsavedFile file = new() { Filename = name, Contents = Native(text), Length = (nuint)Encoding.UTF8.GetByteCount(text) };
            sbyte** argumentPointers = stackalloc sbyte*[arguments.Count];
            for (int position = 0; position < arguments.Count; position++)
            {
                argumentPointers[position] = Native(arguments[position]);
            }

            CXErrorCode code = clang.parseTranslationUnit2(index, name, argumentPointers, arguments.Count, &file, 1, (uint)Options, &unit);
            if (code != CXErrorCode.CXError_Success || unit is null)
            {
                return null;
            }

            TranslationUnit result = new(index, unit);
            index = null;
            return result;
        }
        finally
        {
            strings.ForEach(Marshal.FreeCoTaskMem);
            if (index is not null)
            {
                clang.disposeIndex(index);
            }
        }
    }

    /// <summary>Pointer width of the target that clang really compiles for, in bits.</summary>
    internal int PointerWidthBits
    {
        get
        {
            CXTargetInfoImpl* info = clang.getTranslationUnitTargetInfo(unit);
            int width = clang.TargetInfo_getPointerWidth(info);
            clang.TargetInfo_dispose(info);
            return width;
        }
    }

    /// <summary>What clang has to say, in its own words and order.</summary>
    internal List<ClangDiagnostic> Diagnostics()
    {
        uint count = clang.getNumDiagnostics(unit);
        List<ClangDiagnostic> diagnostics = new((int)count);
        for (uint position = 0; position < count; position++)
        {
            diagnostics.Add(DiagnosticAt(position));
        }

        return diagnostics;
    }

    /// <summary>Every file that was included, once each.</summary>
    internal List<string> IncludedFiles()
    {
        HashSet<nint> files = [];

        // The callback runs only within this call, so the address of the local stays valid.
        clang.getInclusions(unit, &CollectInclusion, Unsafe.AsPointer(ref files));
        return [.. files.Select(file => ClangString.Take(clang.getFileName((void*)file)))];
    }

    // The file that is parsed itself is visited with an empty stack of includers.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CollectInclusion(void* file, CXSourceLocation* stack, uint stackDepth, void* files)
    {
        if (stackDepth > 0)
        {
            Unsafe.AsRef<HashSet<nint>>(files).Add((nint)file);
        }
    }

    /// <summary>Where a node stands: the place in the file, for a macro's expansion the place where it is expanded.</summary>
    internal ClangPlace PlaceOf(ClangCursor cursor) => PlaceOf(clang.getCursorLocation(cursor.Handle));

    private ClangDiagnostic DiagnosticAt(uint position)
    {
        void* diagnostic = clang.getDiagnostic(unit, position);
        try
        {
            return new ClangDiagnostic(
                clang.getDiagnosticSeverity(diagnostic),
                ClangString.Take(clang.getDiagnosticSpelling(diagnostic)),
                PlaceOf(clang.getDiagnosticLocation(diagnostic)));
        }
        finally
        {
            clang.disposeDiagnostic(diagnostic);
        }
    }

    private ClangPlace PlaceOf(CXSourceLocation location)
    {
        void* file;
        uint line;
        uint column;
        clang.getExpansionLocation(location, &file, &line, &column, null);
        if (file is null)
        {
            return new ClangPlace("", (int)line, (int)column);
        }

        if (!fileNames.TryGetValue((nint)file, out string? name))
        {
            name = ClangString.Take(clang.getFileName(file));
            fileNames.Add((nint)file, name);
        }

        return new ClangPlace(name, (int)line, (int)column);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (LibClangLocator.KeepsUntilExit)
        {
            return;
        }

        if (unit is not null)
        {
            clang.disposeTranslationUnit(unit);
            unit = null;
        }

        if (index is not null)
        {
            clang.disposeIndex(index);
            index = null;
        }
    }
}

/// <summary>A place in a file, as clang names the file.</summary>
internal readonly record struct ClangPlace(string File, int Line, int Column);

/// <summary>One message of clang.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">clang's own words.</param>
/// <param name="Place">Where, with macros expanded.</param>
internal sealed record ClangDiagnostic(CXDiagnosticSeverity Severity, string Message, ClangPlace Place)
{
    internal bool IsError => Severity >= CXDiagnosticSeverity.CXDiagnostic_Error;

    internal bool IsWarning => Severity == CXDiagnosticSeverity.CXDiagnostic_Warning;
}
