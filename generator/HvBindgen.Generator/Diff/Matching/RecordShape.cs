using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>A record as a row of members over a range of bits: what is where, and what nothing claims.</summary>
internal sealed class RecordShape
{
    private readonly Dictionary<string, Member> byName = new(StringComparer.Ordinal);

    internal RecordShape(AbiRecord record, ReservedNames reserved)
    {
        Record = record;
        List<Member> members = new(record.Fields.Count);
        foreach ((AbiField field, long startBits, IReadOnlyList<AbiRecord> path, string branch) in record.Members())
        {
            if (!field.IsAnonymousRecord && !IsHelper(field))
            {
                Member member = new(
                    field.Name, field.Type, startBits, field.WidthBits, field.IsBitField, reserved.Contains(field.Name),
                    string.Concat(path.Select(around => around.Kind.ToC() + " ")), branch, members.Count)
                { Source = field.Place };
                members.Add(member);
                byName[member.Name] = member;
            }
        }

        Members = members;
    }

    internal AbiRecord Record { get; }

    internal IReadOnlyList<Member> Members { get; }

    internal long SizeBits => Record.SizeBytes * 8;

    internal Member? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Whether a member stands in one alternative of a union.</summary>
    internal static bool IsAlternative(Member member) => member.Branch.Length > 0;

    /// <summary>The branch around a branch: <c>/3#1/0#2</c> is inside <c>/3#1</c>, that inside the record itself.</summary>
    internal static string Outside(string branch) => branch[..Math.Max(branch.LastIndexOf('/'), 0)];

    /// <summary>Whether members of two branches can lie side by side; members of two alternatives of one union cannot.</summary>
    internal static bool AreTogether(string left, string right) => IsWithin(left, right) || IsWithin(right, left);

    /// <summary>Whether a branch is another one or inside it; everything is inside the record itself.</summary>
    internal static bool IsWithin(string inner, string outer) =>
        inner.StartsWith(outer, StringComparison.Ordinal)
            && (inner.Length == outer.Length || outer.Length == 0 || inner[outer.Length] == '/');

    // __DECLARE_FLEX_ARRAY puts an empty record before the array, TRAILING_OVERLAP bytes before what it lays over: nobody names them.
    private static bool IsHelper(AbiField field) =>
        field.Type.InlineRecord(behindPointers: false) is { Fields.Count: 0, SizeBytes: 0 }
        || field.Name.StartsWith("__offset_to_", StringComparison.Ordinal);
}
