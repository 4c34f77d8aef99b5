using HvBindgen.Generator.Model;

namespace HvBindgen.Layout.Tests;

/// <summary>A record in the columns of the facts: path, offset and size in bits, C type, flags; members in order of declaration.</summary>
internal sealed class RecordRows
{
    private readonly List<string> rows = [];
    private int anonymousMembers;

    internal RecordRows(AbiRecord record) => Add(record, "", 0);

    internal IReadOnlyList<string> All => rows;

    private void Add(AbiRecord record, string prefix, long baseBits)
    {
        foreach (AbiField field in record.Fields)
        {
            long offset = baseBits + field.OffsetBits;
            if (field.Type is AbiInlineRecord inline)
            {
                string name = field.IsAnonymousRecord ? $"<anon{anonymousMembers++}>" : field.Name;
                string flag = field.IsAnonymousRecord ? "A" : "N";
                rows.Add($"{prefix}{name} {offset} {field.WidthBits} {inline.Definition.Kind.ToC()} <anon> {flag}");
                Add(inline.Definition, field.IsAnonymousRecord ? prefix : $"{prefix}{name}.", offset);
            }
            else
            {
                rows.Add($"{prefix}{field.Name} {offset} {field.WidthBits} {field.Type} {FlagOf(field)}");
            }
        }
    }

    private static string FlagOf(AbiField field) => field switch
    {
        { IsBitField: true } => "b",
        { Type: AbiArray { Count: null } } => "f",
        { Type: AbiArray { Count: 0 } } => "z",
        _ => "",
    };
}
