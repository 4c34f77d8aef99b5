using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>A flexible array of a record.</summary>
/// <param name="Field">The array, at its distance from the start of the record; named as in C#.</param>
/// <param name="CPath">How C reaches it: its name, or <c>tail.data</c> within a member that has no size of its own.</param>
internal readonly record struct FlexibleArray(AbiField Field, string CPath);

/// <summary>Finds the flexible arrays of records, those within named members that have no size included.</summary>
internal static class FlexibleArrays
{
    /// <summary>Whether elements may follow the record.</summary>
    internal static bool Has(AbiRecord record, ModelIndex index) => record.HoistedFields().Any(field => Of(record, field, index).Any());

    /// <summary>The flexible arrays that a member is or holds; none for a member with a size.</summary>
    internal static IEnumerable<FlexibleArray> Of(AbiRecord record, AbiField field, ModelIndex index)
    {
        if (field.IsFlexibleArray)
        {
            yield return new FlexibleArray(field, field.Name);
        }
        else if (field.WidthBits == 0 && index.RecordOf(index.Resolve(field.Type)) is { } tail)
        {
            // struct { ... } tail; takes no space, so C# has no field for it: what it holds is the outer record's.
            foreach (FlexibleArray inner in tail.HoistedFields().SelectMany(member => Of(tail, member, index)))
            {
                string name = $"{field.Name}_{inner.Field.Name}";
                while (record.HoistedFields().Any(other => other.Name == name))
                {
                    name += "_";
                }

                AbiField array = inner.Field with { Name = name, OffsetBits = field.OffsetBits + inner.Field.OffsetBits };
                yield return new FlexibleArray(array, $"{field.Name}.{inner.CPath}");
            }
        }
    }
}
