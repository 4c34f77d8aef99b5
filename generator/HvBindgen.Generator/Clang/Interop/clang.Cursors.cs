using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

// Declarations and preprocessor entities.
public static unsafe partial class @clang
{
    /// <summary>Calls the visitor for each child (cursor, parent, client data); non-zero when it broke off.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_visitChildren")]
    public static partial uint visitChildren(
        CXCursor parent,
        delegate* unmanaged[Cdecl]<CXCursor, CXCursor, void*, CXChildVisitResult> visitor,
        void* client_data);

    /// <summary>Non-zero for the null cursor.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Cursor_isNull")]
    public static partial int Cursor_isNull(CXCursor cursor);

    /// <summary>Name; from libclang 16 on not empty for unnamed tags.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getCursorSpelling")]
    public static partial CXString getCursorSpelling(CXCursor param0);

    /// <summary>Type of an entity.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getCursorType")]
    public static partial CXType getCursorType(CXCursor C);

    /// <summary>Place of the name.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getCursorLocation")]
    public static partial CXSourceLocation getCursorLocation(CXCursor param0);

    /// <summary>Declaration of a type, or a cursor of kind NoDeclFound.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getTypeDeclaration")]
    public static partial CXCursor getTypeDeclaration(CXType T);

    /// <summary>Definition of an entity in this translation unit, or the null cursor.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getCursorDefinition")]
    public static partial CXCursor getCursorDefinition(CXCursor param0);

    /// <summary>Non-zero when the cursor is a definition.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_isCursorDefinition")]
    public static partial uint isCursorDefinition(CXCursor param0);

    /// <summary>Non-zero for a bit-field.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Cursor_isBitField")]
    public static partial uint Cursor_isBitField(CXCursor C);

    /// <summary>Width of a bit-field in bits, or -1.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getFieldDeclBitWidth")]
    public static partial int getFieldDeclBitWidth(CXCursor C);

    /// <summary>Distance from the start of the record in bits, or a negative number where there is none.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Cursor_getOffsetOfField")]
    public static partial long Cursor_getOffsetOfField(CXCursor C);

    /// <summary>Type that a typedef names.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getTypedefDeclUnderlyingType")]
    public static partial CXType getTypedefDeclUnderlyingType(CXCursor C);

    /// <summary>Integer type of an enum.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getEnumDeclIntegerType")]
    public static partial CXType getEnumDeclIntegerType(CXCursor C);

    /// <summary>Enumerator value, sign-extended.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getEnumConstantDeclValue")]
    public static partial long getEnumConstantDeclValue(CXCursor C);

    /// <summary>Enumerator value, zero-extended.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_getEnumConstantDeclUnsignedValue")]
    public static partial ulong getEnumConstantDeclUnsignedValue(CXCursor C);

    /// <summary>Non-zero for a macro with parameters.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Cursor_isMacroFunctionLike")]
    public static partial uint Cursor_isMacroFunctionLike(CXCursor C);
}
