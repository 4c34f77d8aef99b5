namespace ClangSharp.Interop;

/// <summary>A raw token; valid until the tokens of its tokenize call are disposed of.</summary>
public unsafe partial struct CXToken
{
    /// <summary>For libclang alone.</summary>
    public fixed uint int_data[4];

    /// <summary>For libclang alone.</summary>
    public void* ptr_data;
}
