namespace ClangSharp.Interop;

/// <summary>A string that libclang owns until it is disposed of.</summary>
public unsafe partial struct CXString
{
    /// <summary>For libclang alone.</summary>
    public void* data;

    /// <summary>For libclang alone.</summary>
    public uint private_flags;
}
