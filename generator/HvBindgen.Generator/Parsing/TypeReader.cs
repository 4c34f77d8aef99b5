using System.Globalization;
using ClangSharp.Interop;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Reads a type as declared: typedef names are kept, every other sugar of clang is dropped.</summary>
internal sealed class TypeReader(ParseScope scope)
{
    /// <summary>Reads the fields of records without a name; set by the record reader, which needs this reader in turn.</summary>
    internal Func<ClangCursor, AbiRecord>? ReadInlineRecord { get; set; }

    private const string VaList = "__builtin_va_list";

    // C11, 5.2.4.1, asks compilers for 12 around a type and 63 records in each other.
    private const int MaxDepth = 256;

    private int depth;

    // A record behind a pointer may be left out: nothing needs its size.
    private bool isPointedTo;

    private NamelessRecords? nameless;

    // What stands in the parameters and the result of a function is passed, not laid out.
    private int functions;

    // Only what a member is declared with is laid out in its record.
    private int members;

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
        isPointedTo = false;
        depth--;
        return read;
    }

    /// <summary>The type of a member, which defines in its record what has no name.</summary>
    /// <param name="type">clang's type.</param>
    /// <param name="member">The member.</param>
    internal AbiType ReadMember(ClangType type, ClangCursor member)
    {
        members++;
        AbiType read = Read(type, member);
        members--;
        return read;
    }

    private AbiType ReadKind(ClangType type, ClangCursor owner) => type.Kind switch
    {
        CXTypeKind.CXType_Typedef => ReadTypedef(type, owner),
        CXTypeKind.CXType_Record => ReadRecord(type),
        CXTypeKind.CXType_Enum => ReadEnum(type),
        CXTypeKind.CXType_Pointer => PointerTo(type.Pointee, owner),
        CXTypeKind.CXType_ConstantArray => new AbiArray(Read(type.Element, owner), type.ElementCount),
        CXTypeKind.CXType_IncompleteArray or CXTypeKind.CXType_VariableArray => new AbiArray(Read(type.Element, owner), null),
        CXTypeKind.CXType_Atomic => ReadAtomic(type, owner),
        CXTypeKind.CXType_FunctionProto or CXTypeKind.CXType_FunctionNoProto => ReadFunction(type, owner),
        _ => PrimitiveOf(type.Kind) is { } primitive ? Primitive(primitive, type, owner) : ReadSugar(type, owner),
    };

    /// <summary>The integer type as wide as a <c>_BitInt</c>, for a bit-field of one.</summary>
    internal static PrimitiveKind IntegerLike(ClangType type)
    {
        bool isUnsigned = type.Spelling.StartsWith("unsigned", StringComparison.Ordinal);
        return type.SizeBytes > sizeof(long) ? isUnsigned ? PrimitiveKind.UInt128 : PrimitiveKind.Int128
            : isUnsigned ? PrimitiveKind.ULongLong
            : PrimitiveKind.LongLong;
    }

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

    /// <summary>The integer type that clang chose for an enum.</summary>
    internal PrimitiveKind UnderlyingOf(ClangCursor @enum)
    {
        ClangType type = @enum.EnumIntegerType.Canonical;
        if (PrimitiveOf(type.Kind) is { } kind)
        {
            return kind;
        }

        if (type.Kind == CXTypeKind.CXType_Invalid)
        {
            return PrimitiveKind.UInt; // declared and not defined: only pointers to it are of use
        }

        scope.Fault(@enum, $"an enum of type \"{type.Spelling}\" is not supported");
        return PrimitiveKind.Int;
    }

    private AbiType ReadTypedef(ClangType type, ClangCursor owner)
    {
        ClangCursor declaration = type.Declaration;
        string name = declaration.Spelling;
        if (scope.IsBuiltIn(declaration))
        {
            // In no header: what the compiler itself calls so. Only of va_list is the name all that C promises.
            return name == VaList ? new AbiOpaque(name, type.SizeBytes) : Read(declaration.TypedefUnderlyingType, owner);
        }

        if (scope.IsBlocked(name) || (members > 0 && functions == 0 && IsNameless(declaration.TypedefUnderlyingType)))
        {
            return Read(declaration.TypedefUnderlyingType, owner);
        }

        // The same words can also name a record without a tag, which is a declaration of its own.
        scope.Refer($"typedef {name}", declaration);
        return new AbiTypedefRef(name);
    }

    // typedef struct { int a; } pair[2]; typedef const struct { int a; } fixed; the record has no name, so each member of that type has
    // its own, as if it were defined there. What only points to one needs none.
    private bool IsNameless(ClangType type)
    {
        ClangType element = type.Canonical;
        bool isArray = IsArray(element.Kind);
        while (IsArray(element.Kind))
        {
            element = element.Element.Canonical;
        }

        return (isArray || !isPointedTo) && element.Kind == CXTypeKind.CXType_Record && TagName.Of(element.Declaration).IsUnnamed;
    }

    private AbiType ReadRecord(ClangType type)
    {
        ClangCursor declaration = type.Declaration;
        TagName name = TagName.Of(declaration);
        if (scope.IsBuiltIn(declaration))
        {
            return new AbiOpaque("", Math.Max(type.SizeBytes, 0));
        }

        // A record that only a function's parameter has can be named by nobody, and so never be passed.
        if (functions > 0 && (name.IsUnnamed || scope.IsHidden(declaration)))
        {
            return Nameless(type);
        }

        if (name.IsUnnamed)
        {
            return new AbiInlineRecord(ReadInlineRecord!(declaration));
        }

        if (scope.IsBlocked(name.Name) && !isPointedTo && type.SizeBytes > 0)
        {
            // It is left out, and takes its place all the same.
            return new AbiOpaque(name.CName, type.SizeBytes);
        }

        scope.Refer(name.CName, declaration);
        return name.HasTag ? new AbiRecordRef(TagName.KindOf(declaration), name.Name) : new AbiTypedefRef(name.Name);
    }

    /// <summary>A record that no program can name: of it there are its bytes, and what they are.</summary>
    internal AbiOpaque Nameless(ClangType record)
    {
        // Records in it are as nameless as one in a function's parameters.
        functions++;
        string meaning = (nameless ??= new NamelessRecords(Read)).Describe(record);
        functions--;
        return new AbiOpaque("", Math.Max(record.SizeBytes, 0)) { Meaning = meaning };
    }

    private AbiType ReadEnum(ClangType type)
    {
        ClangCursor declaration = type.Declaration;
        TagName name = TagName.Of(declaration);
        if (functions > 0 && !name.IsUnnamed && scope.IsHidden(declaration))
        {
            return new AbiOpaque("", Math.Max(type.SizeBytes, 0));
        }

        if (name.IsUnnamed || scope.IsBlocked(name.Name))
        {
            return new AbiPrimitive(UnderlyingOf(declaration));
        }

        scope.Refer(name.CName, declaration);
        return name.HasTag ? new AbiEnumRef(name.Name) : new AbiTypedefRef(name.Name);
    }

    private AbiPointer PointerTo(ClangType target, ClangCursor owner) => PointerTo(target, target, owner);

    // What qualifies the target may stand outside of it: on the array whose element it is, or on that array's name.
    private AbiPointer PointerTo(ClangType target, ClangType qualified, ClangCursor owner)
    {
        isPointedTo = target.Canonical.Kind is CXTypeKind.CXType_Record or CXTypeKind.CXType_Atomic;
        return new AbiPointer(Read(target, owner)) { TargetQualifiers = functions > 0 ? QualifiersOf(qualified) : TypeQualifiers.None };
    }

    // Of an array and its elements together: C means the elements, clang keeps it with the array.
    private static TypeQualifiers QualifiersOf(ClangType type)
    {
        ClangType canonical = type.Canonical;
        TypeQualifiers qualifiers = TypeQualifiers.None;
        while (true)
        {
            qualifiers |= (canonical.IsConst ? TypeQualifiers.Const : 0) | (canonical.IsVolatile ? TypeQualifiers.Volatile : 0)
                | (canonical.IsRestrict ? TypeQualifiers.Restrict : 0);
            if (canonical.Kind == CXTypeKind.CXType_Atomic && IsLikeItsValue(canonical))
            {
                return qualifiers | TypeQualifiers.Atomic;
            }

            if (!IsArray(canonical.Kind))
            {
                return qualifiers;
            }

            canonical = canonical.Element.Canonical;
        }
    }

    private static bool IsArray(CXTypeKind kind) =>
        kind is CXTypeKind.CXType_ConstantArray or CXTypeKind.CXType_IncompleteArray or CXTypeKind.CXType_VariableArray;

    private AbiFunction ReadFunction(ClangType type, ClangCursor owner)
    {
        functions++;
        AbiType[] parameters = new AbiType[Math.Max(type.ParameterCount, 0)];
        TypeQualifiers[] qualifiers = new TypeQualifiers[parameters.Length];
        for (int index = 0; index < parameters.Length; index++)
        {
            ClangType parameter = type.Parameter(index);
            parameters[index] = ReadParameter(parameter, owner);
            qualifiers[index] = parameter.Canonical.Kind == CXTypeKind.CXType_Atomic
                ? QualifiersOf(parameter) & TypeQualifiers.Atomic
                : TypeQualifiers.None;
        }

        AbiFunction function = new(Read(type.Result, owner), new EquatableArray<AbiType>(parameters), type.IsVariadic)
        {
            Convention = CallingConventions.Of(type),
            ResultQualifiers = QualifiersOf(type.Result),
            ParameterQualifiers = Array.TrueForAll(qualifiers, static each => each == TypeQualifiers.None) ? [] : [.. qualifiers],
        };
        functions--;
        return function;
    }

    // C11, 6.7.6.3: an array is passed as a pointer to its first element, whatever its length, and a function as a pointer to it.
    private AbiType ReadParameter(ClangType type, ClangCursor owner)
    {
        ClangType canonical = type.Canonical;
        if (IsArray(canonical.Kind))
        {
            ClangType array = type;
            while (!IsArray(array.Kind))
            {
                // Whether va_list is an array is the target's own affair: by whatever name, it is a type that nothing looks into.
                ClangCursor declaration = array.Declaration;
                if (scope.IsBuiltIn(declaration) && declaration.Spelling == VaList)
                {
                    return Read(type, owner);
                }

                array = declaration is { IsNull: false, Kind: CXCursorKind.CXCursor_TypedefDecl }
                    ? declaration.TypedefUnderlyingType
                    : array.Canonical;
            }

            return PointerTo(array.Element, type, owner);
        }

        return canonical.Kind is CXTypeKind.CXType_FunctionProto or CXTypeKind.CXType_FunctionNoProto
            ? new AbiPointer(Read(type, owner))
            : Read(type, owner);
    }

    // _Atomic may add to size and alignment; where it does not, the layout is that of the type inside.
    private AbiType ReadAtomic(ClangType type, ClangCursor owner)
    {
        ClangType value = type.AtomicValue;
        if (value.SizeBytes != type.SizeBytes && value.Canonical.Kind == CXTypeKind.CXType_Record && !isPointedTo)
        {
            scope.Fault(
                owner,
                $"_Atomic of a record of {value.SizeBytes} bytes has {type.SizeBytes} with clang and {value.SizeBytes} with gcc: what they "
                + "compile does not agree about it");
        }

        return IsLikeItsValue(type) ? Read(value, owner) : Opaque(type);
    }

    private AbiOpaque Opaque(ClangType type)
    {
        string spelling = SpellingOf(type);
        return new AbiOpaque(spelling, type.SizeBytes) { Meaning = spelling.Length == 0 ? MeaningOf(type) : "" };
    }

    // Of what C has no words for.
    private string MeaningOf(ClangType type) => type.Kind switch
    {
        CXTypeKind.CXType_Atomic when type.AtomicValue is { Canonical.Kind: CXTypeKind.CXType_Record } value =>
            $"_Atomic({Nameless(value).Meaning})",
        CXTypeKind.CXType_Vector or CXTypeKind.CXType_ExtVector when PrimitiveOf(type.VectorElement.Canonical.Kind) is { } element =>
            string.Create(CultureInfo.InvariantCulture, $"{type.VectorCount} of {element.ToC()}"),
        _ => "",
    };

    private static bool IsLikeItsValue(ClangType atomic) =>
        atomic.AtomicValue is var value && value.Canonical.Kind != CXTypeKind.CXType_Record && value.SizeBytes == atomic.SizeBytes;

    // Elaborated (until 21), Attributed, typeof, auto: whatever stands below is what C means. A typedef inside sugar that has
    // no name of its own is found through the declaration.
    private AbiType ReadSugar(ClangType type, ClangCursor owner)
    {
        ClangCursor declaration = type.Declaration;
        if (!declaration.IsNull && declaration.Kind == CXCursorKind.CXCursor_TypedefDecl)
        {
            return ReadTypedef(type, owner);
        }

        ClangType canonical = type.Canonical;
        if (canonical.Kind != type.Kind)
        {
            return Read(canonical, owner);
        }

        if (canonical.SizeBytes > 0)
        {
            return Opaque(canonical);
        }

        scope.Fault(owner, $"type \"{type.Spelling}\" has no size and is not supported");
        return new AbiPrimitive(PrimitiveKind.Void);
    }

    // The spelling is C that both gcc and clang take, the same with every libclang; empty where there is none.
    private static string SpellingOf(ClangType type)
    {
        if (type.Kind == CXTypeKind.CXType_Vector)
        {
            ClangType element = type.VectorElement.Canonical;
            long bytes = element.SizeBytes * type.VectorCount;
            return bytes == type.SizeBytes && element.Spelling is { } name && !name.Contains('(', StringComparison.Ordinal)
                ? string.Create(CultureInfo.InvariantCulture, $"{name} __attribute__((vector_size({bytes})))")
                : "";
        }

        string spelling = type.Spelling;
        return type.Kind != CXTypeKind.CXType_ExtVector && !spelling.Contains(" at ", StringComparison.Ordinal)
            && !spelling.Contains("unnamed", StringComparison.Ordinal) && !spelling.Contains("anonymous", StringComparison.Ordinal)
            ? spelling
            : "";
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
