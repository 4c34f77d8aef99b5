using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>A member of which C# has bytes alone, or a pointer to anything; or a record without a description of its members.</summary>
/// <param name="CName">How C spells it; a member with its record.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Location">Where its record is declared.</param>
public sealed record OpaqueMember(string CName, string Reason, SourceLocation Location)
{
    /// <summary>Whether it is a whole record, whose set asks for that, and no shortfall of C#.</summary>
    public bool IsRecord { get; init; }
}

/// <summary>Finds what the bindings of a model hold and do not describe.</summary>
public static class OpaqueMembers
{
    private const string NoMembers = "Bytes, because its members are left out.";

    /// <summary>All of them, by the rules that emission goes by.</summary>
    /// <param name="model">A set on one target.</param>
    /// <returns>In the model's order.</returns>
    public static IReadOnlyList<OpaqueMember> Of(AbiModel model)
    {
        Shortfalls shortfalls = new(model);
        List<OpaqueMember> found = [];
        foreach (AbiRecord record in model.Records)
        {
            if (IsWithoutMembers(record))
            {
                found.Add(new OpaqueMember(record.CName, NoMembers, record.Location) { IsRecord = true });
            }

            Add(record, record.CName, record.Location);
        }

        return found;

        void Add(AbiRecord record, string path, SourceLocation location)
        {
            foreach (AbiField field in record.HoistedFields())
            {
                if (shortfalls.Of(field.Type) is { } reason)
                {
                    found.Add(new OpaqueMember($"{path}.{field.Name}", reason, location));
                }

                if (field.Type.InlineRecord() is { } inner)
                {
                    Add(inner, $"{path}.{field.Name}", location);
                }
            }
        }
    }

    /// <summary>Whether a record has a size and no member that anybody could name.</summary>
    internal static bool IsWithoutMembers(AbiRecord record) => record.SizeBytes > 0 && record.Fields.Count == 0;
}
