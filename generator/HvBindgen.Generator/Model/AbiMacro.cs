namespace HvBindgen.Generator.Model;

/// <summary>A macro that stands for no value: function-like, or one that expands to a type, an attribute or nothing.</summary>
/// <param name="Name">Name of the macro.</param>
/// <param name="Parameters">Parameter list such as <c>(x, y)</c>; empty for an object-like macro.</param>
/// <param name="Digest">Digest of its tokens, so that a change is seen without keeping the text. Empty for an empty macro.</param>
/// <param name="Location">Where it is defined.</param>
public sealed record AbiMacro(string Name, string Parameters, string Digest, SourceLocation Location) : IAbiDeclaration
{
    /// <inheritdoc/>
    public string CName => Name;

    /// <inheritdoc/>
    public IAbiDeclaration At(SourceLocation location) => this with { Location = location };

    /// <summary>
    /// Numbers that a function-like ioctl request gives for sample arguments, 1 to 3 for each parameter in turn, the others 1;
    /// where a further argument does something else to the number, those of <see cref="RequestSamples"/> as well. Empty for every other
    /// macro.
    /// </summary>
    public EquatableArray<uint> Samples { get; init; } = [];

    /// <summary>
    /// Of a macro that lists entries, calls of its parameters one behind the other: digests of its text up to each entry but the last. A
    /// list that got longer at its end has the old one's digest among them. Empty for every other macro.
    /// </summary>
    public EquatableArray<string> Prefixes { get; init; } = [];

    /// <summary>Type of the argument of such a request, for the first of those samples; null where the macro names none.</summary>
    public AbiType? Argument { get; init; }

    /// <summary>Kinds of file descriptor that take such a request.</summary>
    public EquatableArray<string> Descriptors { get; init; } = [];
}
