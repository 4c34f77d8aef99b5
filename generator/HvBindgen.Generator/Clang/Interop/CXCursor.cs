namespace ClangSharp.Interop;

/// <summary>A node of the syntax tree; valid as long as its translation unit.</summary>
public partial struct CXCursor
{
    /// <summary>Kind of the node.</summary>
    public CXCursorKind kind;

    /// <summary>For libclang alone.</summary>
    public int xdata;

    /// <summary>For libclang alone.</summary>
    public _data_e__FixedBuffer data;

    /// <summary>Three pointers.</summary>
    public unsafe partial struct _data_e__FixedBuffer
    {
        /// <summary>First pointer.</summary>
        public void* e0;

        /// <summary>Second pointer.</summary>
        public void* e1;

        /// <summary>Third pointer.</summary>
        public void* e2;
    }
}
