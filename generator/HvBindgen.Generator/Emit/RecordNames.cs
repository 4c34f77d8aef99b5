using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>
/// The C# names of what a record holds: its members first, then what is made for them, which gives way where a member has its name.
/// </summary>
internal sealed class RecordNames
{
    private readonly Dictionary<string, string> members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> notes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> inlineTypes = new(StringComparer.Ordinal);
    private readonly NameClaims claims = new(ReservedNames.InEveryRecord);
    private readonly NameTable table;
    private readonly AbiRecord record;
    private readonly string cName;

    internal RecordNames(AbiRecord record, string owner, string cName, ModelIndex index, NameTable table)
    {
        (this.record, this.cName, this.table, Owner) = (record, cName, table, owner);
        claims.Insist(owner.TrimStart('@'), "the record itself is called so, and C# keeps that name for constructors");
        AbiField[] fields = [.. record.HoistedFields()];
        foreach (AbiField field in fields)
        {
            // C# keeps the names of a property's accessors.
            if (field.IsBitField)
            {
                (string get, string set) = ($"get_{field.Name}", $"set_{field.Name}");
                claims.Reserve(get, AccessorOf(field.Name));
                claims.Reserve(set, AccessorOf(field.Name));
                if (owner == get || owner == set)
                {
                    claims.Reserve(field.Name, "an accessor of it would be called as the record is");
                }
            }
        }

        if (record.Name.Length > 0)
        {
            foreach (string name in (ReadOnlySpan<string>)[RecordEmitter.Alignment, $"get_{RecordEmitter.Alignment}"])
            {
                claims.Reserve(name, "over-aligned records have a property of that name");
            }
        }

        IEnumerable<AbiField> all = fields.Concat(fields.Where(field => field.WidthBits == 0 && !field.IsFlexibleArray)
            .SelectMany(field => FlexibleArrays.Of(record, field, index)).Select(array => array.Field));
        NameMembers([.. all]);
        foreach (AbiField field in all.Where(field => field.Type.InlineRecord() is not null))
        {
            inlineTypes[field.Name] = NamePolicy.Type(NameInlineType(NamePolicy.Identifier(field.Name)));
        }
    }

    /// <summary>C# name of the record's own type.</summary>
    internal string Owner { get; }

    /// <summary>Name of a member.</summary>
    internal string Of(AbiField field) => members[field.Name];

    /// <summary>What a member's documentation says if it could not keep its name.</summary>
    internal string NoteOf(AbiField field) => notes.GetValueOrDefault(field.Name, "");

    /// <summary>Name of the type of a member that defines its own record.</summary>
    internal string InlineTypeOf(AbiField field) => inlineTypes.GetValueOrDefault(field.Name, "");

    /// <summary>A free name for something that is made for the record's members; the same for the same word at each call.</summary>
    internal string Free(string name)
    {
        while (!claims.IsFree(name))
        {
            name += "_";
        }

        return name;
    }

    private static ClaimReason AccessorOf(string member) => new("C# keeps that name for an accessor of ", member);

    private static ClaimReason MemberIs(string member) => new("the member ", member, " is called so");

    private void NameMembers(IReadOnlyList<AbiField> fields)
    {
        List<AbiField> rest = [];
        foreach (AbiField field in fields)
        {
            if (members.ContainsKey(field.Name))
            {
                continue;
            }

            NamePolicy.RequireLength(field.Name, record.Location);

            if (table.HasRules && table.RenameOf($"{cName}.{field.Name}", $"{record.Name}.{field.Name}") is { } given)
            {
                members[field.Name] = NamePolicy.Member(NameTable.Give(claims, given, $"{cName}.{field.Name}"));
            }
            else if (NamePolicy.Identifier(field.Name) == field.Name
                && claims.Reserve(field.Name, new ClaimReason("there is a member ", field.Name)))
            {
                members[field.Name] = NamePolicy.Member(field.Name);
            }
            else
            {
                rest.Add(field);
            }
        }

        foreach (AbiField field in rest)
        {
            string wanted = NamePolicy.Identifier(field.Name);
            string? taken = claims.WhyNot(wanted);
            string name = field.IsBitField
                ? ClaimWithAccessors(wanted, field.Name)
                : claims.Claim(wanted, MemberIs(field.Name));
            members[field.Name] = NamePolicy.Member(name);
            notes[field.Name] = table.Changed(
                $"{cName}.{field.Name}", name, record.Location, taken ?? ReservedNames.NoIdentifier);
        }
    }

    // A property has a name only where its accessors have theirs.
    private string ClaimWithAccessors(string name, string member)
    {
        while (!claims.IsFree(name) || IsTaken($"get_{name}") || IsTaken($"set_{name}"))
        {
            name += "_";
        }

        claims.Reserve($"get_{name}", AccessorOf(member));
        claims.Reserve($"set_{name}", AccessorOf(member));
        return claims.Claim(name, MemberIs(member));

        bool IsTaken(string accessor) => accessor == Owner || members.ContainsValue(accessor);
    }

    // Neither a member's name nor one that would hide a type, which other members may have.
    private string NameInlineType(string member)
    {
        string name = $"{member}_t";
        while (!claims.IsFree(name) || table.IsType(name))
        {
            name += "_";
        }

        return claims.Claim(name, new ClaimReason("the type of ", member, " is called so"));
    }
}
