namespace ClangSharp.Interop;

/// <summary>A type with its qualifiers; valid as long as its translation unit.</summary>
public partial struct CXType
{
    /// <summary>Kind of the type.</summary>
    public CXTypeKind kind;

    /// <summary>For libclang alone.</summary>
    public _data_e__FixedBuffer data;

    /// <summary>Two pointers.</summary>
    public unsafe partial struct _data_e__FixedBuffer
    {
        /// <summary>First pointer.</summary>
        public void* e0;

        /// <summary>Second pointer.</summary>
        public void* e1;
    }
}
