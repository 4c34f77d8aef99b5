using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClangSharp.Interop;

namespace HvBindgen.Generator.Clang;

/// <summary>A type in clang's syntax tree. Valid as long as its translation unit.</summary>
internal readonly unsafe struct ClangType(CXType handle)
{
    private readonly CXType handle = handle;

    internal CXTypeKind Kind => handle.kind;

    internal string Spelling => ClangString.Take(clang.getTypeSpelling(handle));

    /// <summary>One number for each type of the translation units that there are, and each set of qualifiers of it.</summary>
    /// <remarks>What <c>clang_equalTypes</c> compares. To spell a type takes clang much longer.</remarks>
    internal (nint, nint) Identity => ((nint)handle.data.e0, (nint)handle.data.e1);

    internal ClangType Canonical => new(clang.getCanonicalType(handle));

    internal ClangCursor Declaration => new(clang.getTypeDeclaration(handle));

    internal ClangType Pointee => new(clang.getPointeeType(handle));

    internal ClangType Element => new(clang.getArrayElementType(handle));

    internal long ElementCount => clang.getArraySize(handle);

    internal ClangType Result => new(clang.getResultType(handle));

    internal int ParameterCount => clang.getNumArgTypes(handle);

    internal CXCallingConv Convention => clang.getFunctionTypeCallingConv(handle);

    /// <summary>What an atomic type holds.</summary>
    internal ClangType AtomicValue => new(clang.Type_getValueType(handle));

    /// <summary>What a vector is made of.</summary>
    internal ClangType VectorElement => new(clang.getElementType(handle));

    internal long VectorCount => clang.getNumElements(handle);

    internal bool IsConst => clang.isConstQualifiedType(handle) != 0;

    internal bool IsVolatile => clang.isVolatileQualifiedType(handle) != 0;

    internal bool IsRestrict => clang.isRestrictQualifiedType(handle) != 0;

    internal bool IsVariadic => clang.isFunctionTypeVariadic(handle) != 0;

    /// <summary>What <c>sizeof</c> gives; negative when the type has no size.</summary>
    internal long SizeBytes => clang.Type_getSizeOf(handle);

    /// <summary>What <c>_Alignof</c> gives; negative when the type has none.</summary>
    internal long AlignBytes => clang.Type_getAlignOf(handle);

    internal ClangType Parameter(int index) => new(clang.getArgType(handle, (uint)index));

    /// <summary>The fields of a record, unnamed ones of anonymous members included.</summary>
    internal List<ClangCursor> Fields()
    {
        List<ClangCursor> fields = [];

        // The callback runs only within this call, so the address of the local stays valid.
        _ = clang.Type_visitFields(handle, &CollectField, Unsafe.AsPointer(ref fields));
        return fields;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static CXVisitorResult CollectField(CXCursor cursor, void* list)
    {
        Unsafe.AsRef<List<ClangCursor>>(list).Add(new ClangCursor(cursor));
        return CXVisitorResult.CXVisit_Continue;
    }
}
