namespace ClangSharp.Interop;

/// <summary>A stretch of text in a translation unit.</summary>
public partial struct CXSourceRange
{
    /// <summary>For libclang alone.</summary>
    public _ptr_data_e__FixedBuffer ptr_data;

    /// <summary>For libclang alone.</summary>
    public uint begin_int_data;

    /// <summary>For libclang alone.</summary>
    public uint end_int_data;

    /// <summary>Two pointers.</summary>
    public unsafe partial struct _ptr_data_e__FixedBuffer
    {
        /// <summary>First pointer.</summary>
        public void* e0;

        /// <summary>Second pointer.</summary>
        public void* e1;
    }
}
