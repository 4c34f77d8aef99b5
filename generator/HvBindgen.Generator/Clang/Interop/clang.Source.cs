using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

// Files and places.
public static unsafe partial class @clang
{
    /// <summary>Path of a file as clang opened it.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getFileName")]
    public static partial CXString getFileName(void* SFile);

    /// <summary>Place where the outermost macro is used.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getExpansionLocation")]
    public static partial void getExpansionLocation(CXSourceLocation location, void** file, uint* line, uint* column, uint* offset);
}
