using System.Globalization;
using System.Text;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>Says what records hold that no program can name, so that a change of one is seen: all else of them is their size.</summary>
/// <param name="read">Reads the type of a member.</param>
internal sealed class NamelessRecords(Func<ClangType, ClangCursor, AbiType> read)
{
    // Records that name each other by typeof double with every step.
    private const int LongestText = 1024;

    private readonly Dictionary<(nint, nint), string> known = [];

    /// <summary>The record with its members, for example <c>struct { int a; int b at 32; }</c>; empty for an incomplete one.</summary>
    /// <param name="record">A type that is one.</param>
    internal string Describe(ClangType record)
    {
        (nint, nint) key = record.Canonical.Identity;
        if (record.SizeBytes < 0)
        {
            return "";
        }

        if (!known.TryGetValue(key, out string? text))
        {
            string head = HeadOf(record.Canonical.Declaration);
            known[key] = head; // what a member of it that points to it is
            text = $"{head} {{ {MembersOf(record.Canonical)}}}";
            text = text.Length <= LongestText ? text : $"{head} {{ {MacroDigest.Of(text)} }}";
            known[key] = text;
        }

        return text;
    }

    private static string HeadOf(ClangCursor declaration) =>
        TagName.Of(declaration) is { IsUnnamed: false } name ? name.CName : TagName.KindOf(declaration).ToC();

    private string MembersOf(ClangType record)
    {
        StringBuilder members = new();
        foreach (ClangCursor field in record.Fields())
        {
            // From libclang 16 on an unnamed member is spelled by its type.
            string name = field.Spelling.Contains('(', StringComparison.Ordinal) ? "" : field.Spelling;
            members.Append(AbiTypeText.Declare(read(field.Type, field), name));
            if (field.IsBitField)
            {
                members.Append(CultureInfo.InvariantCulture, $":{field.BitWidth}");
            }

            members.Append(field.OffsetOfField > 0 ? string.Create(CultureInfo.InvariantCulture, $" at {field.OffsetOfField}; ") : "; ");
        }

        // It stands in a comment itself.
        return members.Replace("/* ", "").Replace(" */", "").ToString();
    }
}
