namespace HvBindgen.Generator.Model;

/// <summary>A C struct or union, as the target compiler lays it out.</summary>
/// <param name="Name">Tag, or name of the typedef for a record without a tag; empty for a record defined in place.</param>
/// <param name="Kind">Struct or union.</param>
/// <param name="HasTag">Whether C spells it with the keyword (<c>struct name</c>); false when only a typedef names it.</param>
/// <param name="SizeBytes">Size as <c>sizeof</c> gives it; 0 for a record without members.</param>
/// <param name="AlignBytes">Alignment as <c>_Alignof</c> gives it.</param>
/// <param name="Fields">Members in the order of declaration.</param>
/// <param name="Location">Where it is defined.</param>
public sealed record AbiRecord(
    string Name,
    RecordKind Kind,
    bool HasTag,
    long SizeBytes,
    long AlignBytes,
    EquatableArray<AbiField> Fields,
    SourceLocation Location) : IAbiDeclaration
{
    /// <inheritdoc/>
    public IAbiDeclaration At(SourceLocation location) => this with { Location = location };

    /// <summary>The C spelling: <c>struct name</c>, or the typedef alone.</summary>
    public string CName => HasTag ? $"{Kind.ToC()} {Name}" : Name;

    /// <summary>All members, those of anonymous members included, at their distance from the start of this record.</summary>
    /// <returns>In order of declaration; an anonymous record stands before its members.</returns>
    public IReadOnlyList<AbiMember> Members() => AbiMember.Of(this);

    /// <summary>Members with those of anonymous members in their place, at their distance from the start of this record.</summary>
    /// <returns>Every member C lets one name directly, in order of declaration.</returns>
    public IEnumerable<AbiField> HoistedFields()
    {
        foreach (AbiField field in Fields)
        {
            if (field.IsAnonymousRecord)
            {
                List<AbiField> fields = new(Fields.Count);
                Hoist(0, fields);
                return fields;
            }
        }

        return Fields;
    }

    private void Hoist(long baseBits, List<AbiField> fields)
    {
        foreach (AbiField field in Fields)
        {
            if (field.AnonymousRecord is { } inner)
            {
                inner.Hoist(baseBits + field.OffsetBits, fields);
            }
            else
            {
                fields.Add(baseBits == 0 ? field : field with { OffsetBits = baseBits + field.OffsetBits });
            }
        }
    }
}

/// <summary>One member of a struct or union.</summary>
/// <param name="Name">Name in the header; empty for an anonymous record.</param>
/// <param name="Type">Declared type.</param>
/// <param name="OffsetBits">Distance from the start of the record that declares it, in bits.</param>
/// <param name="WidthBits">Bits it occupies; 0 for a flexible array and other members without a size.</param>
/// <param name="IsBitField">Whether it is declared as a bit-field.</param>
public sealed record AbiField(string Name, AbiType Type, long OffsetBits, long WidthBits, bool IsBitField = false)
{
    /// <summary>Where it stands in its header.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>Whether its members are named as if they were the outer record's.</summary>
    public bool IsAnonymousRecord => AnonymousRecord is not null;

    /// <summary>The record whose members are named as if they were the outer record's; null for a member with a name.</summary>
    public AbiRecord? AnonymousRecord => Name.Length == 0 ? (Type as AbiInlineRecord)?.Definition : null;

    /// <summary>Whether it is an array that ends the record and takes no space in it: <c>[]</c> or <c>[0]</c>.</summary>
    public bool IsFlexibleArray => Type is AbiArray { Count: null or 0 };
}

/// <summary>C keywords of <see cref="RecordKind"/>.</summary>
public static class RecordKinds
{
    /// <summary>The C keyword.</summary>
    /// <param name="kind">Struct or union.</param>
    /// <returns><c>struct</c> or <c>union</c>.</returns>
    public static string ToC(this RecordKind kind) => kind == RecordKind.Struct ? "struct" : "union";
}
