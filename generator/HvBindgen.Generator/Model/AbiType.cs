namespace HvBindgen.Generator.Model;

/// <summary>A C type as declared, before any mapping to C#. Qualifiers are dropped: they change no layout.</summary>
public abstract record AbiType
{
    /// <summary>The C spelling, as <see cref="AbiTypeText"/> writes and reads it.</summary>
    /// <returns>An abstract declarator such as <c>struct foo *[4]</c>.</returns>
    public sealed override string ToString() => AbiTypeText.Write(this);

    /// <summary>The types that this one is made of, as they are declared; a name is made of nothing.</summary>
    internal virtual IEnumerable<AbiType> Parts => [];

    /// <summary>The record that a declaration with this type defines in place, below its arrays.</summary>
    /// <param name="behindPointers">Whether one that the declaration only points to counts too: such a record takes no space there.</param>
    /// <returns>The record; null where the declaration defines none.</returns>
    public AbiRecord? InlineRecord(bool behindPointers = false) => this switch
    {
        AbiInlineRecord inline => inline.Definition,
        AbiArray array => array.Element.InlineRecord(behindPointers),
        AbiPointer pointer when behindPointers => pointer.Target.InlineRecord(behindPointers),
        _ => null,
    };
}

/// <summary>A type the language itself gives.</summary>
/// <param name="Kind">Which one.</param>
public sealed record AbiPrimitive(PrimitiveKind Kind) : AbiType;

/// <summary>A typedef name, or a record or enum that only a typedef names.</summary>
/// <param name="Name">Name of the typedef.</param>
public sealed record AbiTypedefRef(string Name) : AbiType;

/// <summary>A record by its tag. It may be incomplete: then the model has no record of that name.</summary>
/// <param name="Kind">Struct or union.</param>
/// <param name="Name">The tag.</param>
public sealed record AbiRecordRef(RecordKind Kind, string Name) : AbiType;

/// <summary>An enum by its tag.</summary>
/// <param name="Name">The tag.</param>
public sealed record AbiEnumRef(string Name) : AbiType;

/// <summary>A record without a name, defined where it is used.</summary>
/// <param name="Definition">The record; its name is empty.</param>
public sealed record AbiInlineRecord(AbiRecord Definition) : AbiType
{
    /// <inheritdoc/>
    internal override IEnumerable<AbiType> Parts => Definition.Fields.Select(static member => member.Type);
}

/// <summary>
/// A type that nothing here looks into: a vector, a complex number, <c>va_list</c> and the like. Its bytes are what is known of it.
/// </summary>
/// <param name="Spelling">How C spells it, for example <c>_Complex double</c>; empty where C has no words for it.</param>
/// <param name="SizeBytes">Its size.</param>
public sealed record AbiOpaque(string Spelling, long SizeBytes) : AbiType
{
    /// <summary>
    /// What it is where C has no words for it, for example <c>struct { int a; }</c>; empty where it has, and where nothing is known. It
    /// stands in a comment of the type's text and tells one such type from another.
    /// </summary>
    internal string Meaning { get; init; } = "";
}

/// <summary>A pointer.</summary>
/// <param name="Target">What it points to.</param>
public sealed record AbiPointer(AbiType Target) : AbiType
{
    /// <summary>
    /// Qualifiers of what it points to, where a parameter of a function says so. They change no layout and are no part of the fact, as
    /// places are not; C compilers compare them all the same.
    /// </summary>
    internal TypeQualifiers TargetQualifiers { get; init; }

    /// <inheritdoc/>
    internal override IEnumerable<AbiType> Parts => [Target];

    /// <inheritdoc/>
    public bool Equals(AbiPointer? other) => other is not null && Target.Equals(other.Target);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(nameof(AbiPointer), Target);
}

/// <summary>An array.</summary>
/// <param name="Element">Element type; an array again for each further dimension.</param>
/// <param name="Count">Number of elements; null for a flexible array member.</param>
public sealed record AbiArray(AbiType Element, long? Count) : AbiType
{
    /// <inheritdoc/>
    internal override IEnumerable<AbiType> Parts => [Element];
}

/// <summary>A function type; fields hold pointers to it.</summary>
/// <param name="Result">Type of the result.</param>
/// <param name="Parameters">Types of the parameters.</param>
/// <param name="IsVariadic">
/// Whether further arguments may follow; without a parameter also whether the declaration says nothing of them, as in <c>int f()</c>.
/// </param>
public sealed record AbiFunction(AbiType Result, EquatableArray<AbiType> Parameters, bool IsVariadic) : AbiType
{
    /// <summary>
    /// How it is called where that is not the target's own way: the attribute in C, for example <c>ms_abi</c>; else empty.
    /// </summary>
    public string Convention { get; init; } = "";

    /// <summary>Qualifiers of the result. As those of a pointer's target they are no part of the fact.</summary>
    internal TypeQualifiers ResultQualifiers { get; init; }

    /// <summary>Those of the parameters that C compilers compare, of none or of each; of <c>const int</c> they compare none.</summary>
    internal EquatableArray<TypeQualifiers> ParameterQualifiers { get; init; } = [];

    /// <inheritdoc/>
    internal override IEnumerable<AbiType> Parts => [Result, .. Parameters];

    /// <inheritdoc/>
    public bool Equals(AbiFunction? other) =>
        other is not null && Result.Equals(other.Result) && Parameters.Equals(other.Parameters) && IsVariadic == other.IsVariadic
            && Convention == other.Convention;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Result, HashCode.Combine(Parameters, IsVariadic));
}

/// <summary>Qualifiers of C.</summary>
[Flags]
internal enum TypeQualifiers
{
    None = 0,
    Const = 1,
    Volatile = 2,
    Restrict = 4,
    Atomic = 8,
}

/// <summary>Struct or union.</summary>
public enum RecordKind
{
    /// <summary><c>struct</c></summary>
    Struct,

    /// <summary><c>union</c></summary>
    Union,
}
