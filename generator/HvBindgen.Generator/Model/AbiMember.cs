namespace HvBindgen.Generator.Model;

/// <summary>A member as it lies in the outermost record: declared there, or in an anonymous record inside.</summary>
/// <param name="Field">The member; its own offset counts from the record that declares it.</param>
/// <param name="OffsetBits">Distance from the start of the outermost record.</param>
/// <param name="Path">The anonymous records around it, from the outside in.</param>
/// <param name="Branch">
/// Which alternative of which union it belongs to, such as <c>/3#1</c>: alternative 1 of the union that three named members stand
/// before. A union inside adds a part of its own. Empty outside unions.
/// </param>
public readonly record struct AbiMember(AbiField Field, long OffsetBits, IReadOnlyList<AbiRecord> Path, string Branch)
{
    /// <summary>The members of a record, each anonymous record followed by what is in it.</summary>
    internal static IReadOnlyList<AbiMember> Of(AbiRecord record)
    {
        List<AbiMember> members = new(record.Fields.Count);
        int named = 0;
        Add(record, 0, [], "", members, ref named);
        return members;
    }

    private static void Add(
        AbiRecord record, long baseBits, IReadOnlyList<AbiRecord> path, string branch, List<AbiMember> members, ref int named)
    {
        int alternative = 0;
        int before = named;
        foreach (AbiField field in record.Fields)
        {
            string own = record.Kind == RecordKind.Union ? $"{branch}/{before}#{alternative++}" : branch;
            long offset = baseBits + field.OffsetBits;
            members.Add(new AbiMember(field, offset, path, own));
            if (field.AnonymousRecord is { } inner)
            {
                Add(inner, offset, [.. path, inner], own, members, ref named);
            }
            else
            {
                named++;
            }
        }
    }
}
