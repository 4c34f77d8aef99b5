using CsCheck;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Model;

/// <summary>Random types and models, for what must hold of every one.</summary>
internal static class RandomModels
{
    private static readonly Gen<string> Name =
        from first in Gen.Char["abcdefgXYZ_"]
        from rest in Gen.String[Gen.Char["abcXYZ_0189"], 0, 8]
        where !IsWordOfC(first + rest)
        select first + rest;

    private static readonly Gen<PrimitiveKind> Kind = Gen.Enum<PrimitiveKind>();

    private static readonly Gen<PrimitiveKind> IntegerKind = Gen.Enum<PrimitiveKind>().Where(kind => kind.IsInteger());

    private static readonly Gen<RecordKind> Record = Gen.Enum<RecordKind>();

    private static readonly Gen<SourceLocation> Location = Name.Select(name => new SourceLocation($"linux/{name}.h"));

    private static readonly Gen<AbiType> Leaf = Gen.OneOf(
        Kind.Select(kind => (AbiType)new AbiPrimitive(kind)),
        Name.Select(name => (AbiType)new AbiTypedefRef(name)),
        Name.Select(name => (AbiType)new AbiEnumRef(name)),
        Gen.Select(
            OneOf("_Complex double", "float __attribute__((vector_size(16)))", "__builtin_va_list", ""), Gen.Long[1, 64],
            (spelling, size) => (AbiType)new AbiOpaque(spelling, size)),
        OneOf("struct { int a; void (*f)(int) at 64; }", "4 of float").Select(
            meaning => (AbiType)new AbiOpaque("", 16) { Meaning = meaning }),
        Gen.Select(Record, Name, (kind, name) => (AbiType)new AbiRecordRef(kind, name)));

    /// <summary>
    /// Types without a record defined in place, to any depth: pointers, arrays and functions of each other as C allows them.
    /// </summary>
    internal static Gen<AbiType> Type { get; } = TypeOf(3);

    private static readonly Gen<ConstantValue> Text =
        Gen.String[Gen.Char["ab \"\\\u00e9\n\u0001<>&'\u20ac"], 0, 8].Select(text => (ConstantValue)new TextValue(text));

    private static readonly Gen<Int128> Integer = Gen.Select(
        Gen.Long, Gen.ULong, Gen.Bool, (signed, unsigned, isSigned) => isSigned ? signed : (Int128)unsigned);

    private static readonly Gen<AbiConstant> Constant = Gen.OneOf(
        Gen.Select(Name, IntegerKind, Integer, Location, (name, kind, value, location) =>
            new AbiConstant(name, new AbiPrimitive(kind), new IntegerValue(value), location)),
        Gen.Select(Name, Gen.Double[-1e300, 1e300], Location, (name, value, location) =>
            new AbiConstant(name, new AbiPrimitive(PrimitiveKind.Double), new FloatingValue(value), location)),
        Gen.Select(Name, Text, Location, (name, value, location) =>
            new AbiConstant(name, new AbiArray(new AbiPrimitive(PrimitiveKind.Char), 9), value, location)));

    private static readonly Gen<AbiEnumerator> Enumerator = Gen.Select(Name, Integer, (name, value) => new AbiEnumerator(name, value));

    private static readonly Gen<AbiEnum> Enum = Gen.Select(
        Gen.OneOf(Name, Gen.Const("")), Gen.Bool, IntegerKind, Enumerator.Array[1, 4], Location,
        (name, hasTag, kind, enumerators, location) =>
            new AbiEnum(name, hasTag && name.Length > 0, kind, new EquatableArray<AbiEnumerator>(enumerators), location));

    private static readonly Gen<AbiIoctl> Ioctl = Gen.Select(
        Name, Name.Array[1, 3], Gen.Int[0, 3], Gen.UInt,
        Gen.OneOf(Type.Select(type => (AbiType?)type), Gen.Const((AbiType?)null)), Location,
        (name, descriptors, direction, request, argument, location) => new AbiIoctl(
            name, new EquatableArray<string>(descriptors), (IoctlDirection)direction, (int)(request >> 8) & 0xFF, (int)request & 0xFF,
            (int)(request >> 16) & 0x3FFF, argument, request, location));

