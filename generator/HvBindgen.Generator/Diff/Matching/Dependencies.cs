using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Names the declarations whose size a type contains: those it names by value, through typedefs and arrays.</summary>
internal static class Dependencies
{
    internal static string TypedefKey(string name) => $"typedef {name}";

    /// <summary>Key of a record that a member defines in place.</summary>
    internal static string InlineKey(string owner, string member) => $"{owner}.{member}";

    internal static void AddTo(List<string> keys, AbiModel model, AbiType type, string owner, string member)
    {
        while (true)
        {
            switch (type)
            {
                case AbiArray array:
                    type = array.Element;
                    break;
                case AbiTypedefRef reference when model.Index.FindTypedef(reference.Name) is { } typedef:
                    keys.Add(TypedefKey(reference.Name));
                    type = typedef.Type;
                    break;
                case AbiTypedefRef reference:
                    keys.Add(reference.Name);
                    return;
                case AbiRecordRef reference:
                    keys.Add($"{reference.Kind.ToC()} {reference.Name}");
                    return;
                case AbiEnumRef reference:
                    keys.Add($"enum {reference.Name}");
                    return;
                case AbiInlineRecord:
                    keys.Add(InlineKey(owner, member));
                    return;
                default:
                    return;
            }
        }
    }

    internal static IEnumerable<CauseKey> Of(AbiModel model, AbiType type, string owner, string member)
    {
        List<string> keys = [];
        AddTo(keys, model, type, owner, member);
        return keys.Select(CauseKey.OfDeclaration);
    }

    internal static IEnumerable<CauseKey> OfRecord(AbiModel model, string key, RecordShape shape)
    {
        foreach (Member member in shape.Members)
        {
            foreach (CauseKey source in Of(model, member.Type, key, member.Name))
            {
                yield return source;
            }
        }
    }
}
