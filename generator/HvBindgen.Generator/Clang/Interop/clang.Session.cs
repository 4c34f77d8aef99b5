using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

// Index, translation unit, target and diagnostics.
public static unsafe partial class @clang
{
    /// <summary>Version text of the loaded library.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getClangVersion")]
    public static partial CXString getClangVersion();

    /// <summary>Characters of a string, UTF-8 and zero-terminated; valid until the string is disposed of.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getCString")]
    public static partial sbyte* getCString(CXString @string);

    /// <summary>Frees a string.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_disposeString")]
    public static partial void disposeString(CXString @string);

    /// <summary>Opens an index, the owner of translation units.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_createIndex")]
    public static partial void* createIndex(int excludeDeclarationsFromPCH, int displayDiagnostics);

    /// <summary>Closes an index.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_disposeIndex")]
    public static partial void disposeIndex(void* index);

    /// <summary>Parses one source file. Success says nothing about errors in the source: read the diagnostics.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_parseTranslationUnit2")]
    public static partial CXErrorCode parseTranslationUnit2(
        void* CIdx,
        sbyte* source_filename,
        sbyte** command_line_args,
        int num_command_line_args,
        CXUnsavedFile* unsaved_files,
        uint num_unsaved_files,
        uint options,
        CXTranslationUnitImpl** out_TU);

    /// <summary>Closes a translation unit; every cursor and type of it ends with it.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_disposeTranslationUnit")]
    public static partial void disposeTranslationUnit(CXTranslationUnitImpl* param0);

    /// <summary>Root cursor.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getTranslationUnitCursor")]
    public static partial CXCursor getTranslationUnitCursor(CXTranslationUnitImpl* param0);

    /// <summary>Target that the translation unit was parsed for.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getTranslationUnitTargetInfo")]
    public static partial CXTargetInfoImpl* getTranslationUnitTargetInfo(CXTranslationUnitImpl* CTUnit);

    /// <summary>Frees a target description.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_TargetInfo_dispose")]
    public static partial void TargetInfo_dispose(CXTargetInfoImpl* Info);

    /// <summary>Width of a pointer in bits, or -1.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_TargetInfo_getPointerWidth")]
    public static partial int TargetInfo_getPointerWidth(CXTargetInfoImpl* Info);

    /// <summary>Calls the visitor once for every included file.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getInclusions")]
    public static partial void getInclusions(
        CXTranslationUnitImpl* tu,
        delegate* unmanaged[Cdecl]<void*, CXSourceLocation*, uint, void*, void> visitor,
        void* client_data);

    /// <summary>Number of diagnostics.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getNumDiagnostics")]
    public static partial uint getNumDiagnostics(CXTranslationUnitImpl* Unit);

    /// <summary>One diagnostic, to be disposed of.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getDiagnostic")]
    public static partial void* getDiagnostic(CXTranslationUnitImpl* Unit, uint Index);

    /// <summary>Frees a diagnostic.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_disposeDiagnostic")]
    public static partial void disposeDiagnostic(void* Diagnostic);

    /// <summary>Severity of a diagnostic.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getDiagnosticSeverity")]
    public static partial CXDiagnosticSeverity getDiagnosticSeverity(void* param0);

    /// <summary>Place that a diagnostic speaks of.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getDiagnosticLocation")]
    public static partial CXSourceLocation getDiagnosticLocation(void* param0);

    /// <summary>Text of a diagnostic without place and severity.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getDiagnosticSpelling")]
    public static partial CXString getDiagnosticSpelling(void* param0);
}
