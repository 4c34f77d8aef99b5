using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>Says where C# has no more than bytes or a pointer to anything, and why.</summary>
internal sealed class Shortfalls(AbiModel model)
{
    /// <summary>Which functions C# can call.</summary>
    internal FunctionPointers Functions { get; } = new(model);

    /// <summary>Why C# has no more than bytes, or a pointer to anything, for a member; null where it has the type.</summary>
    /// <returns>A sentence, as plain text.</returns>
    internal string? Of(AbiType type)
    {
        AbiType resolved = model.Index.Resolve(type);
        return resolved switch
        {
            AbiPointer pointer when model.Index.Resolve(pointer.Target) is AbiFunction function =>
                Functions.ObstacleOf(function) is { } obstacle ? $"A pointer to anything, because {obstacle}." : null,
            AbiPointer pointer when model.Index.Resolve(pointer.Target) is AbiPointer => Of(pointer.Target),
            AbiArray { Count: > 0 } when model.Index.SizeBytesOf(resolved) > ArrayTypes.MaximumBytes =>
                $"Bytes, because the runtime lays out no array of more than {ArrayTypes.MaximumBytes}.",
            AbiArray array => Of(array.Element),
            AbiOpaque { Spelling.Length: > 0 } opaque => $"Bytes, because C# has no type for '{opaque.Spelling}'.",
            AbiOpaque => "Bytes, because C# has no such type.",
            AbiPrimitive { Kind: PrimitiveKind.LongDouble } => "Bytes, because C# has no type for 'long double'.",
            _ => null,
        };
    }
}
