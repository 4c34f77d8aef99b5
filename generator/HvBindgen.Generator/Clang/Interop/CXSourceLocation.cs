namespace ClangSharp.Interop;

/// <summary>A place in a translation unit.</summary>
public partial struct CXSourceLocation
{
    /// <summary>For libclang alone.</summary>
    public _ptr_data_e__FixedBuffer ptr_data;

    /// <summary>For libclang alone.</summary>
    public uint int_data;

    /// <summary>Two pointers.</summary>
    public unsafe partial struct _ptr_data_e__FixedBuffer
    {
        /// <summary>First pointer.</summary>
        public void* e0;

        /// <summary>Second pointer.</summary>
        public void* e1;
    }
}
