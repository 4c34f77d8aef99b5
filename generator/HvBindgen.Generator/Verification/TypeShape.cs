using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>What a type of the model is made of: its size, and the names that C needs to spell it.</summary>
internal sealed class TypeShape(AbiModel model)
{
    /// <summary>Whether the type is one of numbers, by any name, or an array of such.</summary>
    internal bool IsOfScalars(AbiType type)
    {
        while (type is AbiArray array)
        {
            type = array.Element;
        }

        AbiType resolved = model.Index.Resolve(type);
        return resolved is AbiPrimitive { Kind: not PrimitiveKind.Void } || model.Index.EnumOf(resolved) is not null;
    }

    /// <summary>Why a type with a record in place cannot be written.</summary>
    internal const string NoName = "a record in it has no name, so C cannot spell the type";

    /// <summary>Whether the type is <c>_Bool</c>, by that name or another.</summary>
    internal bool IsBool(AbiType type) => model.Index.Resolve(type) is AbiPrimitive { Kind: PrimitiveKind.Bool };

    /// <summary>
    /// Expression for the alignment that the compiler gives a type: gcc without AVX says that a vector of 32 bytes, and a record with one,
    /// is aligned to 16, and puts it at multiples of 32 all the same.
    /// </summary>
    /// <param name="cType">The type in C.</param>
    /// <param name="asMember">Whether to ask for the place it gets in a record, as for what may hold a vector.</param>
    internal static string AlignmentOf(string cType, bool asMember) =>
        asMember ? $"__builtin_offsetof(struct {{ char before; {cType} type; }}, type)" : $"_Alignof({cType})";

    /// <summary>Whether there is something in a type that C# has as bytes alone: each vector is.</summary>
    internal bool HoldsOpaque(AbiType type)
    {
        AbiType resolved = model.Index.Resolve(type);
        return resolved is AbiOpaque || (resolved is AbiArray array && HoldsOpaque(array.Element))
            || (model.Index.RecordOf(resolved) is { } record && HoldsOpaque(record));
    }

    /// <summary>Whether there is something in a record that C# has as bytes alone.</summary>
    internal bool HoldsOpaque(AbiRecord record) => record.Fields.Any(field => HoldsOpaque(field.Type));

    /// <summary>Whether the type is an enum, and so many bits are all of it.</summary>
    internal bool IsWholeEnum(AbiType type, long widthBits) =>
        model.Index.EnumOf(model.Index.Resolve(type)) is not null && model.Index.SizeBytesOf(type) * 8 == widthBits;

    /// <summary>Whether a value of the type can be negative.</summary>
    internal bool IsSigned(AbiType type)
    {
        AbiType resolved = model.Index.Resolve(type);
        PrimitiveKind kind = (resolved as AbiPrimitive)?.Kind ?? model.Index.EnumOf(resolved)?.Underlying ?? PrimitiveKind.UInt;
        return kind.IsSigned(model.Target);
    }

    /// <summary>Whether C can write the type: no record in it is defined in place.</summary>
    internal static bool IsNameable(AbiType type) => type switch
    {
        AbiInlineRecord or AbiOpaque { Spelling: "" } => false,
        _ => type.Parts.All(IsNameable),
    };

    /// <summary>Whether a pointer stands anywhere in the type as written.</summary>
    internal static bool HasPointer(AbiType type) => type switch
    {
        AbiPointer => true,
        AbiInlineRecord => false,
        _ => type.Parts.Any(HasPointer),
    };

    /// <summary>Adds the tags and typedef names in the type.</summary>
    internal static void CollectNames(AbiType type, ISet<string> names)
    {
        switch (type)
        {
            case AbiTypedefRef reference:
                names.Add(reference.Name);
                break;
            case AbiRecordRef reference:
                names.Add(reference.Name);
                break;
            case AbiEnumRef reference:
                names.Add(reference.Name);
                break;
            case AbiInlineRecord:
                // A record without a name is no part of the type as C writes it.
                break;
            default:
                foreach (AbiType part in type.Parts)
                {
                    CollectNames(part, names);
                }

                break;
        }
    }
}
