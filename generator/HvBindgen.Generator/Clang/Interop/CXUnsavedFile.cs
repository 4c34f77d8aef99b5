namespace ClangSharp.Interop;

/// <summary>A file that exists in memory alone, or hides the one on disk.</summary>
public unsafe partial struct CXUnsavedFile
{
    /// <summary>Path, zero-terminated.</summary>
    public sbyte* Filename;

    /// <summary>Text of the file.</summary>
    public sbyte* Contents;

    /// <summary>Length of the text in bytes.</summary>
    public nuint Length;
}