    /// <summary>Models with some of everything.</summary>
    internal static Gen<AbiModel> Model { get; } =
        from set in Name
        from target in Gen.OneOf([.. TargetInfo.Known])
        from records in RecordOf(2).Array[0, 4]
        from enums in Enum.Array[0, 3]
        from constants in Constant.Array[0, 4]
        from ioctls in Ioctl.Array[0, 3]
        from typedefs in Gen.Select(
            Name, Type, Gen.Long[0, 64], Location, (name, type, align, location) => new AbiTypedef(name, type, align, location)).Array[0, 3]
        from macros in Gen.Select(
            Name, Name, Name.Array[0, 3], Location, (name, digest, prefixes, location) =>
                new AbiMacro(name, "(x, y...)", digest, location) { Prefixes = new EquatableArray<string>(prefixes) }).Array[0, 2]
        from conditions in Gen.Select(
            Name, Name.Array[1, 2], (header, macros) => new AbiCondition(header, new EquatableArray<string>(macros))).Array[0, 2]
        select new AbiModel(
            set,
            target,
            new EquatableArray<AbiRecord>(records),
            new EquatableArray<AbiEnum>(enums),
            new EquatableArray<AbiConstant>(constants),
            new EquatableArray<AbiIoctl>(ioctls),
            new EquatableArray<AbiTypedef>(typedefs),
            new EquatableArray<AbiMacro>(macros))
        {
            CompilerConditions = new EquatableArray<AbiCondition>(conditions),
        };

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static bool IsWordOfC(string word) =>
        PrimitiveKinds.Find(word) is not null || word is "struct" or "union" or "enum" or "signed" or "unsigned";

    private static Gen<AbiType> TypeOf(int depth)
    {
        if (depth == 0)
        {
            return Leaf;
        }

        Gen<AbiType> inner = TypeOf(depth - 1);

        // C has no arrays of functions, and no functions that return arrays or functions.
        Gen<AbiType> value = inner.Where(type => type is not AbiFunction);
        return Gen.OneOf(
            Leaf,
            inner.Select(target => (AbiType)new AbiPointer(target)),
            Gen.Select(value, Gen.Int[0, 4], (element, count) => (AbiType)new AbiArray(element, count == 0 ? null : count - 1)),
            Gen.Select(
                value.Where(result => result is not AbiArray),
                value.Where(parameter => parameter is not AbiPrimitive { Kind: PrimitiveKind.Void }).Array[0, 3],
                Gen.Bool,
                OneOf("", "", "ms_abi", "regparm(3)"),
                (result, parameters, isVariadic, convention) =>
                    (AbiType)new AbiFunction(result, new EquatableArray<AbiType>(parameters), isVariadic) { Convention = convention }));
    }

    private static Gen<AbiField> FieldOf(int depth)
    {
        Gen<AbiType> inline = depth == 0
            ? Type
            : from record in RecordOf(depth - 1)
              from wrapping in Gen.Int[0, 2]
              let definition = (AbiType)new AbiInlineRecord(record with { Name = "", HasTag = true, Location = new SourceLocation("") })
              select wrapping switch { 0 => definition, 1 => new AbiArray(definition, 3), _ => (AbiType)new AbiPointer(definition) };
        return Gen.Select(
            Gen.OneOf(Name, Gen.Const("")), Gen.Frequency((4, Type), (1, inline)), Gen.Long[0, 1L << 40], Gen.Long[0, 1L << 33], Gen.Bool,
            (name, type, offset, width, isBitField) => new AbiField(name, type, offset, width, isBitField));
    }

    private static Gen<AbiRecord> RecordOf(int depth) => Gen.Select(
        Name, Record, Gen.Bool, Gen.Long[0, 1L << 40], Gen.Long[1, 4096], FieldOf(depth).Array[0, 4], Location,
        (name, kind, hasTag, size, align, fields, location) =>
            new AbiRecord(name, kind, hasTag, size, align, new EquatableArray<AbiField>(fields), location));
}
