using System.Collections.Concurrent;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>The C# type that holds a C type, and how the runtime lays it out.</summary>
/// <param name="Type">The type.</param>
/// <param name="SizeBytes">Size in C#.</param>
/// <param name="AlignBytes">Alignment the runtime gives it in a sequential record; 0 where that is not known for sure.</param>
/// <param name="IsUnsafe">Whether naming it needs an unsafe context.</param>
internal readonly record struct MappedType(CSharpType Type, long SizeBytes, long AlignBytes, bool IsUnsafe = false);

/// <summary>Maps C types of one target to C# types.</summary>
internal sealed class TypeMapper(AbiModel model, ArrayTypes arrays, NameTable names)
{
    // Several parts of a set are emitted at the same time.
    private readonly ConcurrentDictionary<string, long> alignments = new(StringComparer.Ordinal);

    /// <summary>A pointer to something that C# cannot name.</summary>
    internal static CSharpType Untyped { get; } = ((CSharpType)"void").Pointer;

    internal AbiModel Model => model;

    internal NameTable Names => names;

    /// <summary>What C# lacks of the model's types.</summary>
    internal Shortfalls Shortfalls { get; } = new(model);

    /// <summary>The array of a C# type.</summary>
    internal CSharpType ArrayOf(CSharpType element, long length) => arrays.Of(element, length);

    /// <summary>So many bytes in place.</summary>
    internal CSharpType BytesOf(long sizeBytes) =>
        sizeBytes > ArrayTypes.MaximumBytes ? arrays.BlockOf(sizeBytes) : arrays.Of("byte", sizeBytes);

    /// <summary>Maps a member's type.</summary>
    /// <param name="type">C type with a size.</param>
    /// <param name="inlineName">C# name for a record that the member itself defines.</param>
    internal MappedType Map(AbiType type, string inlineName = "")
    {
        AbiType resolved = model.Index.Resolve(type);
        switch (resolved)
        {
            case AbiPrimitive primitive:
                return MapPrimitive(primitive.Kind);
            case AbiPointer pointer:
                return new MappedType(PointerTo(pointer.Target), model.Target.PointerBytes, PointerAlignment, IsUnsafe: true);
            case AbiArray array:
                return MapArray(array, inlineName);
            case AbiOpaque opaque:
                return new MappedType(arrays.Of("byte", opaque.SizeBytes), opaque.SizeBytes, 0);
            case AbiInlineRecord inline:
                return new MappedType(inlineName, inline.Definition.SizeBytes, AlignmentOf(inline.Definition));
            default:
                if (model.Index.RecordOf(resolved) is { } record)
                {
                    return new MappedType(names.Of(record), record.SizeBytes, AlignmentOf(record));
                }

                if (model.Index.EnumOf(resolved) is { } @enum)
                {
                    return MapPrimitive(@enum.Underlying) with { Type = names.Of(@enum) };
                }

                throw new EmitException($"type \"{type}\" has no C# equivalent in {model.Set} for {model.Target.Name}");
        }
    }

    /// <summary>C# type of an integer, character or floating-point type.</summary>
    internal MappedType MapPrimitive(PrimitiveKind kind)
    {
        int size = kind.SizeBytes(model.Target);
        CSharpType type = kind switch
        {
            PrimitiveKind.Void => "void",
            PrimitiveKind.Float => "float",
            PrimitiveKind.Double => "double",
            PrimitiveKind.LongDouble => arrays.Of("byte", size),

            // Plain char is text, signed on one machine and unsigned on another; a _Bool may hold any byte the kernel puts there.
            PrimitiveKind.Char or PrimitiveKind.Bool => "byte",
            _ => IntegerName(size, kind.IsSigned(model.Target)),
        };

        // 128-bit integers and long double: the runtime's alignment of them depends on machine and version.
        return new MappedType(type, size, size <= 8 && Is64Bit ? size : 0);
    }

    /// <summary>What a bit-field holds: truth only where it is declared with <c>_Bool</c> itself, for an enum of it is an enum.</summary>
    /// <param name="enum">Its enum; null for a bit-field of an integer.</param>
    /// <param name="resolved">Its type.</param>
    internal static PrimitiveKind KindOfBits(AbiEnum? @enum, AbiType resolved) =>
        @enum is null ? ((AbiPrimitive)resolved).Kind
        : @enum.Underlying == PrimitiveKind.Bool ? PrimitiveKind.UChar
        : @enum.Underlying;

