namespace ClangSharp.Interop;

/// <summary>Kind of a type: those that C headers can have.</summary>
public enum CXTypeKind
{
    /// <summary>No type.</summary>
    CXType_Invalid = 0,

    /// <summary>A type that libclang has no kind for.</summary>
    CXType_Unexposed = 1,

    /// <summary>void.</summary>
    CXType_Void = 2,

    /// <summary>_Bool.</summary>
    CXType_Bool = 3,

    /// <summary>char where it is unsigned.</summary>
    CXType_Char_U = 4,

    /// <summary>unsigned char.</summary>
    CXType_UChar = 5,

    /// <summary>char16_t.</summary>
    CXType_Char16 = 6,

    /// <summary>char32_t.</summary>
    CXType_Char32 = 7,

    /// <summary>unsigned short.</summary>
    CXType_UShort = 8,

    /// <summary>unsigned int.</summary>
    CXType_UInt = 9,

    /// <summary>unsigned long.</summary>
    CXType_ULong = 10,

    /// <summary>unsigned long long.</summary>
    CXType_ULongLong = 11,

    /// <summary>unsigned __int128.</summary>
    CXType_UInt128 = 12,

    /// <summary>char where it is signed.</summary>
    CXType_Char_S = 13,

    /// <summary>signed char.</summary>
    CXType_SChar = 14,

    /// <summary>wchar_t.</summary>
    CXType_WChar = 15,

    /// <summary>short.</summary>
    CXType_Short = 16,

    /// <summary>int.</summary>
    CXType_Int = 17,

    /// <summary>long.</summary>
    CXType_Long = 18,

    /// <summary>long long.</summary>
    CXType_LongLong = 19,

    /// <summary>__int128.</summary>
    CXType_Int128 = 20,

    /// <summary>float.</summary>
    CXType_Float = 21,

    /// <summary>double.</summary>
    CXType_Double = 22,

    /// <summary>long double.</summary>
    CXType_LongDouble = 23,

    /// <summary>nullptr_t.</summary>
    CXType_NullPtr = 24,

    /// <summary>__float128.</summary>
    CXType_Float128 = 30,

    /// <summary>Half of OpenCL.</summary>
    CXType_Half = 31,

    /// <summary>_Float16.</summary>
    CXType_Float16 = 32,

    /// <summary>__bf16.</summary>
    CXType_BFloat16 = 39,

    /// <summary>__ibm128.</summary>
    CXType_Ibm128 = 40,

    /// <summary>Complex number.</summary>
    CXType_Complex = 100,

    /// <summary>Pointer.</summary>
    CXType_Pointer = 101,

    /// <summary>Block pointer.</summary>
    CXType_BlockPointer = 102,

    /// <summary>Struct or union.</summary>
    CXType_Record = 105,

    /// <summary>Enum.</summary>
    CXType_Enum = 106,

    /// <summary>Typedef.</summary>
    CXType_Typedef = 107,

    /// <summary>Function without parameter list.</summary>
    CXType_FunctionNoProto = 110,

    /// <summary>Function with parameter list.</summary>
    CXType_FunctionProto = 111,

    /// <summary>Array of known length.</summary>
    CXType_ConstantArray = 112,

    /// <summary>Vector.</summary>
    CXType_Vector = 113,

    /// <summary>Array of unknown length.</summary>
    CXType_IncompleteArray = 114,

    /// <summary>Array whose length is not constant.</summary>
    CXType_VariableArray = 115,

    /// <summary>Deduced type.</summary>
    CXType_Auto = 118,

    /// <summary>Type spelled with struct, union or enum, and before libclang 22 other sugar.</summary>
    CXType_Elaborated = 119,

    /// <summary>Type with an attribute.</summary>
    CXType_Attributed = 163,

    /// <summary>OpenCL vector.</summary>
    CXType_ExtVector = 176,

    /// <summary>_Atomic.</summary>
    CXType_Atomic = 177,

    /// <summary>Type with a BTF tag.</summary>
    CXType_BTFTagAttributed = 178,
}
