using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Reads a type as declared: typedef names are kept, every other sugar of clang is dropped.</summary>
internal sealed class TypeReader(ParseScope scope)
{
    /// <summary>Reads the fields of records without a name; set by the record reader, which needs this reader in turn.</summary>
    internal Func<ClangCursor, AbiRecord>? ReadInlineRecord { get; set; }

    // C11, 5.2.4.1, asks compilers for 12 around a type and 63 records in each other.
    private const int MaxDepth = 256;

    private int depth;

    /// <summary>The type in the model's terms.</summary>
    /// <param name="type">clang's type.</param>
    /// <param name="owner">Declaration that a fault is reported at.</param>
    internal AbiType Read(ClangType type, ClangCursor owner)
    {
        if (depth >= MaxDepth)
        {
            scope.Fault(
                owner, $"a type of more than {MaxDepth} pointers, arrays, functions and records around each other is not supported");
            return new AbiPrimitive(PrimitiveKind.Void);
        }

        depth++;
        AbiType read = ReadKind(type, owner);
        depth--;
        return read;
    }

    private AbiType ReadKind(ClangType type, ClangCursor owner) => type.Kind switch
    {
        CXTypeKind.CXType_Typedef => ReadTypedef(type),
        CXTypeKind.CXType_Record => ReadRecord(type),
        CXTypeKind.CXType_Enum => ReadEnum(type),
        CXTypeKind.CXType_Pointer => new AbiPointer(Read(type.Pointee, owner)),
        CXTypeKind.CXType_ConstantArray or CXTypeKind.CXType_Vector => new AbiArray(Read(type.Element, owner), type.ElementCount),
        CXTypeKind.CXType_IncompleteArray => new AbiArray(Read(type.Element, owner), null),
        CXTypeKind.CXType_FunctionProto or CXTypeKind.CXType_FunctionNoProto => ReadFunction(type, owner),
        _ => PrimitiveOf(type.Kind) is { } primitive ? Primitive(primitive, type, owner) : ReadSugar(type, owner),
    };

    /// <summary>The integer type that C computes with, for enums and constants.</summary>
    internal static PrimitiveKind? PrimitiveOf(CXTypeKind kind) => kind switch
    {
        CXTypeKind.CXType_Void => PrimitiveKind.Void,
        CXTypeKind.CXType_Bool => PrimitiveKind.Bool,
        CXTypeKind.CXType_Char_S or CXTypeKind.CXType_Char_U => PrimitiveKind.Char,
        CXTypeKind.CXType_SChar => PrimitiveKind.SChar,
        CXTypeKind.CXType_UChar => PrimitiveKind.UChar,
        CXTypeKind.CXType_Short => PrimitiveKind.Short,
        CXTypeKind.CXType_UShort => PrimitiveKind.UShort,
        CXTypeKind.CXType_Int => PrimitiveKind.Int,
        CXTypeKind.CXType_UInt => PrimitiveKind.UInt,
        CXTypeKind.CXType_Long => PrimitiveKind.Long,
        CXTypeKind.CXType_ULong => PrimitiveKind.ULong,
        CXTypeKind.CXType_LongLong => PrimitiveKind.LongLong,
        CXTypeKind.CXType_ULongLong => PrimitiveKind.ULongLong,
        CXTypeKind.CXType_Int128 => PrimitiveKind.Int128,
        CXTypeKind.CXType_UInt128 => PrimitiveKind.UInt128,
        CXTypeKind.CXType_Float => PrimitiveKind.Float,
        CXTypeKind.CXType_Double => PrimitiveKind.Double,
        CXTypeKind.CXType_LongDouble => PrimitiveKind.LongDouble,
        _ => null,
    };

    private AbiTypedefRef ReadTypedef(ClangType type)
    {
        ClangCursor declaration = type.Declaration;
        string name = declaration.Spelling;

        // The same words can also name a record without a tag, which is a declaration of its own.
        scope.Refer($"typedef {name}", declaration);
        return new AbiTypedefRef(name);
    }

    private AbiType ReadRecord(ClangType type)
    {
        ClangCursor declaration = type.Declaration;
        TagName name = TagName.Of(declaration);
        if (name.IsUnnamed)
        {
            return new AbiInlineRecord(ReadInlineRecord!(declaration));
        }

        scope.Refer(name.CName, declaration);
        return name.HasTag ? new AbiRecordRef(TagName.KindOf(declaration), name.Name) : new AbiTypedefRef(name.Name);
    }

    private AbiType ReadEnum(ClangType type)
    {
        ClangCursor declaration = type.Declaration;
        TagName name = TagName.Of(declaration);
        if (name.IsUnnamed)
        {
            return new AbiPrimitive(PrimitiveOf(declaration.EnumIntegerType.Canonical.Kind) ?? PrimitiveKind.UInt);
        }

        scope.Refer(name.CName, declaration);
        return name.HasTag ? new AbiEnumRef(name.Name) : new AbiTypedefRef(name.Name);
    }

    private AbiFunction ReadFunction(ClangType type, ClangCursor owner)
    {
        AbiType[] parameters = new AbiType[Math.Max(type.ParameterCount, 0)];
        for (int index = 0; index < parameters.Length; index++)
        {
            parameters[index] = Read(type.Parameter(index), owner);
        }

        return new AbiFunction(Read(type.Result, owner), new EquatableArray<AbiType>(parameters), type.IsVariadic);
    }

    // Elaborated (until 21), Attributed, typeof, auto: whatever stands below is what C means. A typedef inside sugar that has
    // no name of its own is found through the declaration.
    private AbiType ReadSugar(ClangType type, ClangCursor owner)
    {
        ClangCursor declaration = type.Declaration;
        if (!declaration.IsNull && declaration.Kind == CXCursorKind.CXCursor_TypedefDecl)
        {
            return ReadTypedef(type);
        }

        ClangType canonical = type.Canonical;
        if (canonical.Kind != type.Kind)
        {
            return Read(canonical, owner);
        }

        scope.Fault(owner, $"type \"{type.Spelling}\" is not supported");
        return new AbiPrimitive(PrimitiveKind.Void);
    }

    private AbiPrimitive Primitive(PrimitiveKind kind, ClangType type, ClangCursor owner)
    {
        if (kind != PrimitiveKind.Void && type.SizeBytes != kind.SizeBytes(scope.Target))
        {
            scope.Fault(
                owner, $"{kind.ToC()} has {type.SizeBytes} bytes here, {kind.SizeBytes(scope.Target)} are known for {scope.Target.Name}");
        }

        return new AbiPrimitive(kind);
    }
}
