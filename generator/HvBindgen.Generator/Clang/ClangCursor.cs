using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClangSharp.Interop;

namespace HvBindgen.Generator.Clang;

/// <summary>A node of clang's syntax tree. Valid as long as its translation unit.</summary>
internal readonly unsafe struct ClangCursor(CXCursor handle)
{
    internal CXCursor Handle { get; } = handle;

    internal CXCursorKind Kind => Handle.kind;

    internal string Spelling => ClangString.Take(clang.getCursorSpelling(Handle));

    internal ClangType Type => new(clang.getCursorType(Handle));

    internal bool IsDefinition => clang.isCursorDefinition(Handle) != 0;

    internal ClangCursor Definition => new(clang.getCursorDefinition(Handle));

    internal bool IsNull => clang.Cursor_isNull(Handle) != 0;

    internal bool IsBitField => clang.Cursor_isBitField(Handle) != 0;

    internal int BitWidth => clang.getFieldDeclBitWidth(Handle);

    /// <summary>Distance from the start of the record that declares the field, in bits; negative when clang cannot tell.</summary>
    internal long OffsetOfField => clang.Cursor_getOffsetOfField(Handle);

    internal ClangType TypedefUnderlyingType => new(clang.getTypedefDeclUnderlyingType(Handle));

    internal ClangType EnumIntegerType => new(clang.getEnumDeclIntegerType(Handle));

    internal bool IsMacroFunctionLike => clang.Cursor_isMacroFunctionLike(Handle) != 0;

    /// <summary>Value of an enumerator. The caller knows from the enum's type which of the two readings is right.</summary>
    internal Int128 EnumeratorValue(bool isUnsigned) =>
        isUnsigned ? clang.getEnumConstantDeclUnsignedValue(Handle) : clang.getEnumConstantDeclValue(Handle);

    /// <summary>The value clang computes for a variable's initialiser; null when it is no constant that C can fold.</summary>
    internal ClangValue? Evaluate()
    {
        void* result = clang.Cursor_Evaluate(Handle);
        if (result is null)
        {
            return null;
        }

        try
        {
            return clang.EvalResult_getKind(result) switch
            {
                CXEvalResultKind.CXEval_Int when clang.EvalResult_isUnsignedInt(result) != 0 =>
                    new ClangValue(Integer: clang.EvalResult_getAsUnsigned(result)),
                CXEvalResultKind.CXEval_Int => new ClangValue(Integer: clang.EvalResult_getAsLongLong(result)),
                CXEvalResultKind.CXEval_Float => new ClangValue(Floating: clang.EvalResult_getAsDouble(result)),
                CXEvalResultKind.CXEval_StrLiteral => TextOf(clang.EvalResult_getAsStr(result)),
                _ => null,
            };
        }
        finally
        {
            clang.EvalResult_dispose(result);
        }
    }

    // Until the first zero.
    private static ClangValue TextOf(sbyte* characters)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)characters);
        return new ClangValue(Text: ClangString.FromUtf8OrLatin1(bytes), TextBytes: bytes.Length);
    }

    /// <summary>The node's children in source order; for a translation unit all top-level declarations and, if recorded, macros.</summary>
    internal List<ClangCursor> Children()
    {
        List<ClangCursor> children = [];

        // The callback runs only within this call, so the address of the local stays valid.
        _ = clang.visitChildren(Handle, &CollectChild, Unsafe.AsPointer(ref children));
        return children;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static CXChildVisitResult CollectChild(CXCursor cursor, CXCursor parent, void* list)
    {
        Unsafe.AsRef<List<ClangCursor>>(list).Add(new ClangCursor(cursor));
        return CXChildVisitResult.CXChildVisit_Continue;
    }
}

/// <summary>A constant as clang folded it: a number, or a text with the bytes that it has up to its first zero.</summary>
internal readonly record struct ClangValue(Int128? Integer = null, double? Floating = null, string? Text = null, int TextBytes = 0);
