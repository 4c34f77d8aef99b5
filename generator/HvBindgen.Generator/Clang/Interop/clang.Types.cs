using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

// Types and their layout.
public static unsafe partial class @clang
{
    /// <summary>Type as C text.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getTypeSpelling")]
    public static partial CXString getTypeSpelling(CXType CT);

    /// <summary>Type without typedefs and other sugar.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getCanonicalType")]
    public static partial CXType getCanonicalType(CXType T);

    /// <summary>What a pointer points to.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getPointeeType")]
    public static partial CXType getPointeeType(CXType T);

    /// <summary>Result of a function type.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getResultType")]
    public static partial CXType getResultType(CXType T);

    /// <summary>Number of parameters of a function type, or -1.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getNumArgTypes")]
    public static partial int getNumArgTypes(CXType T);

    /// <summary>One parameter of a function type.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getArgType")]
    public static partial CXType getArgType(CXType T, uint i);

    /// <summary>Non-zero for a function type that ends in an ellipsis.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_isFunctionTypeVariadic")]
    public static partial uint isFunctionTypeVariadic(CXType T);

    /// <summary>Calling convention of a function type.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getFunctionTypeCallingConv")]
    public static partial CXCallingConv getFunctionTypeCallingConv(CXType T);

    /// <summary>Non-zero for a type that is itself <c>const</c>.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_isConstQualifiedType")]
    public static partial uint isConstQualifiedType(CXType T);

    /// <summary>Non-zero for a type that is itself <c>volatile</c>.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_isVolatileQualifiedType")]
    public static partial uint isVolatileQualifiedType(CXType T);

    /// <summary>Non-zero for a type that is itself <c>restrict</c>.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_isRestrictQualifiedType")]
    public static partial uint isRestrictQualifiedType(CXType T);

    /// <summary>What an atomic type holds.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Type_getValueType")]
    public static partial CXType Type_getValueType(CXType CT);

    /// <summary>Element type of an array, a vector or a complex number.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getElementType")]
    public static partial CXType getElementType(CXType T);

    /// <summary>Number of elements of an array or a vector, or -1.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getNumElements")]
    public static partial long getNumElements(CXType T);

    /// <summary>Element type of an array.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getArrayElementType")]
    public static partial CXType getArrayElementType(CXType T);

    /// <summary>Number of elements of a constant array, or -1.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getArraySize")]
    public static partial long getArraySize(CXType T);

    /// <summary>Size in bytes, or a negative number where there is none.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Type_getSizeOf")]
    public static partial long Type_getSizeOf(CXType T);

    /// <summary>Alignment in bytes, or a negative number where there is none.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Type_getAlignOf")]
    public static partial long Type_getAlignOf(CXType T);

    /// <summary>Calls the visitor for each field of a record; non-zero when it broke off.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Type_visitFields")]
    public static partial uint Type_visitFields(
        CXType T,
        delegate* unmanaged[Cdecl]<CXCursor, void*, CXVisitorResult> visitor,
        void* client_data);
}