    internal static string IntegerName(long sizeBytes, bool isSigned) => (sizeBytes, isSigned) switch
    {
        (1, true) => "sbyte",
        (1, false) => "byte",
        (2, true) => "short",
        (2, false) => "ushort",
        (4, true) => "int",
        (4, false) => "uint",
        (8, true) => "long",
        (8, false) => "ulong",
        (16, true) => "System.Int128",
        (16, false) => "System.UInt128",
        _ => throw new EmitException($"no C# integer has {sizeBytes} bytes"),
    };

    /// <summary>Alignment the runtime gives a record that is emitted with the pack of <see cref="PackOf"/>; 0 if not known.</summary>
    internal long AlignmentOf(AbiRecord record)
    {
        long natural = NaturalAlignmentOf(record);
        return Math.Min(natural, record.AlignBytes);
    }

    /// <summary>
    /// The pack that a record needs, in bytes; null when it needs none. Without one the runtime would align arrays of a packed
    /// record to its widest member, and so round up its size in them.
    /// </summary>
    internal long? PackOf(AbiRecord record)
    {
        long natural = NaturalAlignmentOf(record);
        return natural > record.AlignBytes || (natural == 0 && record.AlignBytes <= 8) ? record.AlignBytes : null;
    }

    // The alignment of the widest member, be it a field or the integer that a bit-field is read through.
    private long NaturalAlignmentOf(AbiRecord record)
    {
        if (record.Name.Length > 0 && alignments.TryGetValue(record.CName, out long known))
        {
            return known;
        }

        long alignment = 1;
        foreach (AbiField field in record.HoistedFields())
        {
            if (field.WidthBits == 0)
            {
                continue;
            }

            long own = !field.IsBitField ? Map(field.Type, "x").AlignBytes
                : BitFieldWindow.Of(field, record.SizeBytes) is { IsInteger: true } window ? window.SizeBytes
                : 1;
            if (own == 0)
            {
                alignment = 0;
                break;
            }

            alignment = Math.Max(alignment, own);
        }

        if (record.Name.Length > 0)
        {
            alignments[record.CName] = alignment;
        }

        return alignment;
    }

    private bool Is64Bit => model.Target.PointerBytes == 8;

    private long PointerAlignment => Is64Bit ? 8 : 0;

    private MappedType MapArray(AbiArray array, string inlineName)
    {
        MappedType element = Map(array.Element, inlineName);
        long count = array.Count ?? 0;

        // Inline arrays hold no pointers: the runtime refuses spans over them.
        CSharpType elementType = element.IsUnsafe ? "nint" : element.Type;
        if (count * element.SizeBytes > ArrayTypes.MaximumBytes)
        {
            return new MappedType(arrays.BlockOf(count * element.SizeBytes), count * element.SizeBytes, 0);
        }

        return new MappedType(arrays.Of(elementType, count), count * element.SizeBytes, element.AlignBytes);
    }

    private CSharpType PointerTo(AbiType target)
    {
        AbiType resolved = model.Index.Resolve(target);
        return resolved switch
        {
            AbiFunction function => FunctionPointer(function),
            AbiPointer pointer => PointerTo(pointer.Target).Pointer,
            AbiArray array => PointerTo(array.Element),
            AbiInlineRecord => Untyped,
            AbiPrimitive { Kind: PrimitiveKind.LongDouble } or AbiOpaque => Untyped,
            AbiPrimitive primitive => MapPrimitive(primitive.Kind).Type.Pointer,
            _ when model.Index.RecordOf(resolved) is { SizeBytes: > 0 } record => ((CSharpType)names.Of(record)).Pointer,
            _ when model.Index.EnumOf(resolved) is { } @enum => ((CSharpType)names.Of(@enum)).Pointer,

            // Incomplete, or without a size: C# can only say that there is something.
            _ => Untyped,
        };
    }

    private CSharpType FunctionPointer(AbiFunction function) => Shortfalls.Functions.ObstacleOf(function) is not null
        ? Untyped
        : CSharpType.Function([.. function.Parameters.Append(function.Result).Select(NameOf)]);

    // The type alone: a record's layout may depend on a pointer to a function that takes the record.
    private CSharpType NameOf(AbiType type)
    {
        AbiType resolved = model.Index.Resolve(type);
        return resolved switch
        {
            AbiPointer pointer => PointerTo(pointer.Target),
            AbiPrimitive primitive => MapPrimitive(primitive.Kind).Type,
            _ when model.Index.RecordOf(resolved) is { } record => names.Of(record),
            _ when model.Index.EnumOf(resolved) is { } @enum => names.Of(@enum),
            _ => throw new EmitException($"type \"{type}\" has no C# equivalent in {model.Set} for {model.Target.Name}"),
        };
    }
}
