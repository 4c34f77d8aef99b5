using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

// Files, places and tokens.
public static unsafe partial class @clang
{
    /// <summary>Path of a file as clang opened it.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getFileName")]
    public static partial CXString getFileName(void* SFile);

    /// <summary>Place where the outermost macro is used.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getExpansionLocation")]
    public static partial void getExpansionLocation(CXSourceLocation location, void** file, uint* line, uint* column, uint* offset);

    /// <summary>Place where the characters stand.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getSpellingLocation")]
    public static partial void getSpellingLocation(CXSourceLocation location, void** file, uint* line, uint* column, uint* offset);

    /// <summary>Place in a file, for macro arguments the argument itself.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getFileLocation")]
    public static partial void getFileLocation(CXSourceLocation location, void** file, uint* line, uint* column, uint* offset);

    /// <summary>Start of a range.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getRangeStart")]
    public static partial CXSourceLocation getRangeStart(CXSourceRange range);

    /// <summary>End of a range.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getRangeEnd")]
    public static partial CXSourceLocation getRangeEnd(CXSourceRange range);

    /// <summary>Splits a range into raw tokens, to be disposed of together.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_tokenize")]
    public static partial void tokenize(CXTranslationUnitImpl* TU, CXSourceRange Range, CXToken** Tokens, uint* NumTokens);

    /// <summary>Frees the tokens of one tokenize call.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_disposeTokens")]
    public static partial void disposeTokens(CXTranslationUnitImpl* TU, CXToken* Tokens, uint NumTokens);

    /// <summary>Kind of a token.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getTokenKind")]
    public static partial CXTokenKind getTokenKind(CXToken param0);

    /// <summary>Text of a token.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getTokenSpelling")]
    public static partial CXString getTokenSpelling(CXTranslationUnitImpl* param0, CXToken param1);

    /// <summary>Place of a token.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getTokenLocation")]
    public static partial CXSourceLocation getTokenLocation(CXTranslationUnitImpl* param0, CXToken param1);
}
