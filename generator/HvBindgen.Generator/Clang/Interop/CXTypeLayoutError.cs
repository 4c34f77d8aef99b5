namespace ClangSharp.Interop;

/// <summary>Negative results of size, alignment and offset queries.</summary>
public enum CXTypeLayoutError
{
    /// <summary>No such type or record.</summary>
    CXTypeLayoutError_Invalid = -1,

    /// <summary>The type is incomplete.</summary>
    CXTypeLayoutError_Incomplete = -2,

    /// <summary>The type depends on a template.</summary>
    CXTypeLayoutError_Dependent = -3,

    /// <summary>The size is not constant.</summary>
    CXTypeLayoutError_NotConstantSize = -4,

    /// <summary>No such field.</summary>
    CXTypeLayoutError_InvalidFieldName = -5,

    /// <summary>The type is not deduced yet.</summary>
    CXTypeLayoutError_Undeduced = -6,
}
