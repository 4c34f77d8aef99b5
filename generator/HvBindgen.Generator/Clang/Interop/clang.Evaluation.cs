using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

// Constant expressions.
public static unsafe partial class @clang
{
    /// <summary>Value of a variable's initialiser or of an expression; null when it is not constant.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_Cursor_Evaluate")]
    public static partial void* Cursor_Evaluate(CXCursor C);

    /// <summary>Kind of a value.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_EvalResult_getKind")]
    public static partial CXEvalResultKind EvalResult_getKind(void* E);

    /// <summary>Integer value as signed.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_EvalResult_getAsLongLong")]
    public static partial long EvalResult_getAsLongLong(void* E);

    /// <summary>Non-zero when the integer value is of an unsigned type.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_EvalResult_isUnsignedInt")]
    public static partial uint EvalResult_isUnsignedInt(void* E);

    /// <summary>Integer value as unsigned.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_EvalResult_getAsUnsigned")]
    public static partial ulong EvalResult_getAsUnsigned(void* E);

    /// <summary>Floating value.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_EvalResult_getAsDouble")]
    public static partial double EvalResult_getAsDouble(void* E);

    /// <summary>String value, zero-terminated; valid until the value is disposed of.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_EvalResult_getAsStr")]
    public static partial sbyte* EvalResult_getAsStr(void* E);

    /// <summary>Frees a value.</summary>
    [LibraryImport("libclang", EntryPoint = "clang_EvalResult_dispose")]
    public static partial void EvalResult_dispose(void* E);
}
